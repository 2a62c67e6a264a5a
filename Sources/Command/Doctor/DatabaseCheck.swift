import LocalPostgres
import Postgres
import Settings
import Store

/// What a database says of itself, through one connection that only reads.
struct DatabaseCheck {
  var diagnoses: [Diagnosis] = []
  /// The names of the master keys that its keys are wrapped with; nil where it could not be asked.
  var masterKeyIDs: Set<[UInt8]>?

  /// Asks the database, if it runs: nothing is started for it.
  static func look(_ settings: CathlogSettings) async -> DatabaseCheck {
    do {
      switch settings.place {
      case .given(let url): return await look(settings, url: url)
      case .own(let configuration):
        guard let address = try LocalServer.running(configuration) else {
          return DatabaseCheck(diagnoses: [
            Diagnosis(
              "database", "database", .ok, "is not running; serve starts it, and then more is told")
          ])
        }
        return await look(settings, url: address.connectionString)
      }
    } catch {
      return DatabaseCheck(diagnoses: [
        Diagnosis("database", "database", .unavailable, error.sentence, remedy: error.remedy)
      ])
    }
  }

  private static func look(_ settings: CathlogSettings, url: String) async -> DatabaseCheck {
    var connection = ConnectionSettings(url: url)
    connection.applicationName = "cathlog doctor"
    connection.statementTimeout = settings.statementTimeout
    let needed = settings.pool.maximumConnectionCount + Examination.connectionsBesidePool
    do throws(PostgresError) {
      let open = try await Connection.open(connection)
      let (server, schema) = try await open.transaction(.readOnly) {
        session throws(PostgresError) in
        (try ServerFacts.read(session), try SchemaFacts.read(session))
      }
      let asService = TransactionMode.readOnly.setting("role", to: PostgresLogStore.serviceRole)
      let masterKeyIDs: Set<[UInt8]>? =
        schema.mayServe
        ? try? await open.transaction(asService) { session throws(PostgresError) in
          try MasterKeyUse.read(session)
        } : []
      await open.close()
      let answer = Diagnosis("database", "database", .ok, "answers")
      return DatabaseCheck(
        diagnoses: [answer] + server.diagnoses(connectionsNeeded: needed) + schema.diagnoses,
        masterKeyIDs: masterKeyIDs)
    } catch {
      return DatabaseCheck(diagnoses: [unreachable(error)])
    }
  }

  /// What the server said is told: of a connection it names a host, a database and a user.
  private static func unreachable(_ error: PostgresError) -> Diagnosis {
    let said = error.kind == .connectionFailed ? error.serverMessage : nil
    let lines = (said ?? error.reason).split(whereSeparator: \.isNewline)
    return Diagnosis(
      "database", "database", .unavailable, lines.joined(separator: " "),
      remedy: "Start the server, or correct DATABASE_URL.")
  }
}
