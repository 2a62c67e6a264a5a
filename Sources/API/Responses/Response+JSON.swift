internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Procedures

extension Response {
  /// A compact JSON document.
  init(
    status: HTTPResponse.Status = .ok, json: JSON, headers: HTTPFields = [:],
    mediaType: String = "application/json"
  ) {
    self.init(status: status, json: json.bytes, headers: headers, mediaType: mediaType)
  }

  /// A JSON document that is written already.
  init(
    status: HTTPResponse.Status = .ok, json bytes: [UInt8], headers: HTTPFields = [:],
    mediaType: String = "application/json"
  ) {
    var headers = headers
    headers[.contentType] = mediaType
    // What is shown depends on who asks, and a patient's data is kept nowhere on the way.
    headers[.cacheControl] = "no-store"
    self.init(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// The answer that says what the problem is.
  init(_ problem: Problem) {
    self.init(
      status: problem.status, json: problem.json, headers: problem.headers,
      mediaType: Problem.mediaType)
  }
}

extension HTTPFields {
  /// The version of a case as an entity tag, which `If-Match` takes back.
  mutating func setVersion(_ version: Int64) { self[.eTag] = "\"\(version)\"" }

  /// Where a list goes on (RFC 8288).
  mutating func setNextPage(_ address: String) {
    self[HTTPField.Name.link] = "<\(address)>; rel=\"next\""
  }
}
