public import ArgumentParser
public import Charges
public import Procedures

// What commands take by name.

extension LineStatus: ExpressibleByArgument {}
extension HoldCode: ExpressibleByArgument {}
extension StaffRole: ExpressibleByArgument {}
