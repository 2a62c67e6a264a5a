import ArgumentParser
import Procedures
import Store

/// Whose log a command works on.
struct FacilityOption: ParsableArguments {
  @Option(help: "The facility's code; may be left out where there is only one.")
  var facility: String?

  /// The facility that is meant.
  func resolve(in store: some LogStore) async throws -> FacilityCode {
    let known = try await store.facilities()
    if let facility {
      guard let code = known.first(where: { $0.text == facility }) else {
        throw CommandFailure(StoreError.facilityUnknown)
      }
      return code
    }
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
}

/// A case as an argument.
struct CaseArgument: ExpressibleByArgument {
  let caseID: CaseID

  init?(argument: String) {
    guard let caseID = CaseID(argument) else { return nil }
    self.caseID = caseID
  }
}
