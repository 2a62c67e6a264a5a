import SystemPackage

/// What a server writes about itself into `postmaster.pid` in its data.
struct PostmasterFile {
  /// The process that is the server.
  let processIdentifier: Int32
  /// Whether the server takes connections.
  let isReady: Bool

  /// Reads the file in a folder of data; `nil` where no server runs or ran.
  init?(in data: FilePath) {
    guard let text = PrivateFile.text(of: data.appending("postmaster.pid")) else { return nil }
    self.init(text)
  }

  /// Reads the file's lines: the process stands on the first, the status on the eighth.
  init?(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, let processIdentifier = Int32(first), processIdentifier > 0
    else {
      return nil
    }
    self.processIdentifier = processIdentifier
    isReady = lines.count >= 8 && lines[7].hasPrefix("ready")
  }
}
