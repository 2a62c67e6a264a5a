internal import Crypto
internal import Procedures

/// The data key of one case, unwrapped: what is identifying in the case's events is sealed under it.
final class CaseKey: Sendable {
  /// The key as it is stored, or proposed.
  let wrapped: WrappedKey
  private let sealing: SymmetricKey
  /// A key of its own for the digests, so that no key serves two algorithms.
  ///
  /// Held ready: to set up the HMAC takes as long as to run it over an event.
  private let repeats: HMAC<SHA256>
  private let mark: [UInt8]

  init(_ key: SymmetricKey, wrapped: WrappedKey) {
    self.wrapped = wrapped
    sealing = key
    repeats = HMAC(
      key: HKDF<SHA256>.deriveKey(
        inputKeyMaterial: key, info: Array("cathlog repeat digest".utf8), outputByteCount: 32))
    mark = withUnsafeBytes(of: wrapped.id.high.bigEndian) { Array($0) }
  }

  /// HMAC-SHA-256 of an event's content: tells a repeat from a reused id without telling the content.
  func digest(ofContent bytes: [UInt8]) -> [UInt8] {
    var code = repeats
    code.update(data: bytes)
    return Array(code.finalize())
  }

  /// Seals a text for one place: the first eight bytes of the key's id, then nonce, ciphertext and
  /// tag of AES-GCM.
  ///
  /// The key's mark tells a text whose key was destroyed from one that was damaged, also when the
  /// case was given another key since.
  func seal(_ text: String, for place: SealedPlace) throws(StoreError) -> [UInt8] {
    do {
      let box = try AES.GCM.seal(Array(text.utf8), using: sealing, authenticating: place.bytes)
      return mark + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    } catch {
      throw .misuse("a text could not be sealed")
    }
  }

  /// What a seal holds.
  enum Content: Equatable {
    /// This text.
    case text(String)
    /// A text that another key sealed.
    case underAnotherKey
    /// Not what was sealed for this place.
    case damaged
  }

  /// Opens what was sealed for a place.
  func open(_ sealed: [UInt8], for place: SealedPlace) -> Content {
    guard sealed.starts(with: mark) else { return .underAnotherKey }
    guard let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst(mark.count)),
      let bytes = try? AES.GCM.open(box, using: sealing, authenticating: place.bytes),
      let text = String(validating: bytes, as: UTF8.self)
    else { return .damaged }
    return .text(text)
  }
}

/// Where a sealed text belongs; it opens nowhere else.
struct SealedPlace {
  let facility: FacilityCode
  let caseID: CaseID
  let eventID: EventID
  /// The path of the field, such as `data.text`.
  let path: String

  /// What the seal authenticates beside the text.
  var bytes: [UInt8] { Array("\(facility)/\(caseID)/\(eventID)/\(path)".utf8) }
}
