/// Which edition of Cathlog this is.
enum Edition {
  /// Semantic version.
  static let text = "0.1.0"
}
