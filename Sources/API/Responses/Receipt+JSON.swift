internal import HTTPTypes
internal import Hummingbird
internal import Procedures
internal import Store

extension Response {
  /// What became of the events of a request: 201 with their places, 200 where all were there before.
  ///
  /// The entity tag is the case's version after the last of them that is new.
  init(_ receipts: [Receipt], for body: SubmittedBody) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(receipts.count * 192 + 2)
    if body.isList { bytes.append(UInt8(ascii: "[")) }
    for (index, (event, receipt)) in zip(body.events, receipts).enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      receipt.json(of: event).write(into: &bytes, sorted: false)
    }
    if body.isList { bytes.append(UInt8(ascii: "]")) }
    var headers = HTTPFields()
    let newest = receipts.last { !$0.isRepeat }
    if let newest { headers.setVersion(newest.version) }
    self.init(status: newest == nil ? .ok : .created, json: bytes, headers: headers)
  }
}

extension Receipt {
  /// The receipt as a caller sees it.
  fileprivate func json(of event: Event) -> JSON {
    [
      "id": .string(event.id.description), "case": .string(event.caseID.description),
      "position": .integer(position), "version": .integer(version),
      "recordedAt": .string(recordedAt.description), "repeat": .bool(isRepeat),
    ]
  }
}
