import Foundation

/// The account of the operating system that the server runs under.
struct ServerAccount: Sendable, Equatable {
  let name: String
  let userID: uid_t
  let groupID: gid_t
  /// Whether this process is root and the server is not: its files then change hands.
  let isOther: Bool

  /// This process's own account, or the named one for root, which PostgreSQL refuses to run as.
  static func current(insteadOfRoot name: String) throws(LocalPostgresError) -> ServerAccount {
    guard geteuid() == 0 else {
      let own = entry { getpwuid_r(geteuid(), $0, $1, $2, $3) }
      return ServerAccount(
        name: own?.name ?? String(geteuid()), userID: geteuid(), groupID: getegid(),
        isOther: false)
    }
    guard let other = entry({ getpwnam_r(name, $0, $1, $2, $3) }), other.userID != 0 else {
      throw .accountMissing(name: name)
    }
    return other
  }

  /// The name of an account, or its number where it has none.
  static func name(of userID: uid_t) -> String {
    entry { getpwuid_r(userID, $0, $1, $2, $3) }?.name ?? String(userID)
  }

  private typealias Lookup = (
    UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
    UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
  ) -> Int32

  private static func entry(_ lookup: Lookup) -> ServerAccount? {
    var record = passwd()
    var found: UnsafeMutablePointer<passwd>?
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
      guard let text = buffer.baseAddress, lookup(&record, text, buffer.count, &found) == 0,
        let entry = found?.pointee
      else {
        return nil
      }
      return ServerAccount(
        name: String(cString: entry.pw_name), userID: entry.pw_uid, groupID: entry.pw_gid,
        isOther: true)
    }
  }
}
