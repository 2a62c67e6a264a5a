import SystemPackage

/// What a server or `initdb` said before it ended, and what that means.
///
/// The server speaks English (`lc_messages`), and says nothing here about a statement or a value.
struct LastWords {
  /// The fatal sentences since the server was last ready, the last one last.
  let sentences: [String]

  /// Reads what was written into the log.
  init(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline)
    let ready = lines.lastIndex { $0.contains("database system is ready to accept connections") }
    let since = ready.map { lines[lines.index(after: $0)...] } ?? lines[...]
    sentences = since.compactMap(Self.sentence)
  }

  /// The cause, where the words name one that has a remedy of its own.
  func cause(in folder: DataFolder) -> LocalPostgresError? {
    for sentence in sentences.reversed() {
      if Self.spaceWords.contains(where: sentence.contains) {
        return .diskFull(at: folder.path, neededMebibytes: DiskSpace.neededToStartMebibytes)
      }
      if Self.memoryWords.contains(where: sentence.contains) {
        return .memoryShort(reason: sentence)
      }
      if Self.damageWords.contains(where: sentence.contains) {
        return .dataDamaged(path: folder.data.string, reason: sentence)
      }
    }
    return nil
  }

  /// The sentence behind `FATAL:` and its like.
  private static func sentence(in line: Substring) -> String? {
    for mark in ["FATAL: ", "PANIC: ", "initdb: error: "] {
      if let range = line.firstRange(of: mark) {
        let sentence = line[range.upperBound...].drop { $0 == " " }
        return sentence.isEmpty ? nil : String(sentence)
      }
    }
    return nil
  }

  private static let spaceWords = ["No space left on device", "Disk quota exceeded"]
  private static let memoryWords = ["Cannot allocate memory", "out of memory"]
  private static let damageWords = [
    "incorrect checksum in control file", "global/pg_control", "invalid data in file",
    "could not locate a valid checkpoint record", "could not locate required checkpoint record",
    "could not find redo location", "invalid checkpoint", "invalid primary checkpoint",
    "files are incompatible with server", "not a valid data directory", "required WAL directory",
    "\"pg_wal\"", "relation mapping file", "could not access status of transaction",
    "requested WAL segment",
  ]
}
