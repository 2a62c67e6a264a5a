/// Writes the page that Prometheus reads (text format 0.0.4).
struct PrometheusText {
  private(set) var text = ""

  mutating func write(_ name: String, _ family: MetricFamily) {
    text += "# TYPE \(name) \(family.kind.rawValue)\n"
    let ordered = family.series.sorted { left, right in
      left.key.map(\.value).lexicographicallyPrecedes(right.key.map(\.value))
    }
    for (labels, series) in ordered {
      for sample in series.samples { write(name, labels, sample) }
    }
  }

  private mutating func write(_ name: String, _ labels: [MetricLabel], _ sample: MetricSample) {
    text += name + sample.ending
    let labels = labels + (sample.label.map { [$0] } ?? [])
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    switch sample.value {
    case .whole(let value): text += " \(value)\n"
    case .real(let value): text += " \(Self.number(value))\n"
    }
  }

  /// A whole number without its point, and otherwise the shortest form that reads back the same.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    guard value.isFinite else { return value < 0 ? "-Inf" : "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }

  /// Brings a name to the letters that Prometheus takes, with the ending that its kind asks for.
  static func name(_ label: String, ending: String = "") -> String {
    var name = ""
    for byte in label.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: "0")...UInt8(ascii: "9") where !name.isEmpty:
        name.unicodeScalars.append(Unicode.Scalar(byte))
      default: name += "_"
      }
    }
    return name.hasSuffix(ending) ? name : name + ending
  }

  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { text, character in
      switch character {
      case "\\": text += #"\\"#
      case "\"": text += #"\""#
      case "\n", "\r\n": text += #"\n"#
      default: text.append(character)
      }
    }
  }
}
