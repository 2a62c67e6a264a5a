import Postgres
import Procedures

/// Findings as a command prints them.
enum DoctorReport {
  /// For people: what is wrong, what was found, what to do.
  static func table(_ diagnoses: [Diagnosis]) -> String {
    var table = TextTable(["VERDICT", "WHAT", "FINDING"])
    for diagnosis in diagnoses {
      let remedy = diagnosis.remedy.map { " → \($0)" } ?? ""
      table.add([
        diagnosis.verdict.word, diagnosis.subject, diagnosis.finding + remedy,
      ])
    }
    return table.text + summary(diagnoses) + "\n"
  }

  private static func summary(_ diagnoses: [Diagnosis]) -> String {
    let problems = diagnoses.count { $0.verdict.isProblem }
    let warnings = diagnoses.count { $0.verdict == .warning }
    return "\(diagnoses.count) checked: \(problems) \(problems == 1 ? "problem" : "problems"), "
      + "\(warnings) \(warnings == 1 ? "warning" : "warnings")"
  }

  /// For programs: one document.
  static func json(_ diagnoses: [Diagnosis]) -> JSON {
    let worst =
      diagnoses.contains { $0.verdict.isProblem }
      ? "problem" : diagnoses.contains { $0.verdict == .warning } ? "warning" : "ok"
    let checks = diagnoses.map { diagnosis in
      var members = [
        JSON.Member("check", .string(diagnosis.code)),
        JSON.Member("subject", .string(diagnosis.subject)),
        JSON.Member("verdict", .string(diagnosis.verdict.word)),
        JSON.Member("finding", .string(diagnosis.finding)),
      ]
      if let remedy = diagnosis.remedy { members.append(JSON.Member("remedy", .string(remedy))) }
      return JSON.object(members)
    }
    return ["verdict": .string(worst), "checks": .array(checks)]
  }
}

extension Diagnosis.Verdict {
  /// The word for it: both kinds of problem are problems to who reads.
  fileprivate var word: String {
    switch self {
    case .ok: "ok"
    case .warning: "warning"
    case .unavailable, .misconfigured: "problem"
    }
  }
}
