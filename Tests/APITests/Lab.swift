import API
import Charges
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Postgres
import Procedures
import Projectors
import ServiceLifecycle
import Store
import Synchronization
import TestDatabase
import Testing

/// The API on a database of its own, with what runs beside it.
struct Lab: Sendable {
  let facility: FacilityCode
  let settings: ConnectionSettings
  let url: String
  let pool: ConnectionPool
  let appender: Appender
  let tokens: TokenStore
  let access: AccessRecorder
  let metrics = PrometheusMetrics()
  let limits: APIConfiguration.Limits
  let runner: ProjectorRunner
  let api: CathlogAPI

  static let masterKey = Array(repeating: UInt8(7), count: MasterKey.byteCount)

  /// Runs `body` with a lab whose facility `general` is open.
  static func with<Value: Sendable>(
    _ limits: APIConfiguration.Limits = APIConfiguration.Limits(),
    _ body: @Sendable @escaping (Lab) async throws -> Value
  ) async throws -> Value {
    let url = try await TestDatabase.fromTemplate("lab") { url in
      let settings = ConnectionSettings(url: url)
      try await Migrator().migrate(settings)
      try await withParts(settings, url, limits) { try await $0.openFacility() }
    }
    return try await withParts(ConnectionSettings(url: url), url, limits, body)
  }

  private static func withParts<Value: Sendable>(
    _ settings: ConnectionSettings, _ url: String, _ limits: APIConfiguration.Limits,
    _ body: @Sendable @escaping (Lab) async throws -> Value
  ) async throws -> Value {
    var service = settings
    service.role = PostgresLogStore.serviceRole
    var bounds = PoolSettings()
    bounds.acquireTimeout = .seconds(60)
    let pool = ConnectionPool(service, pool: bounds)
    do {
      let lab = try Lab(settings: settings, url: url, pool: pool, limits: limits)
      let value = try await lab.running(body)
      await pool.shutdown()
      return value
    } catch {
      await pool.shutdown()
      throw error
    }
  }

  private init(
    settings: ConnectionSettings, url: String, pool: ConnectionPool,
    limits: APIConfiguration.Limits
  ) throws {
    facility = try #require(FacilityCode("general"))
    self.settings = settings
    self.url = url
    self.pool = pool
    let store = PostgresLogStore(pool: pool)
    let vault = Vault(
      store: store, masterKeys: [try #require(MasterKey(bytes: Self.masterKey))])
    let ticks = LogTicks()
    let library = RuleBookLibrary(pool: pool, shipped: .standard)
    appender = Appender(
      store: store, vault: vault, ticks: ticks, derivedCodes: RuleBook.standard.derivedCodes,
      ruleBooks: library.adoptable)
    tokens = TokenStore(pool: pool)
    access = AccessRecorder(pool: pool)
    self.limits = limits
    runner = ProjectorRunner(
      pool: pool, store: store, ticks: ticks, ruleBook: .standard, logger: Self.quiet)
    api = CathlogAPI(
      appender: appender, reader: LogReader(store: store, vault: vault),
      charges: CurrentCharges(pool: pool), replay: Replay(pool: pool, ruleBook: .standard),
      runner: runner, tokens: tokens, access: access, ruleBooks: library,
      ticks: ticks, pool: pool, metrics: metrics,
      logger: Self.quiet)
  }

  private func running<Value: Sendable>(
    _ body: @Sendable @escaping (Lab) async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      let projecting = Task { await runner.run() }
      group.addTask { await appender.run() }
      do {
        let value = try await body(self)
        appender.shutdown()
        try await group.waitForAll()
        projecting.cancel()
        await projecting.value
        return value
      } catch {
        appender.shutdown()
        projecting.cancel()
        await projecting.value
        throw error
      }
    }
  }

  private func openFacility() async throws {
    let body = try EventBody(
      .facilityOpened,
      data: ["facility": "general", "name": "General Hospital", "timeZone": "UTC"])
    let event = Event(
      id: EventID(high: 1, low: 1), caseID: .zero, occurredAt: Instant(microseconds: 0), body: body)
    _ = try await appender.append(
      Submission(
        caseID: .zero, events: [event], recorder: try #require(PersonCode("ad-1"))), to: facility)
  }
}

// MARK: - Asking

extension Lab {
  /// A new token in these roles.
  func token(_ roles: StaffRole..., person: String = "rn-204") async throws -> String {
    try await tokens.create(
      for: try #require(PersonCode(person)), roles: Set(roles), in: facility
    ).presented.revealed
  }

  /// Runs `body` with a client that calls the router without a socket.
  func asking<Value: Sendable>(
    _ body: @Sendable @escaping (Asker) async throws -> Value
  ) async throws -> Value {
    try await body(Asker(responder: api.router(limits: limits).buildResponder()))
  }

  static let quiet = Logger(label: "lab") { _ in SwiftLogNoOpLogHandler() }

  /// What the record of access holds: action, person, case or `-`, in the order of the rows' text.
  func accessRecord() async throws -> [String] {
    let rows = try await TestDatabase.psql(
      """
      SELECT action || ' ' || person || ' ' || coalesce(case_id::text, '-')
      FROM access.record ORDER BY 1
      """, on: url)
    return rows.split(separator: "\n").map(String.init)
  }

  /// How many events the log holds.
  func eventCount() async throws -> Int? {
    Int(try await TestDatabase.psql("SELECT count(*) FROM log.event", on: url))
  }
}

/// Calls the API and decodes what it says.
struct Asker: Sendable {
  let responder: RouterResponder<APIContext>

  struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    /// What the bytes say, or all of them as one text.
    var json: JSON {
      (try? JSON.read(bytes)) ?? .string(String(decoding: bytes, as: UTF8.self))
    }

    /// The problem's code.
    var code: String? { json["code"]?.text }
  }

  func get(
    _ path: String, _ token: String? = nil, _ headers: HTTPFields = [:]
  ) async throws -> Answer {
    try await call(.get, path, token, headers, nil)
  }

  func post(
    _ path: String, _ token: String?, _ json: JSON, _ headers: HTTPFields = [:]
  ) async throws -> Answer {
    try await call(.post, path, token, headers, json.bytes)
  }

  func call(
    _ method: HTTPRequest.Method, _ path: String, _ token: String?, _ headers: HTTPFields = [:],
    _ body: [UInt8]? = nil
  ) async throws -> Answer {
    var headers = headers
    if let token { headers[.authorization] = "Bearer \(token)" }
    if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
    if let body { headers[.contentLength] = "\(body.count)" }
    let response = try await respond(
      to: HTTPRequest(
        method: method, scheme: "http", authority: "lab", path: path, headerFields: headers), body)
    let writer = Writer()
    try await response.body.write(writer)
    return Answer(
      status: response.status.code, headers: response.headers, bytes: writer.written)
  }

  /// The answer to a request before its body is written.
  func respond(to head: HTTPRequest, _ body: [UInt8]? = nil) async throws -> Response {
    let source = ApplicationRequestContextSource(
      channel: NIOAsyncTestingChannel(), logger: Lab.quiet)
    return try await responder.respond(
      to: Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: body ?? []))),
      context: APIContext(source: source))
  }

  /// Keeps what is written.
  private final class Writer: ResponseBodyWriter, Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var written: [UInt8] { bytes.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
      bytes.withLock { $0.append(contentsOf: buffer.readableBytesView) }
    }

    func finish(_ trailers: HTTPFields?) async throws {}
  }
}

// MARK: - What is recorded

enum Steps {
  static func id() -> String { UUID().uuidString.lowercased() }

  static func event(
    _ type: String, _ data: JSON, id: String = Steps.id(),
    at time: String = "2026-03-02T08:31:00Z", _ more: [JSON.Member] = []
  ) -> JSON {
    .object(
      [
        JSON.Member("id", .string(id)), JSON.Member("type", .string(type)),
        JSON.Member("occurredAt", .string(time)), JSON.Member("data", data),
      ] + more)
  }

  static func opening(id: String = Steps.id()) -> JSON {
    event(
      "case-opened",
      [
        "facility": "general", "room": "Lab 2", "serviceDate": "2026-03-02", "timeZone": "UTC",
        "setting": "hospital-outpatient", "operator": "dr-114", "patient": "pt-8fcf45",
      ], id: id, at: "2026-03-02T08:00:00Z")
  }

  static func image(_ vessel: String, _ side: String? = nil, id: String = Steps.id()) -> JSON {
    var data: [JSON.Member] = [
      JSON.Member("modality", "IVUS"), JSON.Member("vessel", .string(vessel)),
      JSON.Member("phase", "diagnostic"), JSON.Member("imagesStored", true),
    ]
    if let side { data.append(JSON.Member("side", .string(side))) }
    return event("image-acquired", .object(data), id: id)
  }

  static func note(_ text: String = "quiet", id: String = Steps.id()) -> JSON {
    event("note-recorded", ["kind": "nursing", "text": .string(text)], id: id)
  }

  static func coding(_ code: String = "37238", id: String = Steps.id()) -> JSON {
    event("procedure-coded", ["code": .string(code)], id: id)
  }

  static func signing(by signer: String = "dr-114") -> JSON {
    event("case-signed", ["signer": .string(signer), "meaning": "author"])
  }
}

extension Lab {
  /// Takes from the service the right to record who reads.
  func forbidRecording() async throws {
    try await TestDatabase.psql(
      "REVOKE EXECUTE ON FUNCTION access.append FROM cathlog_service", on: url)
  }
}

// MARK: - A real socket

extension Lab {
  /// Runs `body` while the service listens, then ends it as a service group does.
  func serving<Value: Sendable>(
    _ body: @Sendable @escaping (_ port: Int, _ service: ServiceGroup) async throws -> Value
  ) async throws -> Value {
    let (addresses, announce) = AsyncStream.makeStream(of: String.self)
    var configuration = APIConfiguration(address: .host("127.0.0.1", port: 0))
    configuration.limits = limits
    let application = api.application(configuration: configuration) { announce.yield($0) }
    let service = ServiceGroup(
      configuration: ServiceGroupConfiguration(services: [application], logger: Self.quiet))
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await service.run() }
      var iterator = addresses.makeAsyncIterator()
      let address = try #require(await iterator.next())
      let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
      do {
        let value = try await body(port, service)
        await service.triggerGracefulShutdown()
        try await group.waitForAll()
        return value
      } catch {
        await service.triggerGracefulShutdown()
        throw error
      }
    }
  }
}

extension Lab {
  /// Makes the database look as if the last migration had not been applied.
  func forgetMigrations() async throws {
    try await TestDatabase.psql(
      "DELETE FROM migration.applied WHERE number = (SELECT max(number) FROM migration.applied)",
      on: url)
  }
}
