import Foundation
import Procedures

/// The lines of a file, one at a time, in memory for one chunk and one line.
struct LineReader {
  private static let chunkByteCount = 1 << 18

  private let descriptor: Int32
  private let name: String
  private var chunk: [UInt8] = []
  private var offset = 0
  private var isAtEnd = false

  /// Opens a file; `-` is standard input.
  init(path: String) throws(CommandFailure) {
    name = path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path, errno) }
  }

  /// The next line without its line feed; nil at the end of the file.
  ///
  /// A line that is longer than a line of events may be is cut just behind that limit, for the reader
  /// of events to refuse.
  mutating func next() throws(CommandFailure) -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      if offset == chunk.count {
        guard try fill() else { return line.isEmpty ? nil : line }
      }
      let rest = chunk[offset...]
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      let piece = rest[..<(end ?? rest.endIndex)]
      let room = EventFile.lineLimit + 1 - line.count
      if room > 0 { line.append(contentsOf: piece.prefix(room)) }
      offset = end.map { $0 + 1 } ?? chunk.count
      if end != nil { return line }
    }
  }

  /// Closes the file; a reader that is not closed leaves it to the end of the process.
  func close() {
    if descriptor != STDIN_FILENO { Glibc.close(descriptor) }
  }

  private mutating func fill() throws(CommandFailure) -> Bool {
    guard !isAtEnd else { return false }
    var buffer = [UInt8](repeating: 0, count: Self.chunkByteCount)
    var count = 0
    repeat {
      count = read(descriptor, &buffer, buffer.count)
    } while count < 0 && errno == EINTR
    guard count >= 0 else { throw .unreadable(name, errno) }
    isAtEnd = count == 0
    chunk = Array(buffer.prefix(count))
    offset = 0
    return count > 0
  }
}

/// Reads files of events in the order given.
enum EventFiles {
  /// Calls `body` with each event, its file's name and its line.
  ///
  /// - Throws: ``CommandFailure`` for the first line at fault, and what `body` refuses at that line.
  static func forEachLine(
    of paths: [String], _ body: (EventFile.Line) throws(EventFile.Fault) -> Void
  ) throws(CommandFailure) {
    for path in paths {
      var reader = try LineReader(path: path)
      defer { reader.close() }
      var file = EventFile()
      while let bytes = try reader.next() {
        do throws(EventFile.Fault) {
          if let line = try file.next(bytes) { try body(line) }
        } catch {
          throw CommandFailure(
            error.refusal.code.rawValue, error.refusal.sentence, .data,
            at: "\(path):\(error.line)")
        }
      }
    }
  }
}

extension CommandFailure {
  /// An input cannot be read.
  static func unreadable(_ path: String, _ error: Int32) -> CommandFailure {
    CommandFailure("file-unreadable", "\(String(cString: strerror(error))).", .noInput, at: path)
  }
}
