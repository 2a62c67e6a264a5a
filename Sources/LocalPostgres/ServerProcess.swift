import Foundation
import Subprocess
import Synchronization
import SystemPackage

/// A running server under guard: it ends with ``stop()``, or with this process, even when that is
/// killed.
final class ServerProcess: Sendable {
  let processIdentifier: Int32
  private let running: Task<Void, any Error>
  private let ending: Ending
  /// What it writes into its log.
  private let log: ServerLog

  /// Whether the server has ended.
  var hasEnded: Bool { ending.flag.load(ordering: .acquiring) }

  private final class Ending: Sendable {
    let flag = Atomic(false)
    /// Zero where it was no signal.
    let signal = Atomic<Int32>(0)
  }

  /// The shell becomes the server; before that it leaves a watcher behind.
  ///
  /// The watcher interrupts the server when the lifeline on standard input breaks; a line on it
  /// means that the server has ended already. It is a grandchild, so that the server is not told
  /// of the end of a child that it does not know, which it would take for a crash.
  private static let guardScript = """
    exec 3<&0 </dev/null
    ( { read -r _ <&3 || kill -INT $$; } >/dev/null 2>&1 & )
    exec 3<&- "$@"
    """

  private init(
    processIdentifier: Int32, running: Task<Void, any Error>, ending: Ending, log: ServerLog
  ) {
    self.processIdentifier = processIdentifier
    self.running = running
    self.ending = ending
    self.log = log
  }

  /// Starts a server on a folder's data; its first words go to the folder's start log.
  static func start(
    _ program: FilePath, _ settings: [(name: String, value: String)], in folder: DataFolder,
    stopLimit: Duration
  ) async throws -> ServerProcess {
    var options = ProgramEnvironment.options
    options.teardownSequence = [
      .send(signal: .interrupt, allowedDurationToNextStep: stopLimit),
      .send(signal: .quit, allowedDurationToNextStep: .seconds(10)),
    ]
    let command = ProgramEnvironment.command(
      "/bin/sh",
      ["-c", guardScript, "cathlog-postgres", program.string, "-D", folder.data.string]
        + settings.flatMap { ["-c", "\($0.name)=\($0.value)"] },
      for: folder.account)
    let configuration = Configuration(
      executable: command.executable, arguments: command.arguments,
      environment: ProgramEnvironment.minimal, workingDirectory: folder.path,
      platformOptions: options)
    let startLog = try PrivateFile.open(folder.startLog, .writeOnly, options: .truncate)
    let log = ServerLog(from: folder.log)
    let lifeline = try Lifeline()
    let ending = Ending()
    let (started, announcement) = AsyncStream.makeStream(
      of: Int32.self, bufferingPolicy: .bufferingOldest(1))
    // No child task: the caller's cancellation must not end the server under a service that is
    // still writing its last events. `stop()` ends it and waits for it, on every path.
    let running = Task {
      defer {
        ending.flag.store(true, ordering: .releasing)
        lifeline.release()
        announcement.finish()
      }
      let result = try await Subprocess.run(
        configuration, input: .fileDescriptor(lifeline.farEnd, closeAfterSpawningProcess: true),
        output: .fileDescriptor(startLog, closeAfterSpawningProcess: true),
        error: .combinedWithOutput
      ) { execution in
        announcement.yield(execution.processIdentifier.value)
      }
      if case .signaled(let signal) = result.terminationStatus {
        ending.signal.store(signal, ordering: .releasing)
      }
    }
    for await processIdentifier in started {
      return ServerProcess(
        processIdentifier: processIdentifier, running: running, ending: ending, log: log)
    }
    running.cancel()
    _ = await running.result
    try Task.checkCancellation()
    throw LocalPostgresError.startFailed(logFolder: folder.log.string, reason: nil)
  }

  /// Waits until the server takes connections.
  ///
  /// What is asked is its own process's file: another server's would carry another number.
  func waitUntilReady(in folder: DataFolder, within limit: Duration) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
      if let file = PostmasterFile(in: folder.data), file.isReady,
        file.processIdentifier == processIdentifier
      {
        return
      }
      guard !hasEnded else {
        let words = LastWords(log.text)
        if let cause = words.cause(in: folder) { throw cause }
        try DiskSpace.require(mebibytes: DiskSpace.neededToStartMebibytes, at: folder.path)
        throw LocalPostgresError.startFailed(
          logFolder: folder.log.string, reason: words.sentences.last)
      }
      guard ContinuousClock.now < deadline else {
        throw LocalPostgresError.startTimedOut(
          logFolder: folder.log.string, seconds: Int(limit.components.seconds))
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Waits until the server has ended of itself or been stopped.
  func waitForEnd() async {
    _ = await running.result
  }

  /// Why the server, which nobody here stopped, has ended.
  func unexpectedEnd(in folder: DataFolder) -> LocalPostgresError {
    if let cause = LastWords(log.text).cause(in: folder) { return cause }
    let signal = ending.signal.load(ordering: .acquiring)
    return .endedUnexpectedly(logFolder: folder.log.string, signal: signal == 0 ? nil : signal)
  }

  /// Ends the server by a fast shutdown, by force if that takes too long, and waits for it.
  func stop() async {
    running.cancel()
    await waitForEnd()
  }
}
