import Subprocess
import SystemPackage

/// What PostgreSQL's programs see of this process.
enum ProgramEnvironment {
  /// No variable of the service reaches the server: its environment holds keys.
  static let minimal = Environment.custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C"])

  /// A session of its own, so that the terminal's interrupt ends the service first and the server
  /// after it.
  static var options: PlatformOptions {
    var options = PlatformOptions()
    options.createSession = true
    return options
  }

  /// Runs a program under the server's account.
  ///
  /// `setpriv` changes the account, after the child has become a program of one thread. To change it
  /// between fork and exec is not safe: glibc then waits for threads that only the parent has, for
  /// ever where one of them was just being started.
  static func command(
    _ program: FilePath, _ arguments: [String], for account: ServerAccount
  ) -> (executable: Executable, arguments: Arguments) {
    guard account.isOther else { return (.path(program), Arguments(arguments)) }
    let change = [
      "--reuid", String(account.userID), "--regid", String(account.groupID), "--clear-groups", "--",
    ]
    return (.path("/usr/bin/setpriv"), Arguments(change + [program.string] + arguments))
  }
}
