internal import Procedures
internal import Synchronization

/// Folds of cases between batches, bounded by the number of their entries.
///
/// Two halves: what is put in goes to the young half; when that is full it becomes the old half and
/// the old one is let go. Whatever it holds is the fold of a beginning of the case's log and so
/// stays true; who takes a fold out may have to read the rows after it.
final class CaseCache: Sendable {
  private struct Key: Hashable {
    let facility: FacilityCode
    let caseID: CaseID
  }

  private struct Halves {
    var young: [Key: CaseFold] = [:]
    var old: [Key: CaseFold] = [:]
    var youngEntryCount = 0
  }

  private let entryLimit: Int
  private let halves = Mutex(Halves())

  /// An empty cache of at most about so many entries.
  init(entryLimit: Int) { self.entryLimit = entryLimit }

  /// Takes a case out, so that who grows it owns it alone; nil when it is not there.
  func take(_ caseID: CaseID, in facility: FacilityCode) -> CaseFold? {
    let key = Key(facility: facility, caseID: caseID)
    return halves.withLock { halves in
      if let fold = halves.young.removeValue(forKey: key) {
        halves.youngEntryCount -= fold.state.entries.count
        return fold
      }
      return halves.old.removeValue(forKey: key)
    }
  }

  /// Puts cases in.
  func put(_ folds: some Sequence<CaseFold>, in facility: FacilityCode) {
    halves.withLock { halves in
      for fold in folds {
        let key = Key(facility: facility, caseID: fold.state.id)
        let replaced = halves.young.updateValue(fold, forKey: key)
        halves.old[key] = nil
        halves.youngEntryCount += fold.state.entries.count - (replaced?.state.entries.count ?? 0)
        guard halves.youngEntryCount > entryLimit / 2 else { continue }
        halves.old = halves.young
        halves.young = [:]
        halves.youngEntryCount = 0
      }
    }
  }
}
