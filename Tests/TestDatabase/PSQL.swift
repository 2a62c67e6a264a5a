import Foundation
import Subprocess

/// PostgreSQL's own client.
enum PSQL {
  /// Runs SQL, stopping at the first error, and returns what it prints, without alignment.
  @discardableResult
  static func run(_ sql: String, on connectionString: String) async throws -> String {
    // Not a pipe: a psql that cannot connect ends before it reads, and SIGPIPE would end the tests.
    let file = FileManager.default.temporaryDirectory.appending(
      path: "cathlog-test-\(UUID().uuidString).sql")
    try Data((sql + "\n").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let result: ExecutionResult<Void, StringOutput<UTF8>, CombinedErrorOutput>
    do {
      result = try await Subprocess.run(
        .name("psql"),
        arguments: [
          "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", file.path, "-d",
          connectionString,
        ], output: .string(limit: 1 << 20), error: .combinedWithOutput)
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw TestDatabaseError.psqlMissing
    }
    let output = result.standardOutput.trimmingSuffix { $0.isNewline }
    guard result.terminationStatus.isSuccess else { throw TestDatabaseError.psqlFailed(output) }
    return output
  }
}

extension String {
  fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
    guard let last = lastIndex(where: { !isTrimmed($0) }) else { return "" }
    return String(self[...last])
  }
}
