import Postgres

extension FolderFacts {
  /// What they mean for the next start, or for the service that runs.
  var diagnoses: [Diagnosis] {
    switch presence {
    case .missing: [folder, reach, room, socket]
    case .notAFolder, .closed: [folder]
    case .there: [folder, reach, room, data, state, password, socket]
    }
  }

  private var folder: Diagnosis {
    let subject = "data folder"
    switch presence {
    case .missing:
      return Diagnosis("data-folder", subject, .ok, "\(path) is made at the first start")
    case .notAFolder:
      return Diagnosis(LocalPostgresError.notAFolder(path: path), "data-folder", subject)
    case .closed(let owner):
      return Diagnosis(
        "data-folder", subject, .warning, "\(path) is closed to this account",
        remedy: "Look into it as \(owner) or root.")
    case .there(let owner, _) where owner != account:
      return Diagnosis(
        LocalPostgresError.folderOfAnotherAccount(path: path, owner: owner, account: account),
        "data-folder", subject)
    case .there(_, let permissions) where permissions & 0o077 != 0:
      return Diagnosis(
        "data-folder", subject, .warning,
        "\(path) is open to other accounts (mode \(String(permissions, radix: 8)))",
        remedy: "Close it with `chmod 700 \(path)`; the next start does so too.")
    case .there(let owner, let permissions):
      return Diagnosis(
        "data-folder", subject, .ok,
        "\(path), of \(owner), mode \(String(permissions, radix: 8))")
    }
  }

  private var reach: Diagnosis {
    if let closedFolder {
      return Diagnosis(
        LocalPostgresError.folderUnreachable(
          path: path, account: account, closedFolder: closedFolder),
        "data-folder-reach", "way to the folder")
    }
    return Diagnosis("data-folder-reach", "way to the folder", .ok, "open to \(account)")
  }

  private var room: Diagnosis {
    let needed =
      dataVersion == nil && !hasUnreadableData
      ? DiskSpace.neededToInitializeMebibytes : DiskSpace.neededToStartMebibytes
    guard let freeMebibytes else {
      return Diagnosis(
        "disk-room", "room on the disk", .warning, "the disk does not say",
        remedy: "Look with df.")
    }
    if freeMebibytes < needed {
      return Diagnosis(
        LocalPostgresError.diskFull(
          path: path, freeMebibytes: freeMebibytes, neededMebibytes: needed),
        "disk-room", "room on the disk")
    }
    // The write-ahead log alone may grow to max_wal_size, 4 GiB as the first start writes it.
    return freeMebibytes < 6 * 1024
      ? Diagnosis(
        "disk-room", "room on the disk", .warning, "\(freeMebibytes) MiB are free",
        remedy: "Keep 6 GiB free: the write-ahead log may take 4 of them.")
      : Diagnosis("disk-room", "room on the disk", .ok, "\(freeMebibytes / 1024) GiB are free")
  }

  private var data: Diagnosis {
    if let ownerOfData {
      return Diagnosis(
        LocalPostgresError.folderOfAnotherAccount(
          path: path + "/data", owner: ownerOfData, account: account), "data", "data")
    }
    if hasUnreadableData {
      return Diagnosis(LocalPostgresError.dataUnreadable(path: path + "/data"), "data", "data")
    }
    guard let dataVersion else {
      return Diagnosis("data", "data", .ok, "none yet; they are made at the first start")
    }
    let checksums = controlData.map { $0.hasChecksums ? ", with checksums" : ", without checksums" }
    return Diagnosis("data", "data", .ok, "of PostgreSQL \(dataVersion)\(checksums ?? "")")
  }

  private var state: Diagnosis {
    let subject = "server in the folder"
    switch activity {
    case .serving(let service, let server):
      return Diagnosis(
        "server-state", subject, .ok,
        "runs (process \(server)) for the service that is process \(service)")
    case .held(let service):
      return Diagnosis(
        "server-state", subject, .warning,
        "is being started or stopped by \(service.map { "process \($0)" } ?? "another cathlog")",
        remedy: "Look again in a moment.")
    case .orphan(let server):
      return Diagnosis(
        "server-state", subject, .warning, "process \(server) runs and no service owns it",
        remedy: "The next start ends it in order and takes its place.")
    case .foreignListener(let process):
      return Diagnosis(
        LocalPostgresError.socketInUse(path: socketPath, processIdentifier: process),
        "server-state", subject)
    case .none: return stopped(subject)
    }
  }

  private func stopped(_ subject: String) -> Diagnosis {
    guard dataVersion != nil else {
      return Diagnosis("server-state", subject, .ok, "has not been started yet")
    }
    guard let controlData else {
      return Diagnosis(
        "server-state", subject, .warning, "is stopped; how it ended cannot be read",
        remedy: "Start it: it recovers, or says what is damaged.")
    }
    return controlData.isClean
      ? Diagnosis("server-state", subject, .ok, "is stopped, in order")
      : Diagnosis(
        "server-state", subject, .warning, "was not stopped in order (\(controlData.state))",
        remedy: "Start it: it recovers by itself, nothing that was answered is lost.")
  }

  private var password: Diagnosis {
    let path = path + "/password"
    if dataVersion != nil, !hasPassword {
      return Diagnosis(
        LocalPostgresError.passwordMissing(path: path), "database-password", "database's password")
    }
    return Diagnosis(
      "database-password", "database's password", .ok,
      hasPassword ? "is there" : "is made at the first start")
  }

  private var socket: Diagnosis {
    Diagnosis(
      "socket-path", "socket", .ok,
      isSocketElsewhere
        ? "\(socketPath), since the folder's path is too long for one"
        : "\(socketPath) (\(socketPath.utf8.count) of \(SocketFolder.addressByteLimit) bytes)")
  }
}

extension Diagnosis {
  /// What keeps the server from starting, as a start would say it.
  init(_ error: LocalPostgresError, _ code: String, _ subject: String) {
    self.init(
      code, subject, error.exitStatus == 78 ? .misconfigured : .unavailable,
      error.sentence, remedy: error.remedy)
  }
}
