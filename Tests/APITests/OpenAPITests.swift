import Charges
import HTTPTypes
import Hummingbird
import Procedures
import Projectors
import Testing

@testable import API

@Suite struct `The description of the API` {
  private let document = OpenAPIDocument.standard.json

  private func schema(_ name: String) throws -> JSON {
    try #require(document["components"]?["schemas"]?[name], "\(name)")
  }

  private func words(_ name: String) throws -> [String] {
    try #require(try schema(name)["enum"]?.elements).compactMap(\.text)
  }

  @Test func `is served to everybody`() async throws {
    try await Lab.with { lab in
      try await lab.asking { asker in
        let answer = try await asker.get("/v1/openapi.json")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(answer.json == OpenAPIDocument.standard.json)
      }
    }
  }

  @Test func `has every route that there is, and no other`() async throws {
    try await Lab.with { lab in
      let token = try await lab.token(
        .recorder, .physician, .coder, .billing, .auditor, .admin, person: "all-1")
      let served = try await lab.asking { asker in
        var served: Set<String> = []
        for route in lab.api.router().routes {
          let path = Operation.sample(of: route.path.description)
          let answer = try await asker.call(route.method, path, token)
          // Addresses have a route for each method, also to refuse it.
          guard answer.status != 405 else { continue }
          served.insert("\(route.method.rawValue) \(route.path.description)")
        }
        return served
      }
      #expect(served.count > 10)
      #expect(served == Set(Operation.all.map { "\($0.method.rawValue) \($0.path)" }))
    }
  }

  @Test(arguments: StaffRole.allCases)
  func `says who may call what`(_ role: StaffRole) async throws {
    try await Lab.with { lab in
      let token = try await lab.token(role)
      try await lab.asking { asker in
        for operation in Operation.all {
          let path = Operation.sample(of: operation.path)
          let answer = try await asker.call(operation.method, path, token)
          let isAllowed = operation.roles?.contains(role.rawValue) ?? true
          #expect((answer.status != 403) == isAllowed, "\(role) \(operation)")
          guard operation.roles != nil else { continue }
          let anonymous = try await asker.call(operation.method, path, nil)
          #expect(anonymous.status == 401, "\(operation)")
        }
      }
    }
  }

  @Test func `names each operation once, under a heading that there is`() throws {
    let tags = try #require(document["tags"]?.elements).compactMap { $0["name"]?.text }
    #expect(Set(tags).count == tags.count)
    let ids = Operation.all.compactMap { $0.json["operationId"]?.text }
    #expect(ids.count == Operation.all.count)
    #expect(Set(ids).count == ids.count)
    for operation in Operation.all {
      #expect(operation.json["summary"]?.text?.isEmpty == false, "\(operation)")
      let named = try #require(operation.json["tags"]?.elements).compactMap(\.text)
      #expect(!named.isEmpty && Set(named).isSubset(of: tags), "\(operation)")
    }
  }

  @Test func `refers to what there is, and has nothing to which nothing refers`() throws {
    var named: Set<String> = []
    collectReferences(document, into: &named)
    var there: Set<String> = []
    for kind in try #require(document["components"]?.members)
    where kind.name != "securitySchemes" {
      for member in kind.value.members ?? [] {
        there.insert("#/components/\(kind.name)/\(member.name)")
      }
    }
    #expect(named == there)
  }

  private func collectReferences(_ json: JSON, into names: inout Set<String>) {
    if let name = json["$ref"]?.text { names.insert(name) }
    for member in json.members ?? [] { collectReferences(member.value, into: &names) }
    for element in json.elements ?? [] { collectReferences(element, into: &names) }
  }

  @Test func `knows every type of event, and what it says`() throws {
    let types = EventType.allCases.map(\.rawValue)
    #expect(try words("EventType").sorted() == types.sorted())
    func branches(_ name: String) throws -> [String] {
      try #require(try schema(name)["oneOf"]?.elements).compactMap {
        $0["properties"]?["type"]?["const"]?.text
      }
    }
    #expect(try branches("TypeAndData").sorted() == types.sorted())
    for (name, isFacility) in [("SubmittedCaseEvent", false), ("SubmittedFacilityEvent", true)] {
      let expected = EventType.allCases.filter { ($0.category == .facility) == isFacility }
        .map(\.rawValue).sorted()
      #expect(try branches(name).sorted() == expected)
      let listed = try schema(name)["properties"]?["type"]?["enum"]?.elements ?? []
      #expect(listed.compactMap(\.text).sorted() == expected)
    }
  }

  @Test func `knows every vessel, and which have a side`() throws {
    let vessels = VesselCatalogue.standard.vessels
    for (name, isPaired) in [("PairedVesselCode", true), ("UnpairedVesselCode", false)] {
      let expected = vessels.filter { $0.facts.isPaired == isPaired }.map(\.code).sorted()
      #expect(try words(name).sorted() == expected)
    }
  }

  @Test func `has the words of the program`() throws {
    #expect(try words("HoldCode") == HoldCode.allCases.map(\.rawValue))
    #expect(try words("Role") == StaffRole.allCases.map(\.rawValue))
    #expect(try words("LineStatus") == LineStatus.allCases.map(\.rawValue))
    #expect(try words("Side").sorted() == Side.allCases.map(\.rawValue).sorted())
    let edits = Finding.Code.allCases.filter {
      $0 >= .nationalCorrectCoding && $0 <= .modifierLimit
    }
    #expect(try words("EditCode") == edits.map(\.rawValue))
    func member(_ schema: String, _ name: String) throws -> [String] {
      let property = try self.schema(schema)["properties"]?[name]
      return (property?["enum"]?.elements ?? property?["items"]?["enum"]?.elements ?? [])
        .compactMap(\.text)
    }
    #expect(try member("Guidance", "code") == Guidance.Code.allCases.map(\.rawValue))
    #expect(try member("CaseOpened", "setting") == CareSetting.allCases.map(\.rawValue))
    #expect(
      try member("PatientStatusChanged", "status") == PatientStatus.allCases.map(\.rawValue))
    #expect(try member("TimeOut", "confirmed") == TimeOut.Item.allCases.map(\.rawValue))
    #expect(
      try member("ImageAcquired", "modality") == ImageAcquired.Modality.allCases.map(\.rawValue))
    #expect(try member("ImageAcquired", "phase") == ImageAcquired.Phase.allCases.map(\.rawValue))
    #expect(try member("Measurement", "measure") == Measurement.Measure.allCases.map(\.rawValue))
    #expect(try member("Note", "kind") == Note.Kind.allCases.map(\.rawValue))
    let limit = document["components"]?["parameters"]?["PageLimit"]?["schema"]?["maximum"]
    #expect(limit?.number?.integer == CurrentCharges.pageLimit)
  }

  @Test func `knows every problem, and the status that goes with it`() throws {
    let statuses = try #require(try schema("ProblemCode")["x-status"]?.members)
    #expect(try words("ProblemCode").sorted() == statuses.map(\.name).sorted())
    #expect(
      Dictionary(statuses.map { ($0.name, $0.value.number?.integer) }) { first, _ in first }
        == Dictionary(Problem.Code.allCases.map { ($0.text, $0.status.code) }) { first, _ in first }
    )
  }

  @Test func `is not made of texts that fill one place twice, or are no JSON`() {
    let one = #"{"paths":{"/a":{"get":{"summary":"A"}}}}"#
    #expect(throws: OpenAPIDocument.Fault.filledTwice("#/paths//a/get/summary")) {
      try OpenAPIDocument(joining: ["A.json": one, "B.json": one])
    }
    #expect(throws: OpenAPIDocument.Fault.self) {
      try OpenAPIDocument(joining: ["A.json": "{"])
    }
  }
}

/// An operation of the document.
private struct Operation: CustomStringConvertible {
  let method: HTTPRequest.Method
  let path: String
  let json: JSON

  /// The roles that may call it; nil where no token is asked for.
  var roles: [String]? { json["x-roles"]?.elements?.compactMap(\.text) }

  var description: String { "\(method.rawValue) \(path)" }

  static let all: [Operation] = (OpenAPIDocument.standard.json["paths"]?.members ?? [])
    .flatMap { path in
      (path.value.members ?? []).compactMap { member in
        HTTPRequest.Method(rawValue: member.name.uppercased())
          .flatMap { KnownMethods.all.contains($0) ? $0 : nil }
          .map { Operation(method: $0, path: path.name, json: member.value) }
      }
    }

  /// An address of this pattern, of a case and a book that there are not.
  static func sample(of path: String) -> String {
    path.replacing("{case}", with: "7c1f0a52-3f0e-4b7e-9a1c-52b8f3c4d9e1")
      .replacing("{code}", with: "37253")
      .replacing("{digest}", with: "sha256:" + String(repeating: "0", count: 64))
  }
}
