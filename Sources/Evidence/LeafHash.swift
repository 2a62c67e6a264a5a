internal import Crypto

/// The hash of one leaf of the log's tree (RFC 9162, 2.1.1): SHA-256 over 0x00 and the leaf's bytes.
public struct LeafHash: Hashable, Sendable {
  /// 32 bytes.
  public let bytes: [UInt8]

  /// How many bytes a hash has.
  public static let byteCount = SHA256.byteCount

  /// The hash of a leaf of these bytes.
  public init(ofLeaf bytes: some Sequence<UInt8>) {
    var hash = SHA256()
    hash.update(data: [0x00] + bytes)
    self.bytes = Array(hash.finalize())
  }

  /// A hash read back from where it was stored; nil unless it has 32 bytes.
  public init?(stored bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }
}
