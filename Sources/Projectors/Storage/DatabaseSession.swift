internal import Charges
internal import Postgres

// A session is a connection at work to the one module and a visit to the lab to the other.

/// A connection within one closure.
typealias DatabaseSession = Postgres.Session
/// What one case means to another of the same patient and day.
typealias LabSession = Charges.Session
