import Foundation
import Subprocess
import SystemPackage

extension FolderFacts {
  /// Looks at a folder, with the programs that fit its data, and changes nothing.
  init(of folder: DataFolder, programs: ServerPrograms?) async throws(LocalPostgresError) {
    path = folder.path.string
    account = folder.account.name
    presence = try Self.presence(of: folder)
    let existing = Self.nearestExisting(folder.path)
    freeMebibytes = DiskSpace.freeMebibytes(at: existing)
    if folder.account.isOther {
      closedFolder = PrivateFolder.firstClosed(above: folder.path, for: folder.account)
    }
    let socketFolder = SocketFolder.path(for: folder)
    socketPath = SocketFolder.socket(in: socketFolder).string
    isSocketElsewhere = socketFolder.removingLastComponent() != folder.path
    guard case .there = presence else { return }
    do throws(LocalPostgresError) {
      dataVersion = try folder.dataVersion()
    } catch {
      hasUnreadableData = true
    }
    if let status = try? FileStatus(of: folder.data, followingLink: true),
      status.userID != folder.account.userID
    {
      ownerOfData = ServerAccount.name(of: status.userID)
    }
    hasPassword = PrivateFile.text(of: folder.passwordFile) != nil
    activity = Self.activity(in: folder)
    if dataVersion != nil, ownerOfData == nil, let programs {
      controlData = await Self.controlData(of: folder, programs)
    }
  }

  private static func presence(of folder: DataFolder) throws(LocalPostgresError) -> Presence {
    guard access(folder.path.string, F_OK) == 0 else {
      return errno == ENOTDIR ? .notAFolder : .missing
    }
    let status = try FileStatus(of: folder.path, followingLink: true)
    let owner = ServerAccount.name(of: status.userID)
    guard status.isFolder else { return .notAFolder }
    guard access(folder.path.string, R_OK | X_OK) == 0 else { return .closed(owner: owner) }
    return .there(owner: owner, permissions: status.permissions)
  }

  private static func nearestExisting(_ path: FilePath) -> FilePath {
    var path = path
    while access(path.string, F_OK) != 0, path.removeLastComponent() {}
    return path
  }

  private static func activity(in folder: DataFolder) -> Activity {
    let file = PostmasterFile(in: folder.data)
    if let service = FolderLock.service(in: folder) {
      guard let server = FolderLock.server(in: folder), let file, file.isReady,
        file.processIdentifier == server
      else {
        return .held(by: service)
      }
      return .serving(service: service, server: server)
    }
    let processes = OrphanedServer(data: folder.data).processes()
    if let first = processes.first {
      let server = file.flatMap { processes.contains($0.processIdentifier) ? $0 : nil }
      return .orphan(server: server?.processIdentifier ?? first)
    }
    let socket = SocketFolder.socket(in: SocketFolder.path(for: folder))
    return ListeningProcess(on: socket).map { .foreignListener($0.processIdentifier) } ?? .none
  }

  /// `pg_controldata` reads one file and needs no server.
  private static func controlData(
    of folder: DataFolder, _ programs: ServerPrograms
  ) async -> ControlData? {
    let command = ProgramEnvironment.command(
      programs.folder.appending("pg_controldata"), [folder.data.string], for: folder.account)
    let result = try? await run(
      command.executable, arguments: command.arguments,
      environment: ProgramEnvironment.minimal, workingDirectory: folder.path,
      platformOptions: ProgramEnvironment.options, output: .string(limit: 1 << 16),
      error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return ControlData(result.standardOutput)
  }
}
