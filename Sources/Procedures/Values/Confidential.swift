/// A text that can identify a patient: sealed under the case's key before it reaches the log, so
/// that destroying the key erases it and leaves every proof valid.
public enum Confidential: Hashable, Sendable {
  /// As a person wrote it; seen only by callers whose role may.
  case clear(String)
  /// As the log holds it: the mark of its key, nonce, ciphertext and tag.
  case sealed([UInt8])
  /// The key is gone.
  case erased

  /// The longest text, in UTF-8 bytes.
  public static let byteLimit = 65_536
}

extension Confidential {
  /// Whether both hold the same, texts byte by byte.
  public static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.clear(let a), .clear(let b)): a.utf8.elementsEqual(b.utf8)
    case (.sealed(let a), .sealed(let b)): a == b
    case (.erased, .erased): true
    case (.clear, _), (.sealed, _), (.erased, _): false
    }
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .clear(let text): hasher.combine(utf8Of: text)
    case .sealed(let bytes): hasher.combine(bytes)
    case .erased: hasher.combine(true)
    }
  }
}
