import Procedures
import Store
import Testing

/// Every store that keeps the promises of `LogStore`: the contract suites run over each.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
  case memory

  var testDescription: String { rawValue }
}

/// Runs a test on a store of a kind; the one place that makes stores.
///
/// A store may hold logs of other tests, so each test takes facilities of its own.
func withStore<Value>(
  _ kind: StoreKind, _ body: (any LogStore) async throws -> Value
) async throws -> Value {
  switch kind {
  case .memory: try await body(MemoryLogStore(clock: TestClock().read))
  }
}
