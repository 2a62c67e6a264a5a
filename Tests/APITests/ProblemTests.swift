import HTTPTypes
import Procedures
import Testing

@testable import API

@Suite struct `Problems` {
  static let statuses: [(Refusal.Code, Int)] = [
    (.caseUnknown, 404), (.caseAlreadyOpen, 409), (.caseCancelled, 409), (.caseNotOpen, 409),
    (.vesselUnknown, 422), (.sideRequired, 422), (.sideNotApplicable, 422),
    (.lesionUnknown, 422), (.entryUnknown, 422), (.entryAlreadyRetracted, 422),
    (.occurredInFuture, 422), (.occurredBeforeCase, 422), (.fieldMissing, 422),
    (.fieldUnknown, 422), (.fieldInvalid, 422), (.eventIDReused, 409), (.versionConflict, 412),
  ]

  @Test func `every refusal has its status`() {
    #expect(Set(Self.statuses.map(\.0)) == Set(Refusal.Code.allCases))
    for (code, status) in Self.statuses {
      #expect(Problem(Refusal(code, "No.")).status.code == status, "\(code.rawValue)")
    }
  }

  @Test func `a refusal in a list says which event and which field, and what was meant`() {
    let refusal = Refusal(
      .vesselUnknown, "This vessel is not in the catalogue.", field: "data.vessel",
      nearest: ["common-iliac-vein"])
    #expect(
      Problem(refusal, index: 3).json == [
        "type": "urn:cathlog:problem:vessel-unknown", "title": "Unprocessable Content",
        "status": 422, "detail": "This vessel is not in the catalogue.",
        "code": "vessel-unknown", "field": "data.vessel", "index": 3,
        "nearest": ["common-iliac-vein"],
      ])
  }

  @Test func `a version conflict says both versions`() {
    let problem = Problem(
      Refusal(
        .versionConflict, "The case has moved on.",
        versions: Refusal.Versions(expected: 4, current: 7)))
    #expect(problem.json["expected"] == 4)
    #expect(problem.json["current"] == 7)
  }

  @Test func `what is not JSON is a bad request and not a refusal`() throws {
    do throws(JSONError) {
      _ = try JSON.read(Array("{".utf8))
      Issue.record("read what is no JSON")
    } catch {
      let problem = Problem(error)
      #expect(problem.status == .badRequest)
      #expect(problem.code.text == "field-invalid")
    }
  }

  @Test func `an unforeseen error says nothing of itself`() {
    struct Leak: Error { let patient = "pt-8fcf45" }
    let problem = Problem(catching: Leak())
    #expect(problem.status == .internalServerError)
    #expect(!problem.json.compactText.contains("pt-8fcf45"))
  }
}
