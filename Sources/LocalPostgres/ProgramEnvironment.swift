import Subprocess

/// What PostgreSQL's programs see of this process.
enum ProgramEnvironment {
  /// No variable of the service reaches the server: its environment holds keys.
  static let minimal = Environment.custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C"])

  /// Runs a program under the server's account, in a session of its own, so that the terminal's
  /// interrupt ends the service first and the server after it.
  static func options(for account: ServerAccount) -> PlatformOptions {
    var options = PlatformOptions()
    options.createSession = true
    if account.isOther {
      options.userID = account.userID
      options.groupID = account.groupID
      options.supplementaryGroups = []
    }
    return options
  }
}
