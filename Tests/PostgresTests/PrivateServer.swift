import Glibc
import Postgres
import Synchronization

/// A PostgreSQL of the test process's own, on a Unix socket in a fresh folder under /tmp.
///
/// A shell waits for the end of its standard input, which the death of this process also brings,
/// and then stops the server and removes the folder.
///
/// Not `TestDatabase`: what stands below all else is tested without what stands beside it, so that
/// a fault of `LocalPostgres` cannot look like one of the client; and these tests stop the server
/// under the client and start it again, which a shared one must not suffer.
final class PrivateServer: Sendable {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The server that tests share, or the one that `CATHLOG_TEST_DATABASE_URL` names.
  static func settings(applicationName: String = "test") throws -> ConnectionSettings {
    var settings = ConnectionSettings(url: try url())
    settings.applicationName = applicationName
    return settings
  }

  /// Where the shared server is.
  static func url() throws -> String {
    try sharedURL.get()
  }

  private static let sharedURL = Result {
    if let url = getenv("CATHLOG_TEST_DATABASE_URL") { return String(cString: url) }
    let server = try PrivateServer()
    shared.withLock { $0 = server }
    return server.url
  }
  private static let shared = Mutex<PrivateServer?>(nil)
  private static let count = Mutex(0)

  let folder: String
  private let shell: pid_t
  /// Takes commands to the shell and brings its answers; open as long as the server is wanted.
  private let line: Int32

  var url: String { "host=\(folder) user=postgres dbname=postgres" }

  init() throws {
    let number = Self.count.withLock { count in
      count += 1
      return count
    }
    folder = "/tmp/postgres-tests-\(getpid())-\(number)"
    (shell, line) = try Self.spawnShell(folder)
    try expectDone(
      "PostgreSQL did not start: apt-get install postgresql, or name a server in "
        + "CATHLOG_TEST_DATABASE_URL (postgresql://…)")
  }

  deinit {
    close(line)
    waitpid(shell, nil, 0)
  }

  /// Starts the supervisor; no other child may inherit our end of its line.
  private static func spawnShell(_ folder: String) throws -> (pid_t, Int32) {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw Failure(description: "no socket is left")
    }
    defer { close(ends[1]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    let words = ["sh", "-c", supervisor, "supervisor", folder].map { (word: String) in strdup(word)
    }
    defer { words.forEach { free($0) } }
    var shell = pid_t()
    guard posix_spawn(&shell, "/bin/sh", &actions, nil, words + [nil], environ) == 0 else {
      close(ends[0])
      throw Failure(description: "no /bin/sh")
    }
    return (shell, ends[0])
  }

  /// Stops the server and starts it again; returns once it answers.
  func restart() throws {
    try stop()
    try start()
  }

  /// Stops the server; what is under way is rolled back.
  func stop() throws {
    try command("stop -m fast", "the server did not stop")
  }

  /// Starts the server again; returns once it answers.
  func start() throws {
    try command("start", "the server did not start again")
  }

  private func command(_ text: String, _ complaint: String) throws {
    let bytes = Array((text + "\n").utf8)
    guard send(line, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw Failure(description: complaint)
    }
    try expectDone(complaint)
  }

  private func expectDone(_ complaint: String) throws {
    var answer = [UInt8](repeating: 0, count: 64)
    let count = read(line, &answer, answer.count)
    guard count > 0, answer.prefix(count) == Array("done\n".utf8)[...] else {
      throw Failure(description: complaint)
    }
  }

  /// PostgreSQL refuses to run as root.
  private static let supervisor = """
    PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)"
    folder=$1
    trap '' INT TERM HUP PIPE
    exec 2>/dev/null
    cd /
    as() {
      if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
      else "$@"; fi
    }
    control() {
      as pg_ctl -D "$folder/data" -l "$folder/log" -w "$@" </dev/null >/dev/null && echo done
    }
    as mkdir -m 700 "$folder" || exit 1
    as initdb -D "$folder/data" --no-sync -A trust -U postgres -E UTF8 --locale=C >/dev/null &&
      as sh -c 'cat >> "$1/data/postgresql.conf"' - "$folder" <<END &&
    listen_addresses = ''
    unix_socket_directories = '$folder'
    fsync = off
    max_connections = 200
    END
      control start && while read -r command; do control $command || break; done
    control stop -m immediate >/dev/null
    rm -rf "$folder"

    """
}

/// Opens a connection, hands it to `body` and closes it.
@discardableResult
func withConnection<Value: Sendable>(
  _ settings: ConnectionSettings? = nil, _ body: (Connection) async throws -> Value
) async throws -> Value {
  let connection = try await Connection.open(settings ?? PrivateServer.settings())
  do {
    let value = try await body(connection)
    await connection.close()
    return value
  } catch {
    await connection.close()
    throw error
  }
}

/// Opens a connection and runs `body` on its thread.
@discardableResult
func withSession<Value: Sendable>(
  _ body: @Sendable (Session) throws(PostgresError) -> Value
) async throws -> Value {
  try await withConnection { try await $0.run(body) }
}

/// A name that no other test uses.
func freshName(_ prefix: String) -> String {
  "\(prefix)_\(UInt64.random(in: .min ... .max))"
}

/// The error that `body` throws; nil when it throws none or another.
func postgresError<Value>(_ body: () async throws -> Value) async -> PostgresError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? PostgresError
  }
}

/// Asks until a statement that contains `text` is under way in the server.
func waitUntilRunning(_ text: String, applicationName: String) async throws {
  try await withSession { session throws(PostgresError) in
    var count = 0
    while count == 0 {
      count = try session.query(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE state = 'active' AND application_name = \(applicationName)
          AND strpos(query, \(text)) > 0
        """)[0][0, as: Int.self]
    }
  }
}
