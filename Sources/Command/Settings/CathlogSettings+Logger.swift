import Logging
import Settings

extension CathlogSettings {
  /// Writes to standard error in the format and from the level that are set.
  var logger: Logger {
    let isJSON =
      switch logFormat {
      case .auto: !Terminal.showsProgress
      case .json: true
      case .text: false
      }
    let level = logLevel
    return Logger(label: "cathlog") { label in
      let handler: any LogHandler =
        isJSON
        ? JSONLogHandler(label: label, level: level) { .now } : PlainLogHandler(level: level)
      return handler
    }
  }
}

extension ResolvedSettings {
  /// Logs every setting with its source, at the level of debugging, and what is wrong with them.
  func log(to logger: Logger) {
    for warning in warnings { logger.warning("\(warning)") }
    let metadata = rows.map { ($0.setting.key, Logger.MetadataValue("\($0.value) (\($0.source))")) }
    logger.debug("settings", metadata: Logger.Metadata(metadata) { first, _ in first })
  }
}
