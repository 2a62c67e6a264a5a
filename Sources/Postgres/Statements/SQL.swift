/// One statement: text in which each interpolated value became a parameter.
///
/// `"SELECT name FROM staff WHERE id = \(id)"` sends the text `… id = $1` and the value apart
/// from it, in binary. The same text is the same prepared statement.
public struct SQL: Sendable {
  /// The text, with `$1`, `$2` … for the values.
  public private(set) var text: String
  /// The values, in the order of their numbers.
  private(set) var parameters = Parameters()

  /// How many values the statement carries.
  public var parameterCount: Int { parameters.types.count }
}

extension SQL: ExpressibleByStringInterpolation {
  /// Takes text without values.
  public init(stringLiteral text: String) {
    self.text = text
  }

  /// Takes what an interpolation has gathered.
  public init(stringInterpolation gathered: StringInterpolation) {
    text = gathered.text
    parameters = gathered.parameters
  }

  /// Gathers text and values.
  public struct StringInterpolation: StringInterpolationProtocol {
    @usableFromInline var text = ""
    @usableFromInline var parameters = Parameters()

    /// Reserves room for the text and two characters a value.
    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 3)
    }

    /// Appends text that stands in the source.
    public mutating func appendLiteral(_ literal: String) {
      text += literal
    }

    /// Appends a value as the next parameter; an error is kept until the statement is sent.
    @inlinable
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      parameters.append(value)
      text += "$\(parameters.types.count)"
    }

    /// Appends a value or NULL as the next parameter.
    ///
    /// The compiler takes an optional for a mistake unless the parameter says that it may be one.
    @inlinable
    public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
      parameters.append(value)
      text += "$\(parameters.types.count)"
    }

    /// Appends text as it is: the one way to splice, so never give it what a user wrote.
    public mutating func appendInterpolation(unescaped: String) {
      text += unescaped
    }
  }
}

extension SQL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The text and the number of values, none of which is shown.
  public var description: String { "SQL(\(text), \(parameterCount) values)" }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without the values.
  public var customMirror: Mirror {
    Mirror(self, children: ["text": text, "parameterCount": parameterCount])
  }
}
