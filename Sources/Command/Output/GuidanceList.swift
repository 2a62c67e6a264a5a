import Charges
import Procedures

/// What a case still lacks, for people.
enum GuidanceList {
  /// A head and one sentence a line, with who can do it; nothing where a case lacks nothing.
  static func text(_ guidance: [Guidance]) -> String {
    guard !guidance.isEmpty else { return "" }
    var text = "\n" + Style.bold("What the case still lacks") + "\n"
    for item in guidance {
      let roles = item.roles.map(\.rawValue).enumeration(joinedBy: "or")
      let money = item.holdsMoney ? "$ " : "  "
      text += "\(money)\(item.sentence)\(roles.isEmpty ? "" : " [\(roles)]")\n"
      if let action = item.action { text += "    \(action)\n" }
    }
    return text
      + (guidance.contains(where: \.holdsMoney) ? "$ marks what money waits for.\n" : "")
  }
}
