import Logging
import Procedures

/// Log lines as JSON on standard error, one object a line: what a collector reads.
struct JSONLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel: Logger.Level
  private let label: String
  private let now: @Sendable () -> Instant

  init(label: String, level: Logger.Level, now: @escaping @Sendable () -> Instant) {
    self.label = label
    self.logLevel = level
    self.now = now
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var members = [
      JSON.Member("at", .string(now().description)),
      JSON.Member("level", .string(event.level.rawValue)),
      JSON.Member("logger", .string(label)),
      JSON.Member("message", .string(event.message.description)),
    ]
    if let error = event.error { members.append(JSON.Member("error", .string("\(error)"))) }
    let merged = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
      .merging(event.metadata ?? [:]) { $1 }
    for (key, value) in merged.sorted(by: { $0.key < $1.key })
    where !members.contains(where: { $0.name == key }) {
      members.append(JSON.Member(key, .string(value.description)))
    }
    Terminal.say(JSON.object(members).compactText)
  }
}

/// Log lines for a person who looks on.
struct PlainLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel: Logger.Level

  init(level: Logger.Level) { logLevel = level }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let merged = metadata.merging(event.metadata ?? [:]) { $1 }
    let details = merged.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let error = event.error.map { ["error=\($0)"] } ?? []
    let line = ["\(event.level.rawValue):", event.message.description] + details + error
    Terminal.say(line.joined(separator: " "))
  }
}
