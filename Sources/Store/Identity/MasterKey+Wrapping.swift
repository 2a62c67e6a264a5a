internal import Crypto

extension MasterKey {
  /// Encrypts a key for storage; it opens only for the same purpose.
  func wrap(_ key: SymmetricKey, for purpose: String) throws(StoreError) -> [UInt8] {
    let bytes = key.withUnsafeBytes { Array($0) }
    do {
      let box = try AES.GCM.seal(bytes, using: self.key, authenticating: Array(purpose.utf8))
      return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    } catch {
      throw .misuse("a key could not be wrapped")
    }
  }

  /// Opens a stored key.
  /// - Throws: ``StoreError/unreadable(_:)`` where it was not wrapped by this key for this purpose.
  func unwrap(_ bytes: [UInt8], for purpose: String) throws(StoreError) -> SymmetricKey {
    do {
      let box = try AES.GCM.SealedBox(combined: bytes)
      return SymmetricKey(
        data: try AES.GCM.open(box, using: key, authenticating: Array(purpose.utf8)))
    } catch {
      throw .unreadable("a stored key does not open: it was not wrapped for its place")
    }
  }
}
