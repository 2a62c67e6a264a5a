/// How near two spellings are.
public enum Spelling {
  /// The insertions, deletions, replacements and transpositions of neighbours that make one text of
  /// the other.
  ///
  /// Optimal string alignment, three rows at a time.
  public static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var previous = Array(0...right.count)
    for i in left.indices {
      var current = [i + 1]
      current.reserveCapacity(right.count + 1)
      for j in right.indices {
        let substitution = previous[j] + (left[i] == right[j] ? 0 : 1)
        var best = min(previous[j + 1] + 1, current[j] + 1, substitution)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          best = min(best, before[j - 1] + 1)
        }
        current.append(best)
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }

  /// The name that is nearest to a text, of which the first 64 bytes count; the first of several.
  public static func nearest(to text: String, in names: [String]) -> String {
    let wanted = Array(text.utf8.prefix(64))
    return names.min { distance(wanted, Array($0.utf8)) < distance(wanted, Array($1.utf8)) } ?? ""
  }
}
