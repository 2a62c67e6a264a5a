/// A text that can identify a patient: sealed under the case's key before it reaches the log, so
/// that destroying the key erases it and leaves every proof valid.
public enum Confidential: Hashable, Sendable {
  /// As a person wrote it; seen only by callers whose role may.
  case clear(String)
  /// As the log holds it: nonce, ciphertext and tag.
  case sealed([UInt8])
  /// The key is gone.
  case erased

  /// The longest text, in UTF-8 bytes.
  public static let byteLimit = 65_536
}
