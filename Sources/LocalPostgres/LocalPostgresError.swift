/// Why the private PostgreSQL server could not be started or kept, and what to do about it.
public enum LocalPostgresError: Error, Equatable, Sendable {
  /// Neither `XDG_DATA_HOME` nor `HOME` names a folder to keep the data in.
  case homeUnknown
  /// PostgreSQL refuses to run as root, and the account it would run under does not exist.
  case accountMissing(name: String)
  /// The server's programs were not found in any of these folders.
  case programsMissing(searched: [String])
  /// An installation has the server but not the program that makes its data.
  case initdbMissing(folder: String)
  /// The newest server installed is older than the log can be kept in.
  case versionTooOld(installedVersion: Int)
  /// The folder's data were written by another major version than the programs installed.
  case versionMismatch(folder: String, dataVersion: Int, installedVersion: Int)

  /// What stands at the path is not a folder.
  case notAFolder(path: String)
  /// This process may not write in the folder.
  case folderNotWritable(path: String)
  /// The folder is on a file system that is mounted for reading only.
  case folderReadOnly(path: String)
  /// The folder, or a file in it, belongs to another account.
  case folderOfAnotherAccount(path: String, owner: String, account: String)
  /// The account of the server may not pass through a folder on the way.
  case folderUnreachable(path: String, account: String, closedFolder: String)
  /// The disk has too little room to go on.
  case diskFull(path: String, freeMebibytes: Int, neededMebibytes: Int)
  /// Another process serves from the folder.
  case folderInUse(path: String, processIdentifier: Int32?)
  /// Another server listens on the socket.
  case socketInUse(path: String, processIdentifier: Int32?)
  /// The folder's data are not a database of PostgreSQL.
  case dataUnreadable(path: String)
  /// The folder's data are a database that PostgreSQL cannot open, for this reason.
  case dataDamaged(path: String, reason: String)
  /// The data are there, but their password is not.
  case passwordMissing(path: String)
  /// An operation on a file failed with this error number of the operating system.
  case fileOperationFailed(path: String, errorNumber: Int32)

  /// The machine has too little memory for the server, for this reason.
  case memoryShort(reason: String)
  /// A program of PostgreSQL could not be run or failed; what it said is in the start log.
  case programFailed(name: String, logFolder: String, reason: String?)
  /// A server that an earlier service left behind does not end.
  case orphanRemains(processIdentifier: Int32)
  /// The server ended before it was ready, with these last words.
  case startFailed(logFolder: String, reason: String?)
  /// The server did not become ready in time.
  case startTimedOut(logFolder: String, seconds: Int)
  /// The server ended while it was in use, by this signal where it was one.
  case endedUnexpectedly(logFolder: String, signal: Int32?)
}

extension LocalPostgresError {
  /// The error's name for programs: stable, in kebab case.
  public var code: String {
    switch self {
    case .homeUnknown: "home-unknown"
    case .accountMissing: "account-missing"
    case .programsMissing: "postgresql-missing"
    case .initdbMissing: "initdb-missing"
    case .versionTooOld: "postgresql-too-old"
    case .versionMismatch: "postgresql-version-mismatch"
    case .notAFolder: "not-a-folder"
    case .folderNotWritable: "folder-not-writable"
    case .folderReadOnly: "folder-read-only"
    case .folderOfAnotherAccount: "folder-of-another-account"
    case .folderUnreachable: "folder-unreachable"
    case .diskFull: "disk-full"
    case .folderInUse: "folder-in-use"
    case .socketInUse: "socket-in-use"
    case .dataUnreadable: "data-unreadable"
    case .dataDamaged: "data-damaged"
    case .passwordMissing: "password-missing"
    case .fileOperationFailed: "file-operation-failed"
    case .memoryShort: "memory-short"
    case .programFailed: "program-failed"
    case .orphanRemains: "orphan-remains"
    case .startFailed: "start-failed"
    case .startTimedOut: "start-timed-out"
    case .endedUnexpectedly: "ended-unexpectedly"
    }
  }

  /// The status that a command ends with for this error, after `sysexits.h`.
  public var exitStatus: Int32 {
    switch self {
    case .dataDamaged: 65
    case .programsMissing, .initdbMissing, .accountMissing, .diskFull, .memoryShort, .startFailed,
      .startTimedOut, .endedUnexpectedly, .programFailed, .orphanRemains:
      69
    case .fileOperationFailed: 74
    case .folderInUse, .socketInUse: 75
    case .folderNotWritable, .folderReadOnly, .folderOfAnotherAccount, .folderUnreachable: 77
    case .homeUnknown, .versionTooOld, .versionMismatch, .notAFolder, .dataUnreadable,
      .passwordMissing:
      78
    }
  }
}
