public import Postgres

/// What stands of the log's schema in a database, and who may do what in it.
public struct SchemaFacts: Sendable {
  /// How the schema stands to this edition's.
  public enum Edition: Sendable {
    case none
    case behind(pending: [String])
    case current
    case ahead(number: Int)
    case edited(name: String)
  }

  /// The schema's edition.
  public var edition: Edition
  /// Whether ALTER and DROP of the log are refused to their owner too.
  public var isDefinitionGuarded: Bool
  /// The roles that are there, and whether they can log in.
  public var roles: [String: Bool]
  /// Whether this session's role may act as the service's.
  public var mayServe: Bool
  /// The tables that the service's role may write without the function that guards them.
  public var writableTables: [String]

  static let roleNames = ["cathlog_owner", "cathlog_service", "cathlog_writer"]
  static let guardedTables = ["access.record", "log.event", "log.head", "log.rule_book"]
}

extension SchemaFacts {
  /// Reads them; changes nothing.
  public static func read(_ session: Session) throws(PostgresError) -> SchemaFacts {
    let (edition, isGuarded) = try editionAndGuard(session)
    var roles: [String: Bool] = [:]
    let rows = try session.query(
      """
      SELECT rolname::text, rolcanlogin FROM pg_catalog.pg_roles
      WHERE rolname = ANY (\(Self.roleNames))
      """)
    for row in rows { roles[try row[0]] = try row[1, as: Bool.self] }
    guard roles[PostgresLogStore.serviceRole] != nil else {
      return SchemaFacts(
        edition: edition, isDefinitionGuarded: isGuarded, roles: roles, mayServe: false,
        writableTables: [])
    }
    let mayServe: Bool = try session.queryOne(
      "SELECT pg_catalog.pg_has_role(\(PostgresLogStore.serviceRole), 'MEMBER')")[0]
    let writable = try session.query(
      """
      SELECT name FROM unnest(\(Self.guardedTables)) AS name
      WHERE to_regclass(name) IS NOT NULL AND has_table_privilege(
        \(PostgresLogStore.serviceRole), to_regclass(name)::oid, 'INSERT,UPDATE,DELETE,TRUNCATE')
      ORDER BY name
      """
    ).map { row throws(PostgresError) in try row[0, as: String.self] }
    return SchemaFacts(
      edition: edition, isDefinitionGuarded: isGuarded, roles: roles, mayServe: mayServe,
      writableTables: writable)
  }

  private static func editionAndGuard(
    _ session: Session
  ) throws(PostgresError) -> (Edition, Bool) {
    do throws(MigrationError) {
      let status = try Migrator().status(session)
      let edition: Edition =
        status.isCurrent
        ? .current : status.appliedCount == 0 ? .none : .behind(pending: status.pending)
      return (edition, status.isDefinitionGuarded)
    } catch {
      switch error {
      case .ahead(let number): return (.ahead(number: number), false)
      case .edited(let name): return (.edited(name: name), false)
      case .database(let cause, _): throw cause
      }
    }
  }
}

extension SchemaFacts {
  /// What they mean for a service of this edition.
  public var diagnoses: [Diagnosis] {
    switch edition {
    case .none: [schema]
    case .behind, .current: [schema, definitionGuard, rolesDiagnosis, membership, guarded]
    case .ahead, .edited: [schema, rolesDiagnosis, membership]
    }
  }

  private var schema: Diagnosis {
    switch edition {
    case .none:
      Diagnosis(
        "schema", "schema", .warning, "is not there yet",
        remedy: "serve makes it where the role may; else run cathlog migrate with one that may.")
    case .behind(let pending):
      Diagnosis(
        "schema", "schema", .warning, "is behind: \(pending.joined(separator: ", "))",
        remedy: "serve brings it up to date where the role may; else run cathlog migrate.")
    case .current: Diagnosis("schema", "schema", .ok, "is this edition's")
    case .ahead(let number):
      Diagnosis(
        "schema", "schema", .misconfigured, "is ahead: migration \(number) is a newer edition's",
        remedy: "Run the newer edition.")
    case .edited(let name):
      Diagnosis(
        "schema", "schema", .misconfigured, "has another text of migration \(name)",
        remedy: "Run the edition that applied it, or one after it.")
    }
  }

  private var definitionGuard: Diagnosis {
    isDefinitionGuarded
      ? Diagnosis("definition-guard", "guard of definitions", .ok, "is installed")
      : Diagnosis(
        "definition-guard", "guard of definitions", .warning,
        "is missing: the log's owner may ALTER and DROP it",
        remedy: "Run cathlog migrate once as a superuser.")
  }

  private var rolesDiagnosis: Diagnosis {
    let missing = Self.roleNames.filter { roles[$0] == nil }
    let subject = "roles"
    if !missing.isEmpty {
      return Diagnosis(
        "roles", subject, .misconfigured, "\(missing.joined(separator: ", ")) missing",
        remedy: "Restore the roles (pg_dumpall --roles-only) before the database.")
    }
    let open = Self.roleNames.filter { roles[$0] == true }
    return open.isEmpty
      ? Diagnosis("roles", subject, .ok, "owner, writer and service; none can log in")
      : Diagnosis(
        "roles", subject, .misconfigured, "\(open.joined(separator: ", ")) can log in",
        remedy: open.map { "ALTER ROLE \($0) NOLOGIN;" }.joined(separator: " "))
  }

  private var membership: Diagnosis {
    mayServe
      ? Diagnosis("service-role", "service's role", .ok, "can be taken on")
      : Diagnosis(
        "service-role", "service's role", .misconfigured, "cannot be taken on by this role",
        remedy: "GRANT \(PostgresLogStore.serviceRole) TO the role in DATABASE_URL;")
  }

  private var guarded: Diagnosis {
    writableTables.isEmpty
      ? Diagnosis("log-guard", "log's tables", .ok, "the service may only append by function")
      : Diagnosis(
        "log-guard", "log's tables", .misconfigured,
        "the service may write \(writableTables.joined(separator: ", ")) directly",
        remedy: "REVOKE what was granted to \(PostgresLogStore.serviceRole) by hand.")
  }
}
