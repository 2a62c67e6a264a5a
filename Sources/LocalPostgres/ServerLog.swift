import Foundation
import SystemPackage

/// What a server writes into the folder of its log from one moment on.
struct ServerLog: Sendable {
  /// How much of the newest text is read at most.
  static let byteLimit = 1 << 16

  private let folder: FilePath
  private let earlierSizes: [String: UInt64]

  /// Begins where the files in the folder end now.
  init(from folder: FilePath) {
    self.folder = folder
    earlierSizes = Self.sizes(in: folder)
  }

  /// What has been written since, file by file; of a file that was emptied, all.
  var text: String {
    Self.sizes(in: folder).sorted { $0.key < $1.key }.map { name, size in
      let earlier = earlierSizes[name] ?? 0
      return Self.text(
        of: folder.appending(name), from: earlier <= size ? earlier : 0, to: size)
    }.joined(separator: "\n")
  }

  private static func text(of file: FilePath, from start: UInt64, to end: UInt64) -> String {
    guard start < end, let handle = FileHandle(forReadingAtPath: file.string) else { return "" }
    defer { try? handle.close() }
    let newest = max(start, end - min(end, UInt64(byteLimit)))
    guard (try? handle.seek(toOffset: newest)) != nil,
      let bytes = try? handle.read(upToCount: byteLimit)
    else {
      return ""
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func sizes(in folder: FilePath) -> [String: UInt64] {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: folder.string)) ?? []
    return names.reduce(into: [:]) { sizes, name in
      let attributes = try? files.attributesOfItem(atPath: folder.appending(name).string)
      sizes[name] = (attributes?[.size] as? NSNumber)?.uint64Value
    }
  }
}
