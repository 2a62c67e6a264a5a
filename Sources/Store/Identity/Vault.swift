/// Keeps what identifies patients out of the log: seals and opens events under the keys of their
/// cases, and puts pseudonyms in the place of patients.
public final class Vault: Sendable {
  let store: any LogStore
  let masterKeys: [MasterKey]

  /// A vault over the keys of a store.
  ///
  /// - Parameters:
  ///   - store: where wrapped keys and the registry are.
  ///   - masterKeys: the keys that open them; the first one wraps new keys.
  public init(store: any LogStore, masterKeys: [MasterKey]) {
    self.store = store
    self.masterKeys = masterKeys
  }
}
