import Synchronization

/// One connection to PostgreSQL, on an operating-system thread of its own.
///
/// libpq blocks, so it never runs on the threads that Swift shares among all tasks. The connection
/// closes and its thread ends when nobody refers to it any more.
public actor Connection {
  private let thread: ConnectionThread
  private let wake: WakeSignal
  private let settings: ConnectionSettings
  private var live: LiveConnection?
  private let isUsableNow = Atomic<Bool>(false)

  /// The connection's own thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  private init(
    _ settings: ConnectionSettings, thread: ConnectionThread, wake: WakeSignal
  ) {
    self.settings = settings
    self.thread = thread
    self.wake = wake
  }

  deinit {
    thread.stop()
  }

  /// Connects to the first host that answers.
  ///
  /// - Throws: ``PostgresError/Kind/connectionFailed``, or ``PostgresError/Kind/cancelled``.
  public static func open(_ settings: ConnectionSettings) async throws(PostgresError) -> Connection
  {
    let wake = try WakeSignal()
    let connection = Connection(settings, thread: try .start(), wake: wake)
    try await connection.connect()
    return connection
  }

  /// Whether the connection stood, outside a transaction, when it was last used.
  public nonisolated var isUsable: Bool { isUsableNow.load(ordering: .acquiring) }

  /// Runs `body` on the connection's thread; what it leaves open is rolled back.
  ///
  /// When the task is cancelled, the statement under way is cancelled in the server; the connection
  /// can be used again.
  ///
  /// - Throws: What `body` throws; ``PostgresError/Kind/closed`` after `close()`;
  ///   ``PostgresError/Kind/invalidUse`` when `body` left a transaction open.
  @discardableResult
  public func run<Value: Sendable>(
    _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    let flag = CancellationFlag(waking: wake)
    let result = await withTaskCancellationHandler {
      perform(body, flag)
    } onCancel: {
      flag.set()
    }
    return try result.get()
  }

  /// Runs `body` in a transaction on the connection's thread.
  ///
  /// - Throws: As ``Session/transaction(_:_:)``.
  @discardableResult
  public func transaction<Value: Sendable>(
    _ mode: TransactionMode = .readWrite,
    _ body: @Sendable (Session) throws(PostgresError) -> Value
  ) async throws(PostgresError) -> Value {
    try await run { session throws(PostgresError) in try session.transaction(mode, body) }
  }

  /// Closes the connection once what is under way has ended.
  public func close() {
    live = nil
    isUsableNow.store(false, ordering: .releasing)
  }
}

extension Connection {
  private func connect() async throws(PostgresError) {
    let flag = CancellationFlag(waking: wake)
    let result = await withTaskCancellationHandler {
      Result { () throws(PostgresError) in
        try LiveConnection.open(settings, wake: wake, cancellation: flag)
      }
    } onCancel: {
      flag.set()
    }
    live = try result.get()
    isUsableNow.store(true, ordering: .releasing)
  }

  /// Synchronous, so that no other job of the actor can come between two statements.
  private func perform<Value>(
    _ body: (Session) throws(PostgresError) -> Value, _ flag: CancellationFlag
  ) -> Result<Value, PostgresError> {
    guard let live else { return .failure(PostgresError(.closed, "the connection is closed")) }
    live.cancellation = flag
    defer { live.cancellation = nil }
    let result = Result { () throws(PostgresError) in
      guard live.checkIdle() else { throw PostgresError.goneWhileIdle }
      try live.deallocateDiscarded()
      let value = try body(Session(live))
      try live.expectNoTransaction()
      return value
    }
    live.rollBack()
    live.dropNotifications()
    isUsableNow.store(live.isReusable, ordering: .releasing)
    return result
  }
}
