import Foundation
import Subprocess
import SystemPackage

extension DataFolder {
  private static let unfinishedPrefix = "data.unfinished-"

  /// Makes the data if there are none, and removes what a first start left that was killed.
  ///
  /// Everything happens in a folder of another name, which becomes the data by one rename.
  func initializeIfNeeded(with programs: ServerPrograms, isDurable: Bool) async throws {
    removeUnfinished()
    guard try dataVersion() == nil else { return }
    try DiskSpace.require(mebibytes: DiskSpace.neededToInitializeMebibytes, at: path)
    try makePassword()
    let unfinished = path.appending(Self.unfinishedPrefix + Self.randomHex(byteCount: 8))
    do {
      try await initialize(unfinished, with: programs, isDurable: isDurable)
      try PrivateFile.move(unfinished, to: data)
    } catch {
      removeUnfinished()
      throw error
    }
  }

  private func initialize(
    _ unfinished: FilePath, with programs: ServerPrograms, isDurable: Bool
  ) async throws {
    try await runProgram(
      programs.initdb,
      [
        "--pgdata", unfinished.string, "--username", ServerSettings.superuser,
        "--auth", "scram-sha-256", "--pwfile", passwordFile.string,
        "--encoding", "UTF8", "--locale", "C", "--data-checksums",
      ] + (isDurable ? [] : ["--no-sync"]))
    try PrivateFile.append(
      ServerSettings.initialSizes(isDurable: isDurable), to: unfinished.appending("postgresql.conf")
    )
    let database = LocalServerAddress.mainDatabase
    try await runProgram(
      programs.postgres,
      [
        "--single", "-D", unfinished.string, "-c", "exit_on_error=on",
        "-c", "fsync=\(isDurable ? "on" : "off")", "postgres",
      ], input: "CREATE DATABASE \(database) TEMPLATE template0\n")
  }

  /// Runs a program of PostgreSQL to its end, under the server's account.
  private func runProgram(
    _ program: FilePath, _ arguments: [String], input: String = ""
  ) async throws {
    let command = ProgramEnvironment.command(program, arguments, for: account)
    let output: String
    do {
      let result = try await run(
        command.executable, arguments: command.arguments,
        environment: ProgramEnvironment.minimal, workingDirectory: path,
        platformOptions: ProgramEnvironment.options,
        input: .fileDescriptor(try inputFile(input), closeAfterSpawningProcess: true),
        output: .string(limit: 1 << 16), error: .combinedWithOutput)
      if result.terminationStatus.isSuccess { return }
      output = result.standardOutput
    } catch let error as SubprocessError {
      output = "\(error)\n"
    }
    try Task.checkCancellation()
    let words = LastWords(output)
    if let cause = words.cause(in: self) { throw cause }
    try DiskSpace.require(mebibytes: DiskSpace.neededToStartMebibytes, at: path)
    try PrivateFile.writeAtomically(output, to: startLog, for: account)
    throw LocalPostgresError.programFailed(
      name: program.lastComponent?.string ?? program.string, logFolder: log.string,
      reason: words.sentences.last)
  }

  /// A program's input as a file that has lost its name.
  ///
  /// Not a pipe: SIGPIPE would end this process when the program ends before it has read.
  private func inputFile(_ text: String) throws(LocalPostgresError) -> FileDescriptor {
    let file = path.appending(Self.unfinishedPrefix + Self.randomHex(byteCount: 8))
    let descriptor = try PrivateFile.open(file, .readWrite, options: .exclusiveCreate)
    unlink(file.string)
    do {
      try descriptor.writeAll(text.utf8)
      try descriptor.seek(offset: 0, from: .start)
    } catch {
      try? descriptor.close()
      throw .fileOperation(on: file, error)
    }
    return descriptor
  }

  /// Writes a new random password, unless a first start that was killed already did.
  private func makePassword() throws(LocalPostgresError) {
    guard access(passwordFile.string, F_OK) != 0 else { return }
    try PrivateFile.writeAtomically(
      Self.randomHex(byteCount: 32) + "\n", to: passwordFile, for: account)
  }

  /// Removes what it can: a killed start's `initdb` may still write in its folder, which then goes
  /// at the next start.
  private func removeUnfinished() {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: path.string)) ?? []
    where name.hasPrefix(Self.unfinishedPrefix) {
      try? files.removeItem(atPath: path.appending(name).string)
    }
  }

  private static func randomHex(byteCount: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<byteCount)
      .map { _ in
        let byte = UInt8.random(in: .min ... .max, using: &generator)
        return String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }
      .joined()
  }
}
