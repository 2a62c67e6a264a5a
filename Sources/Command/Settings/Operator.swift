import Foundation
import Procedures

/// Whoever works on the command line: the machine's account, since the log wants a person.
enum Operator {
  static var person: PersonCode {
    PersonCode("command-line:\(NSUserName())") ?? unnamed
  }

  private static let unnamed: PersonCode = {
    guard let person = PersonCode("command-line") else {
      preconditionFailure("a plain word is a person's code")
    }
    return person
  }()
}
