import ArgumentParser
import Procedures
import Store

/// Whose log a command works on.
struct FacilityOption: ParsableArguments {
  @Option(help: "The facility's code; may be left out where there is only one.")
  var facility: String?

  /// The facility that is meant.
  func resolve(in store: some LogStore) async throws -> FacilityCode {
    if let facility { return try await Self.named(facility, in: store) }
    let known = try await store.facilities()
    guard let only = known.first, known.count == 1 else {
      throw known.isEmpty
        ? CommandFailure(StoreError.facilityUnknown)
        : CommandFailure(
          "facility-missing",
          "Say which facility with --facility: \(known.map(\.text).joined(separator: ", ")).", .data
        )
    }
    return only
  }

  /// The facility of this code.
  static func named(_ code: String, in store: some LogStore) async throws -> FacilityCode {
    guard let facility = try await store.facilities().first(where: { $0.text == code }) else {
      throw CommandFailure(StoreError.facilityUnknown)
    }
    return facility
  }
}

/// A case as an argument.
struct CaseArgument: ExpressibleByArgument {
  let caseID: CaseID

  init?(argument: String) {
    guard let caseID = CaseID(argument) else { return nil }
    self.caseID = caseID
  }
}
