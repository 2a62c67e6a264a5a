import Foundation
import Subprocess
import SystemPackage

/// PostgreSQL's server programs of one installation.
struct ServerPrograms: Sendable, Equatable {
  let folder: FilePath
  let majorVersion: Int
  /// Whether the program that makes the data is there too.
  let hasInitdb: Bool

  /// The oldest major version that the log can be kept in.
  static let oldestVersion = 15

  var postgres: FilePath { folder.appending("postgres") }
  var initdb: FilePath { folder.appending("initdb") }

  /// Whether they can run on data of a version, or, for `nil`, make new data.
  func serve(_ dataVersion: Int?) -> Bool {
    majorVersion >= Self.oldestVersion && (dataVersion.map { $0 == majorVersion } ?? hasInitdb)
  }

  /// How this build compresses pages in the write-ahead log: `lz4` where it knows it, which costs
  /// a fraction of the time of its own method.
  func walCompression(for folder: DataFolder) async -> String {
    let command = ProgramEnvironment.command(
      postgres,
      ["-D", folder.data.string, "-c", "wal_compression=lz4", "-C", "wal_compression"],
      for: folder.account)
    let result = try? await run(
      command.executable, arguments: command.arguments,
      environment: ProgramEnvironment.minimal, workingDirectory: folder.path,
      platformOptions: ProgramEnvironment.options, output: .discarded)
    return result?.terminationStatus.isSuccess == true ? "lz4" : "on"
  }
}

/// Where PostgreSQL's server programs are looked for, in this order: what `pg_config` names, the
/// packages of Debian and Ubuntu, newest first, and the command path.
struct ProgramSearch: Sendable {
  var commandPath: [FilePath]
  var packageRoot: FilePath

  /// The search by this process's environment.
  static var standard: ProgramSearch {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return ProgramSearch(
      commandPath: path.split(separator: ":").map { FilePath(String($0)) },
      packageRoot: "/usr/lib/postgresql")
  }

  /// The first installation found that can be used, or the one of the version that wrote the data.
  func programs(for folder: DataFolder) async throws(LocalPostgresError) -> ServerPrograms {
    try await programs(forData: try folder.dataVersion(), in: folder.path)
  }

  /// The programs for data of a version, or, for `nil`, for new data.
  func programs(
    forData dataVersion: Int?, in folder: FilePath
  ) async throws(LocalPostgresError) -> ServerPrograms {
    let candidates = await candidates()
    var installed: [ServerPrograms] = []
    for candidate in candidates {
      guard let programs = await installation(in: candidate) else { continue }
      if programs.serve(dataVersion) { return programs }
      installed.append(programs)
    }
    guard let newest = installed.max(by: { $0.majorVersion < $1.majorVersion }) else {
      throw LocalPostgresError.programsMissing(searched: candidates.map(\.string))
    }
    guard newest.majorVersion >= ServerPrograms.oldestVersion else {
      throw LocalPostgresError.versionTooOld(installedVersion: newest.majorVersion)
    }
    guard let dataVersion else {
      throw LocalPostgresError.initdbMissing(folder: newest.folder.string)
    }
    throw LocalPostgresError.versionMismatch(
      folder: folder.string, dataVersion: dataVersion, installedVersion: newest.majorVersion)
  }

  private func candidates() async -> [FilePath] {
    var folders: [FilePath] = []
    if let configured = await configuredFolder() {
      folders.append(configured)
    }
    let packages = try? FileManager.default.contentsOfDirectory(atPath: packageRoot.string)
    let versions = (packages ?? []).compactMap { Int($0) }.sorted(by: >)
    folders += versions.map { packageRoot.appending("\($0)/bin") }
    folders += commandPath
    var seen: Set<FilePath> = []
    return folders.filter { seen.insert($0).inserted }
  }

  /// What `pg_config --bindir` says.
  private func configuredFolder() async -> FilePath? {
    let program = commandPath.map { $0.appending("pg_config") }.first { isProgram($0) }
    guard let program, let output = await output(of: program, "--bindir"), output.hasPrefix("/")
    else {
      return nil
    }
    return FilePath(output)
  }

  private func installation(in folder: FilePath) async -> ServerPrograms? {
    guard isProgram(folder.appending("postgres")),
      let output = await output(of: folder.appending("postgres"), "--version"),
      let version = Self.majorVersion(in: output)
    else {
      return nil
    }
    return ServerPrograms(
      folder: folder, majorVersion: version, hasInitdb: isProgram(folder.appending("initdb")))
  }

  /// The major version in a line such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
  static func majorVersion(in line: String) -> Int? {
    let words = line.split(separator: " ")
    guard words.count >= 3, words[1] == "(PostgreSQL)" else { return nil }
    return Int(words[2].prefix { $0.isASCII && $0.isNumber })
  }

  private func isProgram(_ path: FilePath) -> Bool {
    access(path.string, X_OK) == 0
  }

  private func output(of program: FilePath, _ argument: String) async -> String? {
    let result = try? await run(
      .path(program), arguments: [argument], environment: ProgramEnvironment.minimal,
      output: .string(limit: 4096))
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
