/// What was found about one thing that a service needs, and what to do about it.
public struct Diagnosis: Hashable, Sendable {
  /// How bad it is.
  public enum Verdict: String, Hashable, Sendable {
    /// It is as it should be.
    case ok
    /// It works, and a person should know.
    case warning
    /// Something that is needed is not there.
    case unavailable
    /// A setting is wrong; a person must change it.
    case misconfigured

    /// Whether a service should not run like this.
    public var isProblem: Bool { self == .unavailable || self == .misconfigured }
  }

  /// The check's name for programs: stable, in kebab case.
  public let code: String
  /// What was looked at.
  public let subject: String
  /// How bad it is.
  public let verdict: Verdict
  /// What was found; holds no secret.
  public let finding: String
  /// What to do about it.
  public let remedy: String?

  /// A finding; what is as it should be needs no remedy.
  public init(
    _ code: String, _ subject: String, _ verdict: Verdict, _ finding: String, remedy: String? = nil
  ) {
    self.code = code
    self.subject = subject
    self.verdict = verdict
    self.finding = finding
    self.remedy = remedy
  }
}
