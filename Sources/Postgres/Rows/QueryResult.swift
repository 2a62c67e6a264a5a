import CLibPQ

/// A result of libpq, cleared when nobody refers to it any more.
///
/// Unchecked: libpq does not change a result once it is handed over, so that any number of threads
/// may read it ("libpq, Behavior in Threaded Programs"), and only `deinit`, which runs once, frees it.
final class QueryResult: @unchecked Sendable {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
  }

  deinit {
    PQclear(pointer)
  }

  var status: ExecStatusType { PQresultStatus(pointer) }
  var rowCount: Int { Int(PQntuples(pointer)) }

  /// How many rows the statement touched; zero for statements that touch none.
  var affectedRowCount: Int {
    PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0
  }

  /// The server's name for what it did, such as `COMMIT`.
  var commandTag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }
}
