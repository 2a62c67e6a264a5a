public import Procedures

extension Identifier {
  /// A random UUID (RFC 9562, version 4), from the system's source of chance.
  public static func random() -> Self {
    Self(
      high: .random(in: 0...UInt64.max) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
      low: .random(in: 0...UInt64.max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }
}
