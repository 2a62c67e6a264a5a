internal import Procedures

extension CaseState {
  /// What the case lacks whatever the rules say.
  ///
  /// - Parameter isHeld: whether lines wait for the signature.
  /// - Returns: in no order.
  func ownGuidance(isHeld: Bool) -> [Guidance] {
    var guidance: [Guidance] = []
    if patient == nil {
      guidance.append(
        Guidance(
          .patientUnidentified, "The patient is not identified.", by: [.recorder, .physician]))
    }
    let hasTimeOut = standing.contains {
      if case .timeOutCompleted = $0.body { true } else { false }
    }
    if !hasTimeOut {
      guidance.append(
        Guidance(.timeOutMissing, "No time-out is recorded.", by: [.recorder, .physician]))
    }
    if phase == .open {
      guidance.append(
        Guidance(.caseNotClosed, "The case is not closed.", by: [.recorder, .physician]))
    }
    if !countsAsSigned {
      guidance.append(
        Guidance(
          .caseNotSigned,
          phase == .signed
            ? "The case was changed after its signature and is to be signed again."
            : "The case is not signed.", by: [.physician], hold: isHeld ? .caseNotSigned : nil,
          holdsMoney: isHeld))
    }
    return guidance
  }
}
