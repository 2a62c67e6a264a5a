extension EventBody {
  /// The entry that a correction or a retraction speaks of; nil for any other event.
  var amended: EventID? {
    if case .entryCorrected(let correction) = self { return correction.entry }
    if case .entryRetracted(let retraction) = self { return retraction.entry }
    return nil
  }
}

extension CaseState {
  /// Applies the amendment that stands at a place among the entries to the one that it speaks of.
  mutating func amend(_ target: Int?, by amendment: Int) {
    guard let target, target != amendment else {
      unreadable.append(entries[amendment].id)
      return
    }
    if case .entryCorrected(let correction) = entries[amendment].original.body {
      do {
        entries[amendment].replacement = try EventBody(
          entries[target].original.type, data: correction.data)
        entries[target].corrections.append(amendment)
        settle(target)
      } catch {
        unreadable.append(entries[amendment].id)
      }
    } else {
      retract(target)
    }
  }

  /// Lets one more retraction stand against an entry, and undoes what the entry itself had done.
  ///
  /// The walk goes from amendment to what it amended, so each step leads to an earlier entry.
  private mutating func retract(_ target: Int) {
    var index = target
    var change = 1
    while true {
      let stood = !entries[index].isRetracted
      entries[index].retractions += change
      guard entries[index].isRetracted == stood else { return }
      count(entries[index].body, by: stood ? -1 : 1)
      let body = entries[index].original.body
      guard let amended = body.amended, let next = indexes[amended], next < index else { return }
      guard case .entryRetracted = body else { return settle(next) }
      index = next
      // A retraction that falls lifts itself from its entry; one that stands again lies on it again.
      change = stood ? -1 : 1
    }
  }

  /// Lets an entry say what its last standing correction says, or what it said at first.
  private mutating func settle(_ index: Int) {
    let before = entries[index].body
    let correction = entries[index].corrections.last { !entries[$0].isRetracted }
    let original = entries[index].original
    if let correction, case .entryCorrected(let said) = entries[correction].original.body {
      entries[index].body = entries[correction].replacement ?? original.body
      entries[index].occurredAt = said.occurredAt ?? original.occurredAt
    } else {
      entries[index].body = original.body
      entries[index].occurredAt = original.occurredAt
    }
    guard !entries[index].isRetracted else { return }
    count(before, by: -1)
    count(entries[index].body, by: 1)
  }

  /// Counts an entry that identifies a lesion in or out, as it comes to stand or to fall.
  mutating func count(_ body: EventBody, by change: Int) {
    guard case .lesionIdentified(let identified) = body else { return }
    let count = (lesions[identified.lesion] ?? 0) + change
    lesions[identified.lesion] = count > 0 ? count : nil
  }
}
