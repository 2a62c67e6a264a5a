public import Procedures

/// An entry on which a unit rests.
public struct ExplainedEntry: Hashable, Sendable {
  /// The original event.
  public let entry: EventID
  /// Its number in the case.
  public let version: Int64
  /// When it happened.
  public let occurredAt: Instant
  /// The vessel or segment that was imaged; nil where no vessel was counted.
  public let site: VesselSite?
  /// What it does for the unit.
  public let part: Part
  /// How it was corrected, where it was.
  public let correction: ExplainedCorrection?

  /// What an entry does for its unit.
  public enum Part: Hashable, Sendable {
    /// It earns the unit.
    case earns
    /// It is a further look at a place that was imaged before.
    case again
    /// It shows another part of a vessel that was imaged before.
    case segment(of: VesselSite)
    /// It shows a vessel into which lesions run on; their entries say so.
    case lesion([LesionCode], entries: [EventID])
    /// It shows a vessel that the policy counts as one with another.
    case policy(group: String, GroupingPolicyName)
    /// It states the unit, or records the supply.
    case states
  }
}

/// What an entry said before it was corrected, and which entry corrected it.
public struct ExplainedCorrection: Hashable, Sendable {
  /// A field that says something else now.
  public struct Change: Hashable, Sendable {
    /// The field's name.
    public let field: String
    /// What it said at first; nil where it was not there.
    public let before: JSON?
    /// What it says now; nil where it is not there.
    public let after: JSON?
  }

  /// The correcting entry that stands.
  public let entry: EventID
  /// Its number in the case.
  public let version: Int64
  /// What changed.
  public let changes: [Change]
  /// Why, as far as the caller may see it.
  public let reason: Confidential
}

extension CaseUnderRules {
  /// How an entry was corrected; nil where no correction of it stands.
  func correction(of entry: CaseState.Entry) -> ExplainedCorrection? {
    guard
      let correcting = state.entries.last(where: { other in
        guard !other.isRetracted, case .entryCorrected(let said) = other.original.body else {
          return false
        }
        return said.entry == entry.id
      }), case .entryCorrected(let said) = correcting.original.body
    else { return nil }
    let before = entry.original.body.data.members ?? []
    let after = entry.body.data.members ?? []
    var changes: [ExplainedCorrection.Change] = []
    for member in before where entry.body.data[member.name] != member.value {
      changes.append(
        ExplainedCorrection.Change(
          field: member.name, before: member.value, after: entry.body.data[member.name]))
    }
    for member in after where entry.original.body.data[member.name] == nil {
      changes.append(
        ExplainedCorrection.Change(field: member.name, before: nil, after: member.value))
    }
    if entry.original.occurredAt != entry.occurredAt {
      changes.append(
        ExplainedCorrection.Change(
          field: "occurredAt", before: .string(entry.original.occurredAt.description),
          after: .string(entry.occurredAt.description)))
    }
    return ExplainedCorrection(
      entry: correcting.id, version: correcting.version, changes: changes, reason: said.reason)
  }
}
