internal import Crypto
public import Procedures

/// What a caller shows: `FACILITY.TOKENID.SECRET`, the secret in base64url without padding.
///
/// It is shown once, when it is made; the store keeps only the secret's hash.
public struct PresentedToken: Sendable {
  /// The bytes of a secret: random, so that there is nothing to guess.
  static let secretLength = 32

  /// The facility that it claims to open.
  public let facility: FacilityCode
  /// The token's name.
  public let id: TokenID
  private let secret: [UInt8]

  /// Reads what a caller shows; nil where it cannot be a token.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, text.utf8.count <= 256, let facility = FacilityCode(String(parts[0])),
      facility.isWellFormed, let id = TokenID(String(parts[1])),
      let secret = Self.decode(parts[2])
    else { return nil }
    self.facility = facility
    self.id = id
    self.secret = secret
  }

  /// A new secret for the token of this name.
  init(facility: FacilityCode, id: TokenID) {
    var generator = SystemRandomNumberGenerator()
    self.facility = facility
    self.id = id
    secret = (0..<Self.secretLength).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// The text that opens the door: for the person alone, never for a log.
  public var revealed: String {
    let letters = Base64.encode(secret).utf8.compactMap { letter -> UInt8? in
      switch letter {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      case UInt8(ascii: "="): nil
      default: letter
      }
    }
    return "\(facility).\(id)." + String(decoding: letters, as: UTF8.self)
  }

  /// SHA-256 of the secret.
  var secretHash: [UInt8] { Array(SHA256.hash(data: secret)) }

  private static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var letters: [UInt8] = []
    for letter in text.utf8 {
      switch letter {
      case UInt8(ascii: "-"): letters.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): letters.append(UInt8(ascii: "/"))
      case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
      default: letters.append(letter)
      }
    }
    letters.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (4 - letters.count % 4) % 4))
    let secret = Base64.decode(String(decoding: letters, as: UTF8.self))
    return secret?.count == secretLength ? secret : nil
  }
}

extension PresentedToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The facility and the token's name; never the secret.
  public var description: String { "PresentedToken(\(facility).\(id))" }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without the secret.
  public var customMirror: Mirror { Mirror(self, children: ["id": id.description]) }
}
