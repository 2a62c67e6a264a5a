internal import Procedures

/// Joins the imaged vessels of one family into groups.
struct VesselGrouping {
  /// Nil where each vessel is a group of its own, as in the heart.
  private let policy: GroupingPolicy?
  private let sightings: [Sighting]
  private var vessels: [VesselSite] = []
  private var nodes: [VesselSite: Int] = [:]
  private var parents: [Int] = []
  /// The node of each sighting.
  private var nodeOfSighting: [Int] = []
  private var groupNames: [String] = []
  private var lesionsOfNode: [[LesionCode]] = []
  private var joinedByPolicy: Set<Int> = []

  /// The groups of these sightings, the first imaged first.
  ///
  /// - Parameters:
  ///   - sightings: by time, then version.
  ///   - lesions: the case's lesions.
  ///   - policy: nil where each vessel is a group of its own.
  /// - Returns: at least one group where there is a sighting.
  static func groups(
    _ sightings: [Sighting], _ lesions: [Lesion], policy: GroupingPolicy?
  ) -> [ImagedGroup] {
    if sightings.isEmpty { return [] }
    var grouping = VesselGrouping(policy: policy, sightings: sightings)
    grouping.joinByPolicy()
    for lesion in grouping.inOrder(lesions) { grouping.join(lesion) }
    return grouping.groups()
  }

  private init(policy: GroupingPolicy?, sightings: [Sighting]) {
    self.policy = policy
    self.sightings = sightings
    for sighting in sightings {
      if let node = nodes[sighting.whole] {
        nodeOfSighting.append(node)
        continue
      }
      let node = vessels.count
      nodes[sighting.whole] = node
      nodeOfSighting.append(node)
      vessels.append(sighting.whole)
      parents.append(node)
      lesionsOfNode.append([])
      groupNames.append(Self.groupName(sighting.whole, policy))
    }
  }

  /// The group and side under which a whole vessel counts.
  static func groupName(_ site: VesselSite, _ policy: GroupingPolicy?) -> String {
    let name = policy?.groups[site.vessel] ?? site.vessel.code
    return site.side.map { "\(name)/\($0.rawValue)" } ?? name
  }

  private func root(_ node: Int) -> Int {
    var node = node
    // A parent is always a smaller number, so the walk ends.
    while parents[node] != node { node = parents[node] }
    return node
  }

  /// Joins two nodes under the one imaged first; false where they were joined before.
  private mutating func union(_ left: Int, _ right: Int) -> Bool {
    let a = root(left)
    let b = root(right)
    if a == b { return false }
    parents[max(a, b)] = min(a, b)
    return true
  }

  private mutating func joinByPolicy() {
    var firstOfGroup: [String: Int] = [:]
    for node in vessels.indices {
      guard let first = firstOfGroup[groupNames[node]] else {
        firstOfGroup[groupNames[node]] = node
        continue
      }
      if union(first, node) { joinedByPolicy.formUnion([first, node]) }
    }
  }

  /// The lesions that touch the most groups first, so that no chain is made where one lesion
  /// suffices; among equals by name, so that the order of recording does not matter.
  private func inOrder(_ lesions: [Lesion]) -> [Lesion] {
    let touched = lesions.map { lesion in
      (lesion, Set(lesion.vessels.compactMap { nodes[$0] }.map(root)).count)
    }
    return touched.sorted { left, right in
      left.1 == right.1 ? left.0.name.text < right.0.name.text : left.1 > right.1
    }.map(\.0)
  }

  /// Only vessels that were imaged are joined.
  private mutating func join(_ lesion: Lesion) {
    var first: Int?
    for vessel in lesion.vessels {
      guard let node = nodes[vessel] else { continue }
      guard let start = first else {
        first = node
        continue
      }
      if union(start, node) { lesionsOfNode[node].append(lesion.name) }
    }
  }

  private func groups() -> [ImagedGroup] {
    let yielding = yieldingNodes()
    var members: [Int: [Int]] = [:]
    for node in vessels.indices { members[root(node), default: []].append(node) }
    var looks: [Int: [Sighting]] = [:]
    for (index, sighting) in sightings.enumerated() {
      looks[root(nodeOfSighting[index]), default: []].append(sighting)
    }
    return members.keys.sorted().map { root in
      let nodes = members[root] ?? []
      let citations = nodes.map { yielding[$0] }
      var lesions: [LesionCode] = []
      for lesion in nodes.flatMap({ lesionsOfNode[$0] }) where !lesions.contains(lesion) {
        lesions.append(lesion)
      }
      return ImagedGroup(
        name: Set(nodes.map { groupNames[$0] }).sorted().joined(separator: "+"),
        vessels: nodes.map { vessels[$0] }.sorted(), sightings: looks[root] ?? [],
        lesions: lesions,
        policyGroups: Set(nodes.filter(joinedByPolicy.contains).map { groupNames[$0] }).sorted(),
        yieldsBy: citations.contains { $0 == nil } ? nil : citations.first ?? nil)
    }
  }

  /// Vessels that earn nothing because another of their side was imaged.
  private func yieldingNodes() -> [Int: Citation] {
    guard let policy, !policy.yields.isEmpty else { return [:] }
    var yielding: [Int: Citation] = [:]
    for (node, site) in vessels.enumerated() {
      guard let rule = policy.yields[site.vessel] else { continue }
      if vessels.contains(where: { $0.side == site.side && rule.others.contains($0.vessel) }) {
        yielding[node] = rule.citation
      }
    }
    return yielding
  }
}
