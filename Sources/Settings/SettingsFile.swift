internal import Foundation
internal import Procedures

/// A file of settings: a JSON object whose members are settings' keys, or the parts of them.
///
/// Read with the reader of the log's own JSON, and not as leniently as most files of settings are: a
/// name twice, or one that no setting has, is refused.
struct SettingsFile {
  /// The most bytes of such a file.
  static let sizeLimit = 1 << 16

  /// The values as texts, by key.
  let values: [String: String]

  /// Reads the file.
  init(path: String, namedBy source: SettingSource) throws(SettingsError) {
    let (bytes, isPublic) = try Self.contents(of: path, namedBy: source)
    let document: JSON
    do throws(JSONError) {
      document = try JSON.read(bytes, limits: JSON.Limits(depth: 4, bytes: Self.sizeLimit))
    } catch {
      throw .malformed(file: path, offset: error.offset, sentence: error.sentence)
    }
    guard case .object = document else {
      throw .malformed(file: path, offset: 0, sentence: "\(document.kind) instead of an object")
    }
    var values: [String: String] = [:]
    try Self.collect(document, key: "", path, into: &values)
    self.values = values
    let secret = Setting.table.first { $0.isSecret && values[$0.key] != nil }
    if isPublic, let secret { throw .exposed(key: secret.key, file: path) }
  }

  private static func collect(
    _ value: JSON, key: String, _ file: String, into values: inout [String: String]
  ) throws(SettingsError) {
    if let setting = Setting.table.first(where: { $0.key == key && $0.flag != .config }) {
      // Both as {"http.port": 80} and as {"http": {"port": 80}}.
      guard values[key] == nil else {
        throw .malformed(file: file, offset: 0, sentence: "\(key) stands in it twice")
      }
      switch value {
      case .string(let text): values[key] = text
      case .number where setting.takesNumber: values[key] = value.compactText
      case .number, .null, .bool, .array, .object:
        throw .invalid(key: key, .file(file), allowed: setting.allowed)
      }
      return
    }
    let prefix = key.isEmpty ? "" : key + "."
    guard let members = value.members,
      key.isEmpty || Setting.table.contains(where: { $0.key.hasPrefix(prefix) })
    else {
      throw .unknown(key: key, file: file, nearest: Spelling.nearest(to: key, in: Self.keys))
    }
    for member in members {
      try collect(member.value, key: prefix + member.name, file, into: &values)
    }
  }

  private static let keys = Setting.table.filter { $0.flag != .config }.map(\.key)

  /// The bytes of a file that is no larger than such a file may be, and whether everybody may read it.
  static func contents(
    of path: String, namedBy source: SettingSource
  ) throws(SettingsError) -> (bytes: [UInt8], isPublic: Bool) {
    let failure = SettingsError.unreadable(file: path, source)
    guard let file = FileHandle(forReadingAtPath: path) else { throw failure }
    defer { try? file.close() }
    var status = stat()
    guard fstat(file.fileDescriptor, &status) == 0 else { throw failure }
    let data: Data
    do {
      data = try file.read(upToCount: sizeLimit + 1) ?? Data()
    } catch {
      throw failure
    }
    guard data.count <= sizeLimit else { throw failure }
    return (Array(data), status.st_mode & 0o007 != 0)
  }
}
