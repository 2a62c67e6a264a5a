/// Reads a file of events (`.ndjson`): UTF-8 without a byte order mark, one object a line.
public struct EventFile: Sendable {
  /// One event and the line that it stands on.
  public struct Line: Sendable {
    /// The number of the line, from 1.
    public let number: Int
    /// The event.
    public let submitted: SubmittedEvent
  }

  /// What is wrong with a file, and where.
  public struct Fault: Error, Equatable, Sendable {
    /// The number of the line, from 1.
    public let line: Int
    /// Why that line is refused.
    public let refusal: Refusal

    /// A fault of this line.
    public init(line: Int, refusal: Refusal) {
      self.line = line
      self.refusal = refusal
    }
  }

  /// The longest line, in bytes.
  public static let lineLimit = 1 << 20

  private var number = 0

  /// A reader that stands before the first line.
  public init() {}

  /// Reads the next line, without its line feed; nil for a blank one.
  ///
  /// - Throws: ``Fault`` with the line's number.
  public mutating func next(_ bytes: some Collection<UInt8>) throws(Fault) -> Line? {
    number += 1
    var line = Array(bytes)
    if line.last == 0x0D { line.removeLast() }
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
    do throws(Refusal) {
      if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) {
        throw Refusal(.fieldInvalid, "The file begins with a byte order mark; remove it.")
      }
      let json = try Self.json(line)
      return Line(number: number, submitted: try SubmittedEvent(json, from: .file))
    } catch {
      throw Fault(line: number, refusal: error)
    }
  }

  private static func json(_ line: [UInt8]) throws(Refusal) -> JSON {
    do throws(JSONError) {
      return try JSON.read(line, limits: JSON.Limits(bytes: lineLimit))
    } catch {
      throw Refusal(error)
    }
  }
}

extension Refusal {
  /// The refusal of a document that is not the JSON that the log takes.
  public init(_ error: JSONError) {
    self.init(
      .fieldInvalid, "This is not valid JSON: \(error.sentence) (byte \(error.offset + 1)).")
  }
}
