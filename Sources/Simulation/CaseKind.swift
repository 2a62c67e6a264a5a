/// What is done in a case.
public enum CaseKind: String, CaseIterable, Sendable {
  case coronary
  case legArtery = "leg-artery"
  case iliacVein = "iliac-vein"
  case renal
  case dialysis
  case filter
  case aorta
}

extension CaseKind {
  /// How often each kind is done, in a thousand cases.
  static let mix: [(weight: Int, value: CaseKind)] = [
    (420, .coronary), (220, .legArtery), (130, .iliacVein), (110, .dialysis), (45, .filter),
    (30, .renal), (45, .aorta),
  ]

  /// The script of the kind.
  var script: CaseScript {
    switch self {
    case .coronary: .coronary
    case .legArtery: .legArtery
    case .iliacVein: .iliacVein
    case .renal: .renal
    case .dialysis: .dialysis
    case .filter: .filter
    case .aorta: .aorta
    }
  }
}
