extension [UInt8] {
  /// A JSON text that is a FHIR string.
  ///
  /// FHIR's string holds no control character but TAB, LF and CR, and no other white space than
  /// these and the space (R4, 2.24.0.1: `[ \r\n\t\S]+`). Other white space becomes a space, and a
  /// control character U+FFFD, so that one odd name does not make a whole Bundle unreadable.
  mutating func putFHIR(_ text: String) {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      putJSON(text)
    } else {
      putJSON(String(String.UnicodeScalarView(text.unicodeScalars.map(Self.inFHIR))))
    }
  }

  private static func inFHIR(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case " ", "\t", "\n", "\r": scalar
    case _ where scalar.properties.isWhitespace: " "
    case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value): "\u{FFFD}"
    default: scalar
    }
  }
}
