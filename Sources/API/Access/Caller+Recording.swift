internal import Procedures
internal import Store

extension Caller {
  /// Throws unless the caller may record every one of these events.
  ///
  /// The case as it stands is asked for only where a right hangs on an entry of it.
  func requireRecording(
    _ body: SubmittedBody, in state: () async throws -> CaseState
  ) async throws {
    var targets = AmendedTypes(body.events)
    for (index, event) in body.events.enumerated() {
      if case .entryCorrected = event.body { try await targets.know(state, for: self) }
      if case .entryRetracted = event.body { try await targets.know(state, for: self) }
      do throws(Problem) {
        try require(.record(event.type, amending: targets.type(amendedBy: event)))
        if case .caseSigned(let signature) = event.body, signature.signer != person {
          throw Problem(
            .refusal(.fieldInvalid),
            "Only the signer can sign: data.signer must be who is logged in.",
            field: "data.signer")
        }
      } catch {
        var problem = error
        problem.index = body.isList ? index : nil
        throw problem
      }
    }
  }
}

/// Finds what kind of entry a correction or retraction speaks of, in the case or earlier in the
/// same request.
private struct AmendedTypes {
  private let events: [Event]
  private var state: CaseState?

  init(_ events: [Event]) { self.events = events }

  /// Reads the case, once, unless the caller's rights do not hang on it: a physician amends all.
  mutating func know(_ state: () async throws -> CaseState, for caller: Caller) async throws {
    guard self.state == nil, !caller.roles.contains(.physician) else { return }
    self.state = try await state()
  }

  /// The type of the entry in the end: of a retraction of a correction, of what was corrected.
  func type(amendedBy event: Event) -> EventType? {
    var event = event
    // An entry is named by a later one, so the walk ends; in a request that makes a ring, here.
    for _ in 0...events.count + (state?.entries.count ?? 0) {
      let target: EventID
      switch event.body {
      case .entryCorrected(let correction): target = correction.entry
      case .entryRetracted(let retraction): target = retraction.entry
      default: return nil
      }
      let next = events.first { $0.id == target } ?? state?.entry(target)?.original
      guard let next else { return nil }
      if next.type.category != .amendment { return next.type }
      event = next
    }
    return nil
  }
}
