import API
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Postgres
import Procedures
import Store
import TestDatabase
import Testing

/// The API on a database of its own, with what runs beside it.
struct Lab: Sendable {
  let facility: FacilityCode
  let settings: ConnectionSettings
  let url: String
  let pool: ConnectionPool
  let parts: CathlogAPI.Parts
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
    let pool = ConnectionPool(service)
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
    parts = CathlogAPI.Parts(
      pool: pool,
      appender: Appender(store: store, vault: vault, ticks: ticks, derivedCodes: []),
      reader: LogReader(store: store, vault: vault), ticks: ticks, tokens: TokenStore(pool: pool),
      accessRecorder: AccessRecorder(pool: pool), metrics: PrometheusMetrics())
    api = CathlogAPI(parts, limits: limits)
  }

  private func running<Value: Sendable>(
    _ body: @Sendable @escaping (Lab) async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await parts.appender.run() }
      do {
        let value = try await body(self)
        parts.appender.shutdown()
        try await group.waitForAll()
        return value
      } catch {
        parts.appender.shutdown()
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
    _ = try await parts.appender.append(
      Submission(
        caseID: .zero, events: [event], recorder: try #require(PersonCode("ad-1"))), to: facility)
  }
}

// MARK: - Asking

extension Lab {
  /// A new token in these roles.
  func token(_ roles: StaffRole..., person: String = "rn-204") async throws -> String {
    try await parts.tokens.create(
      for: try #require(PersonCode(person)), roles: Set(roles), in: facility
    ).presented.revealed
  }

  /// Runs `body` with a client that calls the router without a socket.
  func asking<Value: Sendable>(
    _ body: @Sendable @escaping (Asker) async throws -> Value
  ) async throws -> Value {
    let application = Application(router: api.router(), logger: Self.quiet)
    return try await application.test(.router) { client in
      try await body(Asker(client: client))
    }
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
  let client: any TestClientProtocol

  struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let json: JSON

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
    return try await client.execute(
      uri: path, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) }
    ) { response in
      let bytes = Array(buffer: response.body)
      return Answer(
        status: response.status.code, headers: response.headers,
        json: (try? JSON.read(bytes)) ?? .string(String(decoding: bytes, as: UTF8.self)))
    }
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
