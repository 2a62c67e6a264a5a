internal import Crypto
internal import Procedures

/// The key that wraps every case's key and every registry's; it comes from a file or the environment
/// and never reaches the database.
public struct MasterKey: Sendable {
  /// Names the key without telling it: the first eight bytes of its SHA-256.
  public let id: [UInt8]
  let key: SymmetricKey

  /// How many bytes a key has.
  public static let byteCount = 32

  /// The key of these bytes; nil unless there are 32.
  public init?(bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    id = Array(SHA256.hash(data: bytes).prefix(8))
    key = SymmetricKey(data: bytes)
  }

  /// The key of this base64 text; nil unless it holds 32 bytes.
  public init?(base64 text: String) {
    guard let bytes = Base64.decode(text) else { return nil }
    self.init(bytes: bytes)
  }

  /// A new key from the system's source of chance.
  public static func random() -> MasterKey { MasterKey(SymmetricKey(size: .bits256)) }

  private init(_ key: SymmetricKey) {
    self.key = key
    id = key.withUnsafeBytes { Array(SHA256.hash(data: $0).prefix(8)) }
  }

  /// The key in base64, as a file or the environment holds it.
  public var base64: String { key.withUnsafeBytes { Base64.encode(Array($0)) } }
}

extension MasterKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The key's name, never the key.
  public var description: String { "MasterKey(\(Base64.encode(id)))" }
  /// The same as `description`.
  public var debugDescription: String { description }
  /// A mirror without the key.
  public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
