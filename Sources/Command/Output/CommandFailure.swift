import Glibc

/// Why a command ends without doing what it was asked: a code, a sentence, and the exit status.
struct CommandFailure: Error {
  /// Exit statuses of `sysexits.h`.
  enum Status: Int32, CaseIterable {
    /// EX_USAGE: the command line is wrong.
    case usage = 64
    /// EX_DATAERR: the input is wrong.
    case data = 65
    /// EX_NOINPUT: an input file cannot be read.
    case noInput = 66
    /// EX_UNAVAILABLE: something that is needed is not there.
    case unavailable = 69
    /// EX_SOFTWARE: a fault of ours.
    case software = 70
    /// EX_CANTCREAT: an output file cannot be written.
    case cannotCreate = 73
    /// EX_TEMPFAIL: try again.
    case temporary = 75
    /// EX_NOPERM: not allowed.
    case noPermission = 77
    /// EX_CONFIG: a setting is wrong or missing.
    case configuration = 78

    /// What it says, for help and manual.
    var meaning: String {
      switch self {
      case .usage: "the command line is wrong"
      case .data: "the input is wrong"
      case .noInput: "an input file cannot be read"
      case .unavailable: "something that is needed is not there"
      case .software: "a fault of Cathlog's own"
      case .cannotCreate: "an output cannot be written"
      case .temporary: "try again"
      case .noPermission: "not allowed"
      case .configuration: "a setting is wrong or missing"
      }
    }

    /// All of them in one sentence, from which the manual makes its list.
    static var sentence: String {
      let meanings = [(0, "done")] + allCases.map { ($0.rawValue, $0.meaning) }
      return "Exit status: " + meanings.map { "\($0) \($1)" }.joined(separator: ", ") + "."
    }
  }

  /// What kind of failure it is, in kebab case.
  let code: String
  /// What is wrong, and where possible what to do.
  let sentence: String
  /// The status that the command ends with.
  let exitStatus: Int32
  /// Where in the input: `FILE:LINE`.
  let place: String?
  /// What is said in place of one line, where several things are wrong.
  private var lines: [String]?

  init(_ code: String, _ sentence: String, _ status: Status, at place: String? = nil) {
    self.init(code, sentence, exitStatus: status.rawValue, at: place)
  }

  init(_ code: String, _ sentence: String, exitStatus: Int32, at place: String? = nil) {
    self.code = code
    self.sentence = sentence
    self.exitStatus = exitStatus
    self.place = place
  }

  /// Several things are wrong, each with its line.
  init(lines: [String], _ status: Status) {
    self.init("input-invalid", "The input is wrong.", status)
    self.lines = lines
  }

  /// Somebody has ended it.
  static let interrupted = CommandFailure("interrupted", "Interrupted.", .temporary)

  /// The line for standard error, or the lines.
  var line: String {
    lines?.joined(separator: "\n") ?? "\(place ?? "cathlog"): \(code): \(sentence)"
  }
}
