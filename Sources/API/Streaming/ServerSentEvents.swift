internal import Procedures

/// The lines of `text/event-stream` (WHATWG HTML, 9.2).
enum ServerSentEvents {
  static let mediaType = "text/event-stream"

  /// How soon a client comes back when the connection broke, in milliseconds.
  static let opening = Array("retry: 1000\n\n".utf8)

  /// Shows that the stream lives; clients skip it.
  static let heartbeat = Array(":\n\n".utf8)

  /// Appends an event; its id is the version, with which a client comes back.
  ///
  /// JSON's compact form has no line break, so that the data is one line.
  static func write(_ event: RecordedEvent, into bytes: inout [UInt8]) {
    bytes.append(contentsOf: "id: \(event.version)\ndata: ".utf8)
    event.json.write(into: &bytes, sorted: false)
    bytes.append(contentsOf: "\n\n".utf8)
  }
}
