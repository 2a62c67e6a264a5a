internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Procedures

/// The events of a request's body: one, or a list that is recorded whole or not at all.
struct SubmittedBody {
  /// The events, each in the form that the log takes.
  let events: [Event]
  /// Whether they stood in a list, so that a problem names the place and the answer is a list.
  let isList: Bool

  /// Reads the body of a request.
  ///
  /// The case is that of the address, or the nil UUID for events of the facility.
  init(_ request: Request, of caseID: CaseID, within limits: APIConfiguration.Limits) async throws {
    let bytes = try await request.json(limit: limits.bodyBytes, what: "the events")
    let json: JSON
    do throws(JSONError) {
      json = try JSON.read(bytes, limits: JSON.Limits(bytes: limits.bodyBytes))
    } catch {
      throw Problem(error)
    }
    try self.init(json, of: caseID, limit: limits.eventsPerRequest)
  }

  init(_ json: JSON, of caseID: CaseID, limit: Int) throws(Problem) {
    isList = json.elements != nil
    let elements = json.elements ?? [json]
    guard (1...limit).contains(elements.count) else {
      throw Problem(.refusal(.fieldInvalid), "A list holds 1 to \(limit) events.")
    }
    var events: [Event] = []
    events.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do throws(Refusal) {
        events.append(try SubmittedEvent(element, from: .request(case: caseID)).event)
      } catch {
        throw Problem(error, index: isList ? index : nil)
      }
    }
    self.events = events
  }
}

extension Request {
  /// The bytes of a body that is said to be JSON.
  ///
  /// Reads no further than the limit, and not at all where the headers say that it is passed.
  func json(limit: Int, what: String) async throws -> [UInt8] {
    guard isJSON else {
      throw Problem(.mediaTypeUnsupported, "Send \(what) as Content-Type: application/json.")
    }
    let announced = headers[.contentLength].flatMap { Int($0) }
    guard (announced ?? 0) <= limit else { throw Problem.bodyTooLarge }
    let buffer = try await body.collect(upTo: limit)
    return Array(buffer: buffer)
  }

  /// Whether the body is said to be JSON.
  fileprivate var isJSON: Bool {
    guard let type = headers[.contentType] else { return false }
    let parts = type.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].trimmed.lowercased() == "application/json" else { return false }
    guard parts.count > 1 else { return true }
    return ["charset=utf-8", "charset=\"utf-8\""].contains(parts[1].trimmed.lowercased())
  }
}

extension Substring {
  /// The text without spaces and tabs around it, which HTTP allows between the parts of a header.
  var trimmed: Substring {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    let start = drop(while: isSpace)
    return start.lastIndex { !isSpace($0) }.map { start[...$0] } ?? ""
  }
}
