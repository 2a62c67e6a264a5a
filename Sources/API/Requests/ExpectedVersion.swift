internal import HTTPTypes
internal import Hummingbird
internal import Procedures

extension Request {
  /// The version of a case that the caller expects: `If-Match: "VERSION"`.
  ///
  /// `"0"` is a case without an event. Weak tags, lists and `*` say nothing that an append could
  /// hold to, and are refused.
  var expectedVersion: Int64? {
    get throws(Problem) {
      guard headers.contains(.ifMatch) else { return nil }
      guard let tag = headers[.ifMatch], tag.utf8.count >= 3, tag.first == "\"", tag.last == "\"",
        let version = Query.wholeNumber(tag.dropFirst().dropLast())
      else { throw .invalidParameter("If-Match", #"be one version in quotes, such as "12""#) }
      return Int64(version)
    }
  }
}
