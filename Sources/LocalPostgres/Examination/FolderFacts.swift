import Foundation
import SystemPackage

/// What stands in and around the folder of a private server.
struct FolderFacts {
  /// What stands at the folder's path.
  enum Presence: Equatable {
    case missing
    case notAFolder
    /// This process's account may not look into it.
    case closed(owner: String)
    case there(owner: String, permissions: mode_t)
  }

  /// What of a server lives in the folder.
  enum Activity: Equatable {
    case none
    /// The service's server takes connections.
    case serving(service: Int32, server: Int32)
    /// A process holds the folder and its server does not take connections, or not yet.
    case held(by: Int32?)
    /// A server that no service owns.
    case orphan(server: Int32)
    case foreignListener(Int32?)
  }

  let path: String
  /// The account that the server runs under.
  let account: String
  var presence = Presence.missing
  /// The first folder on the way that the server's account cannot pass.
  var closedFolder: String?
  var freeMebibytes: Int?
  /// The major version of the data; `nil` before the first start.
  var dataVersion: Int?
  /// The data are there and are not PostgreSQL's.
  var hasUnreadableData = false
  /// Whose the data are, where they are not the server's account's.
  var ownerOfData: String?
  var hasPassword = false
  var activity = Activity.none
  var controlData: ControlData?
  var socketPath = ""
  var isSocketElsewhere = false
}

/// What `pg_controldata` says.
struct ControlData: Equatable {
  /// Such as `shut down` or `in production`.
  let state: String
  let hasChecksums: Bool

  /// Reads the program's lines, in English.
  init?(_ output: String) {
    var values: [Substring: String] = [:]
    for line in output.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      values[line[..<colon]] = String(value)
    }
    guard let state = values["Database cluster state"] else { return nil }
    self.state = state
    hasChecksums = values["Data page checksum version"].map { $0 != "0" } ?? false
  }

  /// Whether the server was stopped in order.
  var isClean: Bool { state == "shut down" || state == "shut down in recovery" }
}
