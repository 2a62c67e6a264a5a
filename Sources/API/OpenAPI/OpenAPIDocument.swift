internal import Procedures

/// The description of the whole API in OpenAPI 3.1, joined of the texts in this folder.
///
/// Each text is a part of the document: one a file of `Resources`, under its name, with the routes
/// of that resource and the schemas that they need; the rest is shared.
struct OpenAPIDocument: Sendable {
  /// The document that the service serves.
  static let standard: OpenAPIDocument = {
    do throws(Fault) {
      return try OpenAPIDocument(joining: Embedded.all)
    } catch {
      preconditionFailure("The description of the API is broken: \(error)")
    }
  }()

  /// The whole.
  let json: JSON
  /// The same, members in the order of their names, so that equal documents have equal bytes.
  let bytes: [UInt8]

  /// Why texts do not make one document.
  enum Fault: Error, Equatable {
    /// A text that is not JSON.
    case malformed(String, JSONError)
    /// A place that two texts fill.
    case filledTwice(String)
  }

  /// Joins texts: the objects that they share member by member, their lists one after the other.
  ///
  /// - Parameter texts: by the names of their files.
  /// - Throws: ``Fault`` for a text that is no JSON, or a place that two of them fill.
  init(joining texts: [String: String]) throws(Fault) {
    var whole = JSON.object([])
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      let part: JSON
      do throws(JSONError) {
        part = try JSON.read(Array(text.utf8))
      } catch {
        throw .malformed(name, error)
      }
      whole = try Self.join(whole, part, at: "#")
    }
    json = whole
    bytes = whole.canonicalBytes
  }

  private static func join(_ left: JSON, _ right: JSON, at place: String) throws(Fault) -> JSON {
    if let left = left.elements, let right = right.elements { return .array(left + right) }
    guard var members = left.members, let others = right.members else { throw .filledTwice(place) }
    for other in others {
      guard let index = members.firstIndex(where: { $0.name == other.name }) else {
        members.append(other)
        continue
      }
      members[index] = JSON.Member(
        other.name,
        try join(members[index].value, other.value, at: "\(place)/\(other.name)"))
    }
    return .object(members)
  }
}
