import SystemPackage

/// A private PostgreSQL server that lives as long as the work that needs it.
///
/// The server is a child process with its data in a private folder. It listens on a Unix socket in
/// a private folder only, and is as durable as any other. It ends with this process, also when this
/// process is killed, and a server that an earlier process left behind is never talked to.
public enum LocalServer {
  /// Runs the work with a server, and stops the server after it.
  ///
  /// The first start makes the data and the database ``LocalServerAddress/mainDatabase``. When the
  /// caller is cancelled the server stays until the work has come to its end.
  /// - Throws: ``LocalPostgresError`` if the server does not start, or ends before the work does;
  ///   else what the work throws.
  @discardableResult
  public static func withServer<Output: Sendable>(
    _ configuration: LocalServerConfiguration,
    _ work: @Sendable @escaping (LocalServerAddress) async throws -> Output
  ) async throws -> Output {
    let folder = try DataFolder(configuration)
    try folder.prepare()
    let lock = try await FolderLock.acquire(folder)
    let (server, address) = try await start(configuration, in: folder)
    let outcome: Result<Output, any Error>
    do {
      try await server.waitUntilReady(in: folder, within: configuration.startLimit)
      try lock.announce(server, in: folder)
      outcome = await perform(work, with: address, on: server, in: folder)
    } catch {
      outcome = .failure(error)
    }
    await server.stop()
    PrivateFolder.removeIfEmpty(address.socketFolder)
    lock.release()
    return try outcome.get()
  }

  /// Where the server is that a live service runs in the folder; `nil` if none does.
  ///
  /// For commands beside a service. A server whose service is gone is not named.
  /// - Throws: ``LocalPostgresError`` if the folder is not known or its password is missing.
  public static func running(
    _ configuration: LocalServerConfiguration
  ) throws(LocalPostgresError) -> LocalServerAddress? {
    let folder = try DataFolder(configuration)
    guard let server = FolderLock.server(in: folder), let file = PostmasterFile(in: folder.data),
      file.isReady, file.processIdentifier == server
    else {
      return nil
    }
    return try folder.socketAddress()
  }

  /// Makes the folder fit for a server, and starts one.
  private static func start(
    _ configuration: LocalServerConfiguration, in folder: DataFolder
  ) async throws -> (ServerProcess, LocalServerAddress) {
    let programs = try await configuration.search.programs(for: folder)
    try await OrphanedServer(data: folder.data).end(within: configuration.stopLimit)
    try await folder.initializeIfNeeded(with: programs, isDurable: configuration.isDurable)
    let address = try folder.socketAddress()
    try PrivateFolder.prepare(address.socketFolder, for: folder.account)
    try SocketFolder.clear(address.socketFolder)
    try DiskSpace.require(mebibytes: DiskSpace.neededToStartMebibytes, at: folder.path)
    let settings = ServerSettings.promised(
      isDurable: configuration.isDurable, socketFolder: address.socketFolder,
      logFolder: folder.log, walCompression: await programs.walCompression(for: folder))
    let server = try await ServerProcess.start(
      programs.postgres, settings, in: folder, stopLimit: configuration.stopLimit)
    return (server, address)
  }

  /// Runs the work until it ends; if the server ends first the work is cancelled.
  private static func perform<Output: Sendable>(
    _ work: @Sendable @escaping (LocalServerAddress) async throws -> Output,
    with address: LocalServerAddress, on server: ServerProcess, in folder: DataFolder
  ) async -> Result<Output, any Error> {
    await withTaskGroup { group in
      group.addTask { () async -> Result<Output, any Error>? in
        do {
          return .success(try await work(address))
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        await server.waitForEnd()
        return nil
      }
      guard let outcome = await group.next() ?? nil else {
        group.cancelAll()
        return .failure(server.unexpectedEnd(in: folder))
      }
      await server.stop()
      return outcome
    }
  }
}
