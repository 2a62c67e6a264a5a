import Foundation

/// The process that listens on a TCP port of this machine.
struct PortHolder: CustomStringConvertible {
  let processIdentifier: Int32
  /// The name of its program.
  let program: String

  var description: String { "process \(processIdentifier), \(program)" }

  /// Looks in `/proc`, where root sees every process and another account its own.
  init?(ofPort port: Int) {
    let sockets = Self.listeningSockets(onPort: port)
    let files = FileManager.default
    guard !sockets.isEmpty, let entries = try? files.contentsOfDirectory(atPath: "/proc") else {
      return nil
    }
    for process in entries.lazy.compactMap({ Int32($0) }) {
      let folder = "/proc/\(process)/fd"
      let descriptors = (try? files.contentsOfDirectory(atPath: folder)) ?? []
      let holds = descriptors.contains { descriptor in
        let target = try? files.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)")
        return target.map(sockets.contains) ?? false
      }
      guard holds else { continue }
      processIdentifier = process
      program = ProgramName.of(process: process) ?? "unknown"
      return
    }
    return nil
  }

  /// Whether any process listens on a port, also one that this account cannot see.
  static func isListening(onPort port: Int) -> Bool {
    !listeningSockets(onPort: port).isEmpty
  }

  /// The sockets as `/proc/PID/fd` calls them: `socket:[INODE]`.
  private static func listeningSockets(onPort port: Int) -> Set<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].compactMap {
      try? String(contentsOfFile: $0, encoding: .utf8)
    }
    let listening = "0A"
    let lines = tables.flatMap { $0.split(separator: "\n").dropFirst() }
    return Set(
      lines.compactMap { line in
        let columns = line.split(separator: " ")
        guard columns.count > 9, columns[3] == listening,
          let text = columns[1].split(separator: ":").last, Int(text, radix: 16) == port
        else {
          return nil
        }
        return "socket:[\(columns[9])]"
      })
  }
}

/// What a process runs.
enum ProgramName {
  static func of(process: Int32) -> String? {
    try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)
      .trimmingCharacters(in: .newlines)
  }
}
