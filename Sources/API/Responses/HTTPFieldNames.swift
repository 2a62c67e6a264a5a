internal import HTTPTypes

// Names that HTTPTypes does not know. Its initializer takes any text and may fail; these are tokens
// as RFC 9110 wants them.
extension HTTPField.Name {
  static let link = HTTPField.Name("Link")
  static let lastEventID = HTTPField.Name("Last-Event-ID")
}

extension HTTPFields {
  /// The field of a name that may not be one.
  subscript(name: HTTPField.Name?) -> String? {
    get { name.flatMap { self[$0] } }
    set { if let name { self[name] = newValue } }
  }
}
