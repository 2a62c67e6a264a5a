public import Procedures

extension Explanation {
  /// The explanation as one document: what ``text(width:head:)`` says, in the same order.
  public var json: JSON {
    let charges = derivation.json
    var members = [
      "case", "throughVersion", "serviceDate", "ruleBook", "ruleBookDigest",
      "groupingPolicy",
    ].compactMap { name in charges[name].map { JSON.Member(name, $0) } }
    members += [
      JSON.Member("code", .string(code.text)), JSON.Member("units", .integer(unitCount)),
      JSON.Member("noUnit", .texts(noUnit)),
      JSON.Member("lines", .array(lines.map { json($0) })),
      JSON.Member("unearned", .array(unearned.map(\.json))),
      JSON.Member("alternatives", .array(alternatives.map(\.json))),
      JSON.Member("indifferentPolicies", .texts(indifferentPolicies.map(\.text))),
      JSON.Member("untriedEntries", .integer(untriedEntries)),
    ]
    return .object(members)
  }

  private func json(_ line: ExplainedLine) -> JSON {
    var members = [
      JSON.Member("status", .string(line.line.status.rawValue)),
      JSON.Member("modifiers", .texts(line.line.modifiers.map(\.text))),
      JSON.Member("claims", .texts(line.line.claims.map(\.rawValue))),
      JSON.Member("counted", .array(line.units.map { json($0) })),
      JSON.Member("rules", .array(line.rules.map(\.json))),
      JSON.Member("holds", .array(line.holds.map(\.json))),
      JSON.Member("releases", .array(line.releases.map { json($0) })),
      JSON.Member("edits", .array(line.edits.map(\.json))),
    ]
    if let price = line.price {
      members.append(JSON.Member("price", price.json))
      members.append(JSON.Member("priceBasis", .string(Price.basis)))
    }
    return .object(members)
  }

  private func json(_ unit: ExplainedUnit) -> JSON {
    [
      "group": .string(unit.unit.group), "vessels": .array(unit.unit.vessels.map(\.json)),
      "entries": .array(unit.entries.map { json($0) }), "rules": .texts(unit.rules),
      "holds": .texts(unit.holds.map(\.rawValue)),
    ]
  }

  private func json(_ entry: ExplainedEntry) -> JSON {
    var members = reference(entry.entry, entry.version, entry.occurredAt)
    if let site = entry.site { members.append(contentsOf: site.json.members ?? []) }
    members += entry.part.members
    if let correction = entry.correction {
      members.append(JSON.Member("correction", json(correction)))
    }
    return .object(members)
  }

  private func json(_ correction: ExplainedCorrection) -> JSON {
    var members = [
      JSON.Member("entry", .string(correction.entry.description)),
      JSON.Member("version", .integer(correction.version)),
      JSON.Member("changes", .array(correction.changes.map(\.json))),
      JSON.Member("reason", correction.reason.json),
    ]
    members += people(correction.entry)
    return .object(members)
  }

  private func json(_ release: ExplainedRelease) -> JSON {
    var members = [JSON.Member("hold", .string(release.hold.rawValue))]
    if let code = release.code { members.append(JSON.Member("code", .string(code.text))) }
    members += reference(release.entry, release.version, release.occurredAt)
    members += [
      JSON.Member("reason", release.reason.json), JSON.Member("isNeeded", .bool(release.isNeeded)),
    ]
    return .object(members)
  }

  private func reference(_ id: EventID, _ version: Int64, _ time: Instant) -> [JSON.Member] {
    [
      JSON.Member("entry", .string(id.description)), JSON.Member("version", .integer(version)),
      JSON.Member("occurredAt", .string(time.description)),
    ] + people(id)
  }

  private func people(_ id: EventID) -> [JSON.Member] {
    guard let record = records[id] else { return [] }
    return [
      JSON.Member("recorder", .string(record.recorder.text)),
      JSON.Member("recordedAt", .string(record.recordedAt.description)),
    ]
  }
}

extension ExplainedEntry.Part {
  /// The part by its name, with what it goes by, and the same in words.
  fileprivate var members: [JSON.Member] {
    var members: [JSON.Member] = []
    switch self {
    case .earns: members.append(JSON.Member("part", "earns"))
    case .again: members.append(JSON.Member("part", "again"))
    case .segment(let whole):
      members = [JSON.Member("part", "segment"), JSON.Member("of", whole.json)]
    case .lesion(let lesions, let entries):
      members = [
        JSON.Member("part", "lesion"), JSON.Member("lesions", .texts(lesions.map(\.text))),
        JSON.Member("lesionEntries", .texts(entries.map(\.description))),
      ]
    case .policy(let group, let policy):
      members = [
        JSON.Member("part", "policy"), JSON.Member("policyGroup", .string(group)),
        JSON.Member("policy", .string(policy.text)),
      ]
    case .states: members.append(JSON.Member("part", "states"))
    }
    members.append(JSON.Member("sentence", .string(sentence)))
    return members
  }
}

extension ExplainedCorrection.Change {
  fileprivate var json: JSON {
    ["field": .string(field), "before": before ?? .null, "after": after ?? .null]
  }
}

extension ExplainedRule {
  fileprivate var json: JSON {
    .object((citation.json.members ?? []) + [JSON.Member("says", .string(sentence))])
  }
}

extension ExplainedHold {
  fileprivate var json: JSON {
    .object(
      (finding.json.members ?? [])
        + [JSON.Member("clearedBy", .array(remedies.map(\.json)))])
  }
}

extension ExplainedEdit {
  fileprivate var json: JSON {
    .object(
      (finding.json.members ?? [])
        + (passedBy.map { [JSON.Member("passedBy", .string($0))] } ?? []))
  }
}

extension UnearnedVessel {
  fileprivate var json: JSON {
    .object(
      (vessel.json.members ?? [])
        + [
          JSON.Member(
            "reasons",
            .array(
              reasons.map {
                [
                  "reason": .string($0.name), "sentence": .string($0.sentence),
                  "entries": .texts($0.entries.map(\.description)),
                ]
              }))
        ])
  }
}

extension UnearnedVessel.Reason {
  /// The entries that it speaks of.
  fileprivate var entries: [EventID] {
    switch self {
    case .folded(_, _, .lesion(_, let entries)): entries
    case .folded, .countsUnder, .yields: []
    case .modality(_, let entries, _): entries
    case .retracted(let image, let retractions): [image] + retractions
    case .corrected(let image, _, let correction): [image, correction]
    case .notImaged(let deeds): deeds.map(\.entry)
    }
  }
}

extension Alternative {
  fileprivate var json: JSON {
    var members: [JSON.Member]
    switch condition {
    case .policy(let policy):
      members = [JSON.Member("condition", "policy"), JSON.Member("policy", .string(policy.text))]
    case .retraction(let entries):
      members = [
        JSON.Member("condition", "retraction-of-any"),
        JSON.Member("entries", .texts(entries.map(\.description))),
      ]
    case .cleared(let hold):
      members = [JSON.Member("condition", "cleared"), JSON.Member("hold", .string(hold.rawValue))]
    case .modifier(let modifier, let code):
      members = [
        JSON.Member("condition", "modifier"), JSON.Member("modifier", .string(modifier.text)),
        JSON.Member("code", .string(code.text)),
      ]
    }
    members += [
      JSON.Member("sentence", .string(sentence)),
      JSON.Member("changes", .array(changes.map(\.json))),
    ]
    return .object(members)
  }
}
