import Foundation
import SystemPackage

/// Where the private server keeps its data and how it is run.
public struct LocalServerConfiguration: Sendable {
  /// The folder for the server's data, log and socket; `nil` stands for the account's own.
  ///
  /// That is `/var/lib/cathlog` for root, else `$XDG_DATA_HOME/cathlog` or
  /// `~/.local/share/cathlog`.
  public var folder: String?

  /// Whether a commit reaches the disk before it is answered: off only for data of tests.
  public var isDurable: Bool

  var accountName = "postgres"
  var search = ProgramSearch.standard
  var environment = ProcessInfo.processInfo.environment
  var startLimit = Duration.seconds(300)
  var stopLimit = Duration.seconds(60)

  /// Keeps the data in a folder, or in the account's own.
  public init(folder: String? = nil, isDurable: Bool = true) {
    self.folder = folder
    self.isDurable = isDurable
  }
}

extension LocalServerConfiguration {
  /// The path of the folder, with what is left out of the configuration filled in.
  ///
  /// - Throws: ``LocalPostgresError/homeUnknown``.
  public func folderPath() throws(LocalPostgresError) -> String {
    try resolvedFolder(isRoot: geteuid() == 0).string
  }

  /// The folder to use, with what is left out of the configuration filled in.
  func resolvedFolder(isRoot: Bool) throws(LocalPostgresError) -> FilePath {
    if let folder {
      return Self.absolute(FilePath(folder))
    }
    if isRoot {
      return "/var/lib/cathlog"
    }
    if let dataHome = environment["XDG_DATA_HOME"], dataHome.hasPrefix("/") {
      return FilePath(dataHome).appending("cathlog")
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else {
      throw .homeUnknown
    }
    return FilePath(home).appending(".local/share/cathlog")
  }

  private static func absolute(_ path: FilePath) -> FilePath {
    let current = FilePath(FileManager.default.currentDirectoryPath)
    return current.pushing(path).lexicallyNormalized()
  }
}
