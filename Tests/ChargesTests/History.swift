import Charges
import Foundation
import Procedures

/// SplitMix64: the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The seeds of the generated histories: one from `CATHLOG_SEED` where it is set, to repeat a
/// failure.
enum Seeds {
  static let all: [UInt64] = {
    if let text = ProcessInfo.processInfo.environment["CATHLOG_SEED"], let seed = UInt64(text) {
      return [seed]
    }
    return Array(1...60)
  }()
}

/// A generated history: images, lesions, corrections and retractions of a few vessels that lie
/// close enough to fold, in the heart and elsewhere.
struct History {
  var script: CaseScript
  var generator: SeededGenerator

  /// Vessels with their segments and neighbours, so that folding is common.
  static let sites: [VesselSite] = {
    let wholes = [
      "common-iliac-artery", "external-iliac-artery", "common-femoral-artery",
      "tibioperoneal-trunk",
      "anterior-tibial-artery", "inferior-vena-cava", "right-coronary-artery",
      "left-circumflex-artery",
    ]
    return VesselCatalogue.standard.vessels.filter { wholes.contains($0.whole.code) }.flatMap {
      vessel in
      vessel.facts.isPaired
        ? Side.allCases.compactMap { VesselSite(vessel, $0) }
        : [VesselSite(vessel)].compactMap(\.self)
    }
  }()

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    script = CaseScript().coded("75710").coded("92928")
    for _ in 0..<Int.random(in: 1...24, using: &generator) { addStep() }
  }

  mutating func site() -> VesselSite {
    Self.sites[Int.random(in: 0..<Self.sites.count, using: &generator)]
  }

  mutating func image() {
    let modality = ["IVUS", "IVUS", "IVUS", "OCT", "XA"][Int.random(in: 0..<5, using: &generator)]
    script = script.image(
      site().description, modality: modality, stored: Int.random(in: 0..<4, using: &generator) > 0,
      minute: Int.random(in: 0..<60, using: &generator))
  }

  private mutating func addStep() {
    switch Int.random(in: 0..<12, using: &generator) {
    case 0..<7: image()
    case 7: addLesion()
    case 8: addCorrection()
    case 9: addRetraction()
    case 10: script = script.read(site().description)
    default: script = script.read()
    }
  }

  private mutating func addLesion() {
    let sites = Set([site(), site(), site()]).sorted().map { site -> JSON in
      .object(CaseScript.site(site.description))
    }
    let name = "L\(Int.random(in: 1...3, using: &generator))"
    script = script.step("lesion-identified", ["lesion": .string(name), "vessels": .array(sites)])
  }

  /// The entries of a type, by their place.
  func entries(_ types: Set<String>) -> [Int] {
    script.lines.indices.filter { types.contains(script.lines[$0]["type"]?.text ?? "") }
  }

  private mutating func addCorrection() {
    guard let entry = entries(["image-acquired"]).randomElement(using: &generator) else { return }
    script = script.corrected(entry, CaseScript.imageData(site().description))
  }

  private mutating func addRetraction() {
    let standing = NaiveCount(script)
    let open = entries([
      "image-acquired", "lesion-identified", "entry-corrected", "entry-retracted",
      "interpretation-documented",
    ]).filter { !standing.isRetracted($0) }
    guard let entry = open.randomElement(using: &generator) else { return }
    script = script.retracted(entry)
  }
}

/// Counts named vessels by the plainest means: reads the lines themselves, follows amendments by
/// recursion, and joins sets until nothing joins any more.
struct NaiveCount {
  private let lines: [JSON]
  private let places: [String: Int]

  init(_ script: CaseScript) {
    lines = script.lines
    places = Dictionary(
      lines.enumerated().map { ($1["id"]?.text ?? "", $0) }, uniquingKeysWith: { first, _ in first }
    )
  }

  private func amendments(_ place: Int, _ type: String) -> [Int] {
    lines.indices.filter {
      lines[$0]["type"]?.text == type
        && lines[$0]["data"]?["entry"]?.text.flatMap { places[$0] } == place
    }
  }

  func isRetracted(_ place: Int) -> Bool {
    amendments(place, "entry-retracted").contains { !isRetracted($0) }
  }

  private func data(_ place: Int) -> JSON {
    let correction = amendments(place, "entry-corrected").last { !isRetracted($0) }
    let own = lines[place]["data"] ?? .null
    return correction.flatMap { lines[$0]["data"]?["data"] } ?? own
  }

  private func standing(_ type: String) -> [JSON] {
    lines.indices.filter { lines[$0]["type"]?.text == type && !isRetracted($0) }.map(data)
  }

  private func whole(_ json: JSON) -> String {
    let vessel = json["vessel"]?.text.flatMap { Vessel(code: $0) }
    let parent = vessel?.facts.parent ?? vessel
    return "\(parent?.code ?? "?") \(json["side"]?.text ?? "")"
  }

  private func territory(_ json: JSON) -> Vessel.Territory? {
    json["vessel"]?.text.flatMap { Vessel(code: $0) }?.facts.territory
  }

  /// How many distinct vessels of a territory were imaged by these modalities.
  func count(_ wanted: Vessel.Territory, _ modalities: Set<String>) -> Int {
    var groups = Set(
      standing("image-acquired").filter {
        territory($0) == wanted && modalities.contains($0["modality"]?.text ?? "")
      }.map { Set([whole($0)]) })
    var lesions: [String: Set<String>] = [:]
    for lesion in standing("lesion-identified") {
      lesions[lesion["lesion"]?.text ?? "", default: []].formUnion(
        (lesion["vessels"]?.elements ?? []).map(whole))
    }
    for vessels in lesions.values {
      let touched = groups.filter { !$0.isDisjoint(with: vessels) }
      guard touched.count > 1 else { continue }
      groups.subtract(touched)
      groups.insert(touched.reduce(into: Set()) { $0.formUnion($1) })
    }
    return groups.count
  }
}
