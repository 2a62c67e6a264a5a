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
    case .initdbMissing(let folder):
      "PostgreSQL in \(folder) has no initdb, which makes the data at the first start."
    case .versionTooOld(let version):
      "PostgreSQL \(version) is installed, and Cathlog needs \(ServerPrograms.oldestVersion) or newer."
    case .versionMismatch(let folder, let dataVersion, let installedVersion):
      "\(folder) holds data of PostgreSQL \(dataVersion), but PostgreSQL \(installedVersion) is installed."
    case .notAFolder(let path):
      "\(path) is not a folder."
    case .folderNotWritable(let path):
      "\(path) cannot be written to."
    case .folderReadOnly(let path):
      "\(path) is on a file system that is mounted for reading only."
    case .folderOfAnotherAccount(let path, let owner, let account):
      "\(path) belongs to the account “\(owner)”, not to “\(account)”, which runs PostgreSQL."
    case .folderUnreachable(let path, let account, let closedFolder):
      "The account “\(account)” cannot reach \(path): \(closedFolder) is closed to it."
    case .diskFull(let path, let free, let needed):
      "The disk of \(path) is full: \(free) MiB are free, \(needed) MiB are needed."
    case .folderInUse(let path, let processIdentifier):
      "\(path) is in use by another cathlog\(Self.named(processIdentifier))."
    case .socketInUse(let path, let processIdentifier):
      "Another program\(Self.named(processIdentifier)) listens on \(path)."
    case .dataUnreadable(let path):
      "\(path) is not a database of PostgreSQL."
    case .dataDamaged(let path, let reason):
      "The database in \(path) is damaged: \(reason)."
    case .passwordMissing(let path):
      "\(path), the password of the database beside it, is missing."
    case .fileOperationFailed(let path, let errorNumber):
      "\(path): \(String(cString: strerror(errorNumber)))."
    case .memoryShort(let reason):
      "The machine has too little memory for PostgreSQL: \(reason)."
    case .programFailed(let name, _, let reason):
      "PostgreSQL's \(name) failed\(Self.because(reason))."
    case .orphanRemains(let processIdentifier):
      "A PostgreSQL of an earlier run (process \(processIdentifier)) does not end."
    case .startFailed(_, let reason):
      "PostgreSQL ended before it was ready\(Self.because(reason))."
    case .startTimedOut(_, let seconds):
      "PostgreSQL was not ready after \(seconds) seconds."
    case .endedUnexpectedly(_, let signal):
      signal.map { "PostgreSQL was ended from outside, by signal \($0), while it was in use." }
        ?? "PostgreSQL ended while it was in use."
    }
  }

  /// What to do about it, in one sentence.
  public var remedy: String {
    switch self {
    case .homeUnknown: "Set HOME, or name a folder with --data-dir."
    case .accountMissing, .programsMissing, .initdbMissing:
      "Install it with `apt-get install postgresql`, or name a database in DATABASE_URL."
    case .versionTooOld:
      "Install a newer one from apt.postgresql.org, or name a database in DATABASE_URL."
    case .versionMismatch(_, let dataVersion, let installedVersion):
      if dataVersion < ServerPrograms.oldestVersion {
        "Move the data to PostgreSQL \(installedVersion) with pg_upgrade."
      } else if dataVersion < installedVersion {
        "Move the data with pg_upgrade, or install `postgresql-\(dataVersion)` with apt-get."
      } else {
        "Install `postgresql-\(dataVersion)` with apt-get."
      }
    case .notAFolder: "Name a folder with --data-dir."
    case .folderNotWritable:
      "Change the folder's owner with chown, or name another folder with --data-dir."
    case .folderReadOnly: "Mount it for writing, or name another folder with --data-dir."
    case .folderOfAnotherAccount(let path, _, let account):
      "Give it back with `chown -R \(account) \(path)`, or name another folder with --data-dir."
    case .folderUnreachable:
      "Name a folder outside of it with --data-dir, such as /var/lib/cathlog."
    case .diskFull: "Free some space, or move the folder and name it with --data-dir."
    case .folderInUse: "Stop the other one first, or name another folder with --data-dir."
    case .socketInUse: "Stop that program first, or name another folder with --data-dir."
    case .dataUnreadable: "Restore the folder from a backup, or name another with --data-dir."
    case .dataDamaged: "Restore the folder from a backup; keep this one for who looks into it."
    case .passwordMissing: "Restore the file from the backup that holds the data."
    case .fileOperationFailed: "Mend the cause and start again."
    case .memoryShort:
      "Free some memory, or lower shared_buffers in postgresql.conf beside the data."
    case .orphanRemains(let processIdentifier):
      "End it with `kill -QUIT \(processIdentifier)` and start again."
    case .programFailed(_, let logFolder, _), .startFailed(let logFolder, _),
      .startTimedOut(let logFolder, _):
      "More is in the newest file in \(logFolder)."
    case .endedUnexpectedly(let logFolder, _):
      "Start again: what was answered is kept; more is in the newest file in \(logFolder)."
    }
  }

  private static func named(_ processIdentifier: Int32?) -> String {
    processIdentifier.map { " (process \($0))" } ?? ""
  }

  private static func because(_ reason: String?) -> String {
    reason.map { ": \($0)" } ?? ""
  }
}
