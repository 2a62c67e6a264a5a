import Foundation
import SystemPackage

/// The room that is left on a disk.
enum DiskSpace {
  /// What `initdb` writes, with two segments of the write-ahead log.
  static let neededToInitializeMebibytes = 128

  /// One more segment of the write-ahead log: with less the server ends itself.
  static let neededToStartMebibytes = 16

  /// What is free for ordinary accounts, or `nil` if the disk does not say.
  static func freeMebibytes(at path: FilePath) -> Int? {
    var status = statvfs()
    guard statvfs(path.string, &status) == 0 else { return nil }
    return Int(clamping: (UInt64(status.f_bavail) * UInt64(status.f_frsize)) >> 20)
  }

  /// Throws unless so much is free.
  static func require(mebibytes: Int, at path: FilePath) throws(LocalPostgresError) {
    if let free = freeMebibytes(at: path), free < mebibytes {
      throw .diskFull(path: path.string, freeMebibytes: free, neededMebibytes: mebibytes)
    }
  }
}
