public import ArgumentParser
public import Charges
public import Exchange
public import Procedures
public import Projectors

// What commands take by name.

extension LineStatus: ExpressibleByArgument {}
extension HoldCode: ExpressibleByArgument {}
extension StaffRole: ExpressibleByArgument {}
extension ChargeFormat: ExpressibleByArgument {}
extension LedgerSelection.Status: ExpressibleByArgument {}

// What a shell offers where the values are known.

extension CompletionKind {
  static var ruleBooks: CompletionKind { .list([RuleBook.standard.edition.text]) }
  static var policies: CompletionKind { .list(RuleBook.standard.policies.map(\.text)) }
}
