import Charges
import Procedures

/// Entries drawn by chance from a seed, hostile texts among them.
struct GeneratedEntries {
  private var chance: SplitMix64
  private let vessels: [VesselSite]
  private let epoch: LedgerEpoch
  private let ruleBook: RuleBookEdition
  private let policy: GroupingPolicyName
  private var number: Int64 = 0
  private var charges: [(number: Int64, entry: LedgerEntry)] = []

  init?(seed: UInt64) {
    guard let epoch = LedgerEpoch("k7q3"), let ruleBook = RuleBookEdition("2026.1"),
      let policy = GroupingPolicyName("named-vessel")
    else { return nil }
    chance = SplitMix64(seed: seed)
    self.epoch = epoch
    self.ruleBook = ruleBook
    self.policy = policy
    vessels = VesselCatalogue.standard.vessels.flatMap { vessel in
      [VesselSite(vessel), VesselSite(vessel, .left), VesselSite(vessel, .right)].compactMap { $0 }
    }
  }

  /// The next entry: a charge, or the credit of an earlier one that has none.
  mutating func next() -> PulledEntry? {
    number += 1
    let account = confidential()
    let encounter = confidential()
    if !charges.isEmpty, Int.random(in: 0..<4, using: &chance) == 0 {
      let place = Int.random(in: charges.indices, using: &chance)
      let (credited, charged) = charges.remove(at: place)
      return PulledEntry(
        entry(.credit(of: EntryID(epoch: epoch, number: credited)), charged.caseID, charged.charge),
        account: account, encounter: encounter)
    }
    guard let charge = charge() else { return nil }
    let entry = entry(.charge, identifier(), charge)
    charges.append((number, entry))
    return PulledEntry(entry, account: account, encounter: encounter)
  }

  /// So many entries; nil where one could not be made, which is a fault of the generator.
  static func entries(_ count: Int, seed: UInt64) -> [PulledEntry]? {
    guard var generated = GeneratedEntries(seed: seed) else { return nil }
    var entries: [PulledEntry] = []
    for _ in 0..<count {
      guard let entry = generated.next() else { return nil }
      entries.append(entry)
    }
    return entries
  }
}

extension GeneratedEntries {
  private static let words = [
    "Cath Lab", "Lab 2", "medicare", "dr-114", "0012", "=1+1", "+49", "-2", "@x", "'", "''=1",
    "\"", "\"\"", "a,b", "a;b", "|", "^~\\&", "\\F\\", "\\X0D\\", "Säle 😀", "\u{202E}abc", "＝1",
    " =1", "\u{200B}=1", "\u{2028}x", "e\u{301}", "(erased)", "null", "~", "{}", "\\", "NULL",
  ]

  private static let confidentials =
    words + ["\t=1", "\r\nMSH|^~\\&|", "\n", "a\r\nb", "\u{1}", "\u{7F}", "\u{85}", " "]

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &chance)]
  }

  private mutating func happens() -> Bool { Bool.random(using: &chance) }

  private mutating func identifier<Subject>() -> Identifier<Subject> {
    Identifier(high: chance.next(), low: chance.next())
  }

  private mutating func confidential() -> Confidential? {
    switch Int.random(in: 0..<6, using: &chance) {
    case 0: nil
    case 1: .erased
    default: .clear(pick(Self.confidentials))
    }
  }

  private mutating func entry(
    _ kind: LedgerEntry.Kind, _ caseID: CaseID, _ charge: Charge
  ) -> LedgerEntry {
    let recorded = Int64.random(in: 1_700_000_000_000_000...1_800_000_000_000_000, using: &chance)
    return LedgerEntry(
      id: EntryID(epoch: epoch, number: number), kind: kind, caseID: caseID,
      version: Int64.random(in: 1...300, using: &chance), position: number * 7,
      recordedAt: Instant(microseconds: happens() ? recorded : recorded / 1_000_000 * 1_000_000),
      postedAt: Instant(microseconds: recorded + 417), ruleBook: ruleBook,
      ruleBookDigest: "sha256:" + String(repeating: "5c", count: 32), groupingPolicy: policy,
      charge: charge)
  }

  private mutating func charge() -> Charge? {
    let counted = (0..<Int.random(in: 1...4, using: &chance)).map { _ in
      let sites = (0..<Int.random(in: 0...2, using: &chance)).map { _ in pick(vessels) }
      let entries: [EventID] = (0..<Int.random(in: 0...3, using: &chance)).map { _ in identifier() }
      return CountedUnit(group: pick(Self.words), vessels: sites, entries: entries)
    }
    let date = CalendarDate(daysSince1970: Int.random(in: 16_000...22_000, using: &chance))
    return Charge(
      [
        "serviceDate": .string(date.description),
        "setting": .string(pick(CareSetting.allCases).rawValue), "department": word(),
        "room": word(), "operator": .string(pick(Self.words)),
        "npi": happens() ? "1093817465" : .null, "payer": word(),
        "patient": happens() ? .string((identifier() as CaseID).description) : .null,
        "diagnoses": .texts(some(["I87.1", "I70213", "I70.92", "I82", "Z98.890", "S35.514A"])),
        "code": .string(pick(["37252", "37253", "37238", "0075T", "C1753", "G0269"])),
        "units": .integer(counted.count),
        "modifiers": .texts(some(["59", "XS", "26", "LT", "1P", "P3", "PA"])),
        "claims": .texts(some(["professional", "facility"])),
        "counted": .array(counted.map(\.json)),
      ])
  }

  private mutating func word() -> JSON { happens() ? .string(pick(Self.words)) : .null }

  private mutating func some(_ values: [String]) -> [String] { values.filter { _ in happens() } }
}

/// Sebastiano Vigna's generator, enough to draw test data from.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
