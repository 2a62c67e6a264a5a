internal import Charges
internal import Procedures
internal import Projectors

extension WorklistEntry {
  /// The case as the worklist shows it.
  var json: JSON {
    [
      "case": .string(caseID.description), "version": .integer(version),
      "phase": .string(phase.rawValue), "countsAsSigned": .bool(countsAsSigned),
      "serviceDate": .text(serviceDate?.description), "openedAt": .text(openedAt?.description),
      "recordedAt": .string(recordedAt.description), "room": .text(room?.text),
      "operator": .text(operatingPhysician?.text), "payer": .text(payer?.text),
      "plannedProcedure": .text(plannedProcedure?.text), "patient": .text(patient?.text),
      "groupingPolicy": .string(groupingPolicy.text),
    ]
  }
}

extension CurrentLine {
  /// Appends the line with its case; its own document goes in byte for byte.
  func write(into bytes: inout [UInt8]) {
    bytes.append(contentsOf: #"{"case":"\#(caseID)","line":"#.utf8)
    bytes.append(contentsOf: document)
    bytes.append(UInt8(ascii: "}"))
  }
}

extension ReplayStep {
  /// What the event changed.
  var json: JSON {
    var members: [JSON.Member] = [
      JSON.Member("event", .string(eventID.description)), JSON.Member("type", .string(type)),
      JSON.Member("position", .integer(position)),
    ]
    switch origin {
    case .own(let version):
      members.append(JSON.Member("origin", "case"))
      members.append(JSON.Member("version", .integer(version)))
    case .otherCase(let caseID):
      members.append(JSON.Member("origin", "other-case"))
      members.append(JSON.Member("case", .string(caseID.description)))
    case .facility:
      members.append(JSON.Member("origin", "facility"))
    }
    members += [
      JSON.Member("occurredAt", .string(occurredAt.description)),
      JSON.Member("recordedAt", .string(recordedAt.description)),
      JSON.Member("phaseBefore", .string(phaseBefore.rawValue)),
      JSON.Member("phaseAfter", .string(phaseAfter.rawValue)),
      JSON.Member("removed", .array(removed.map(\.json))),
      JSON.Member("added", .array(added.map(\.json))),
    ]
    return .object(members)
  }
}
