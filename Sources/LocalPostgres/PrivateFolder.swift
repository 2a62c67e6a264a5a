import Foundation
import SystemPackage

/// A folder that no account but the server's and root can enter.
enum PrivateFolder {
  /// Makes the folder, or checks and closes the one that is there.
  static func prepare(
    _ path: FilePath, for account: ServerAccount, followingLink: Bool = false
  ) throws(LocalPostgresError) {
    if mkdir(path.string, 0o700) == 0 {
      if account.isOther, chown(path.string, account.userID, account.groupID) != 0 {
        throw .fileOperation(on: path)
      }
    } else if errno != EEXIST {
      throw .fileOperation(on: path)
    }
    try close(path, for: account, followingLink: followingLink)
  }

  /// Checks a folder that is there, and closes it to other accounts.
  static func close(
    _ path: FilePath, for account: ServerAccount, followingLink: Bool
  ) throws(LocalPostgresError) {
    let status = try FileStatus(of: path, followingLink: followingLink)
    guard status.isFolder else {
      throw .notAFolder(path: path.string)
    }
    guard status.userID == account.userID else {
      throw .folderOfAnotherAccount(
        path: path.string, owner: ServerAccount.name(of: status.userID), account: account.name)
    }
    if status.permissions != 0o700, chmod(path.string, 0o700) != 0 {
      throw .fileOperation(on: path)
    }
  }

  /// Makes the missing folders above a path, then checks that the account can pass them all.
  static func prepareAncestors(
    of path: FilePath, for account: ServerAccount
  ) throws(LocalPostgresError) {
    let parent = path.removingLastComponent()
    guard parent != path else { return }
    if access(parent.string, F_OK) != 0 {
      try prepareAncestors(of: parent, for: account)
      if mkdir(parent.string, 0o755) != 0, errno != EEXIST {
        throw .fileOperation(on: parent)
      }
    }
    if account.isOther {
      try requirePassage(to: path, for: account)
    }
  }

  /// Removes the folder unless something is in it.
  static func removeIfEmpty(_ path: FilePath) {
    rmdir(path.string)
  }

  private static func requirePassage(
    to path: FilePath, for account: ServerAccount
  ) throws(LocalPostgresError) {
    guard var folder = path.removingLastComponent().resolved else {
      throw .fileOperation(on: path)
    }
    while true {
      let status = try FileStatus(of: folder, followingLink: false)
      guard status.isFolder else {
        throw .notAFolder(path: folder.string)
      }
      guard status.canBePassed(by: account) else {
        throw .folderUnreachable(
          path: path.string, account: account.name, closedFolder: folder.string)
      }
      guard folder.removeLastComponent() else { return }
    }
  }

  /// The nearest folder above a path, which need not be there, that the account cannot pass.
  static func firstClosed(above path: FilePath, for account: ServerAccount) -> String? {
    var parent = path.removingLastComponent()
    while parent.resolved == nil, parent.removeLastComponent() {}
    do throws(LocalPostgresError) {
      try requirePassage(to: parent.appending("any"), for: account)
      return nil
    } catch {
      if case .folderUnreachable(_, _, let closedFolder) = error { return closedFolder }
      return nil
    }
  }
}

extension FilePath {
  /// The path without any link in it; `nil` if nothing stands there.
  var resolved: FilePath? {
    guard let resolved = realpath(string, nil) else { return nil }
    defer { free(resolved) }
    return FilePath(platformString: resolved)
  }
}
