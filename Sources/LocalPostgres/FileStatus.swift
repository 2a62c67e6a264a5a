import Foundation
import SystemPackage

/// What the file system says of a path: its kind, owner and permissions.
struct FileStatus {
  let isFolder: Bool
  let userID: uid_t
  let groupID: gid_t
  let permissions: mode_t

  init(of path: FilePath, followingLink: Bool) throws(LocalPostgresError) {
    var status = stat()
    let result = followingLink ? stat(path.string, &status) : lstat(path.string, &status)
    guard result == 0 else { throw .fileOperation(on: path) }
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    userID = status.st_uid
    groupID = status.st_gid
    permissions = status.st_mode & 0o7777
  }

  /// Whether the account, without supplementary groups, may pass through the folder.
  func canBePassed(by account: ServerAccount) -> Bool {
    if userID == account.userID {
      permissions & 0o100 != 0
    } else if groupID == account.groupID {
      permissions & 0o010 != 0
    } else {
      permissions & 0o001 != 0
    }
  }
}

extension LocalPostgresError {
  /// The error for a failed operation on a file, from `errno` as it stands.
  static func fileOperation(on path: FilePath, errorNumber: Int32 = errno) -> LocalPostgresError {
    switch errorNumber {
    case ENOSPC, EDQUOT: .diskFull(at: path, neededMebibytes: 1)
    case EACCES, EPERM: .folderNotWritable(path: path.string)
    case EROFS: .folderReadOnly(path: path.string)
    case ENOTDIR: .notAFolder(path: path.string)
    default: .fileOperationFailed(path: path.string, errorNumber: errorNumber)
    }
  }

  /// The error for what swift-system threw in an operation on a file.
  static func fileOperation(on path: FilePath, _ error: any Error) -> LocalPostgresError {
    fileOperation(on: path, errorNumber: (error as? Errno ?? .ioError).rawValue)
  }

  /// The error for a disk with too little room.
  static func diskFull(at path: FilePath, neededMebibytes: Int) -> LocalPostgresError {
    .diskFull(
      path: path.string, freeMebibytes: DiskSpace.freeMebibytes(at: path) ?? 0,
      neededMebibytes: neededMebibytes)
  }
}
