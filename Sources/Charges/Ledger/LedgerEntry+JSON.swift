public import Procedures

extension PulledEntry {
  /// The entry, its members in a fixed order; the same whenever and however it is pulled.
  ///
  /// It says nothing of whether billing has posted it, which changes while entries do not.
  public var json: JSON {
    var members: [JSON.Member] = [
      JSON.Member("entry", .string(entry.id.description)),
      JSON.Member("kind", entry.credited == nil ? "charge" : "credit"),
      JSON.Member("credits", .text(entry.credited?.description)),
      JSON.Member("case", .string(entry.caseID.description)),
      JSON.Member("version", .integer(entry.version)),
      JSON.Member("position", .integer(entry.position)),
      JSON.Member("recordedAt", .string(entry.recordedAt.description)),
      JSON.Member("postedAt", .string(entry.postedAt.description)),
      JSON.Member("ruleBook", .string(entry.ruleBook.text)),
      JSON.Member("ruleBookDigest", .string(entry.ruleBookDigest)),
      JSON.Member("groupingPolicy", .string(entry.groupingPolicy.text)),
      JSON.Member("account", account?.json ?? .null),
      JSON.Member("encounter", encounter?.json ?? .null),
    ]
    members += entry.charge.json.members ?? []
    return .object(members)
  }
}
