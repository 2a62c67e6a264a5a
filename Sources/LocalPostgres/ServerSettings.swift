import SystemPackage

/// The settings that the server is started with.
enum ServerSettings {
  /// The superuser that `initdb` makes.
  static let superuser = "postgres"

  /// The number in the socket's name; the server listens on no network.
  static let port = 5432

  /// What Cathlog promises: given on the command line, so that no file in the folder undoes it.
  static func promised(
    isDurable: Bool, socketFolder: FilePath, logFolder: FilePath, walCompression: String
  ) -> [(name: String, value: String)] {
    let durability = isDurable ? "on" : "off"
    return [
      ("listen_addresses", ""),
      ("port", String(port)),
      ("unix_socket_directories", quoted(socketFolder)),
      ("unix_socket_permissions", "0700"),
      ("password_encryption", "scram-sha-256"),

      ("fsync", durability),
      ("synchronous_commit", durability),
      ("full_page_writes", durability),
      ("wal_compression", walCompression),

      // One file a weekday, emptied when its day comes again.
      ("logging_collector", "on"),
      ("log_destination", "stderr"),
      ("log_directory", logFolder.string),
      ("log_filename", "postgresql-%a.log"),
      ("log_file_mode", "0600"),
      ("log_rotation_age", "1d"),
      ("log_rotation_size", "0"),
      ("log_truncate_on_rotation", "on"),
      ("log_line_prefix", "%m [%p] "),
      ("log_timezone", "UTC"),
      ("timezone", "UTC"),
      ("lc_messages", "C"),

      // The log never holds a statement, a parameter or a value, so nothing about a patient. An
      // error's own sentence can quote a value ("invalid input syntax for …"): only the server's
      // own events (LOG and above) are written. The client is told its errors as ever.
      ("log_min_messages", "log"),
      ("log_min_error_statement", "panic"),
      ("log_error_verbosity", "terse"),
      ("log_statement", "none"),
      ("log_duration", "off"),
      ("log_min_duration_statement", "-1"),
      ("log_min_duration_sample", "-1"),
      ("log_transaction_sample_rate", "0"),
      ("log_parameter_max_length", "0"),
      ("log_parameter_max_length_on_error", "0"),
      ("debug_print_parse", "off"),
      ("debug_print_rewritten", "off"),
      ("debug_print_plan", "off"),
    ]
  }

  /// Sizes for a small machine: written once into `postgresql.conf`, for the site to change.
  ///
  /// A server that is not durable serves tests, of which many connect at once.
  static func initialSizes(isDurable: Bool) -> String {
    """

    # Written by cathlog at the first start; these are yours to change.
    max_connections = \(isDurable ? 100 : 500)
    shared_buffers = 256MB
    max_wal_size = 4GB
    checkpoint_timeout = 15min
    jit = off

    """
  }

  /// A path as an entry of a list of folders.
  private static func quoted(_ path: FilePath) -> String {
    "\"\(path.string.replacing("\"", with: "\"\""))\""
  }
}
