import Foundation

extension LocalPostgresError: CustomStringConvertible {
  /// What happened and what to do about it.
  public var description: String { "\(sentence) \(remedy)" }

  /// What happened, in one sentence.
  public var sentence: String {
    switch self {
    case .homeUnknown:
      "No folder is known for the data: neither XDG_DATA_HOME nor HOME is set."
    case .accountMissing(let name):
      "PostgreSQL does not run as root, and there is no account “\(name)” to run it under."
    case .programsMissing(let searched):
      "PostgreSQL's server programs were not found in \(searched.joined(separator: ", "))."
    case .versionMismatch(let folder, let dataVersion, let installedVersion):
      "\(folder) holds data of PostgreSQL \(dataVersion), but PostgreSQL \(installedVersion) is installed."
    case .notAFolder(let path):
      "\(path) is not a folder."
    case .folderNotWritable(let path):
      "\(path) cannot be written to."
    case .folderOfAnotherAccount(let path, let account):
      "\(path) does not belong to the account “\(account)”."
    case .folderUnreachable(let path, let account, let closedFolder):
      "The account “\(account)” cannot reach \(path): \(closedFolder) is closed to it."
    case .diskFull(let path, let free, let needed):
      "The disk of \(path) is full: \(free) MiB are free, \(needed) MiB are needed."
    case .folderInUse(let path, let processIdentifier):
      "\(path) is in use by another cathlog\(processIdentifier.map { " (process \($0))" } ?? "")."
    case .dataUnreadable(let path):
      "\(path) is not a database of PostgreSQL."
    case .passwordMissing(let path):
      "\(path), the password of the database beside it, is missing."
    case .fileOperationFailed(let path, let errorNumber):
      "\(path): \(String(cString: strerror(errorNumber)))."
    case .programFailed(let name, _):
      "PostgreSQL's \(name) failed."
    case .orphanRemains(let processIdentifier):
      "A PostgreSQL of an earlier run (process \(processIdentifier)) does not end."
    case .startFailed:
      "PostgreSQL ended before it was ready."
    case .startTimedOut(_, let seconds):
      "PostgreSQL was not ready after \(seconds) seconds."
    case .endedUnexpectedly:
      "PostgreSQL ended while it was in use."
    }
  }

  /// What to do about it, in one sentence.
  public var remedy: String {
    switch self {
    case .homeUnknown: "Set HOME, or name a folder with --data-dir."
    case .accountMissing, .programsMissing:
      "Install it with `apt-get install postgresql`, or name a database in DATABASE_URL."
    case .versionMismatch(_, let dataVersion, _):
      "Install it with `apt-get install postgresql-\(dataVersion)`, or move the data with pg_upgrade."
    case .notAFolder: "Name a folder with --data-dir."
    case .folderNotWritable, .folderOfAnotherAccount:
      "Change the folder's owner with chown, or name another folder with --data-dir."
    case .folderUnreachable:
      "Name a folder outside of it with --data-dir, such as /var/lib/cathlog."
    case .diskFull: "Free some space, or move the folder and name it with --data-dir."
    case .folderInUse: "Stop the other one first, or name another folder with --data-dir."
    case .dataUnreadable: "Restore the folder from a backup, or name another with --data-dir."
    case .passwordMissing: "Restore the file from the backup that holds the data."
    case .fileOperationFailed: "Mend the cause and start again."
    case .orphanRemains(let processIdentifier):
      "End it with `kill -QUIT \(processIdentifier)` and start again."
    case .programFailed(_, let logFolder), .startFailed(let logFolder),
      .startTimedOut(let logFolder, _), .endedUnexpectedly(let logFolder):
      "The reason is in the newest file in \(logFolder)."
    }
  }
}
