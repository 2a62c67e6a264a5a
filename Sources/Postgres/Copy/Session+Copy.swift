/// COPY, in text or binary: whichever the statement names.
extension Session {
  /// Runs `COPY … FROM STDIN` and sends what `body` writes.
  ///
  /// - Returns: How many rows were stored.
  /// - Throws: What `body` throws, after which nothing is stored; the server's refusal of a row.
  @discardableResult
  public func copyIn(
    _ sql: String, _ body: (CopySink) throws(PostgresError) -> Void
  ) throws(PostgresError) -> Int {
    try live.copyIn(sql, body)
  }

  /// Runs `COPY … TO STDOUT` and calls `body` with each row's bytes as they arrive.
  ///
  /// When `body` throws, up to a thousand further rows are dropped and then the server is asked to
  /// stop, which aborts an open transaction. In binary the first piece begins with the header, and the last one is the trailer.
  public func copyOut(
    _ sql: String, _ body: (RawSpan) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    try live.copyOut(sql, body)
  }

  /// Runs `COPY … FROM STDIN (FORMAT binary)` and writes one row an element.
  ///
  /// - Returns: How many rows were stored.
  /// - Throws: What `write` throws, after which nothing is stored; the server's refusal of a row.
  @discardableResult
  public func copyRowsIn<Element>(
    _ sql: String, _ elements: some Sequence<Element>,
    write: (Element, inout BinaryCopyWriter) throws(PostgresError) -> Void
  ) throws(PostgresError) -> Int {
    try copyIn(sql) { sink throws(PostgresError) in
      var writer = BinaryCopyWriter()
      for element in elements {
        try write(element, &writer)
        if writer.byteCount >= CopySink.pieceByteCount { try sink.write(writer.takeBytes()) }
      }
      writer.finish()
      try sink.write(writer.takeBytes())
    }
  }

  /// Runs `COPY … TO STDOUT (FORMAT binary)` and calls `read` with each row as it arrives.
  ///
  /// - Throws: What `read` throws; ``PostgresError/Kind/decoding`` when it leaves columns unread.
  public func copyRowsOut(
    _ sql: String, read: (inout BinaryCopyReader) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    var stage = BinaryCopyStage()
    try copyOut(sql) { bytes throws(PostgresError) in
      try bytes.withUnsafeBytes { bytes throws(PostgresError) in
        try stage.readRows(bytes, read)
      }
    }
    try stage.expectTrailer()
  }
}

/// Where a COPY's bytes go.
public final class CopySink {
  /// Writers gather about this much before they send it.
  static let pieceByteCount = 65_536

  private let live: LiveConnection

  init(_ live: LiveConnection) {
    self.live = live
  }

  /// Sends bytes; pieces need not end where rows do.
  public func write(_ bytes: [UInt8]) throws(PostgresError) {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(PostgresError) in
      try live.putCopyData(bytes)
    }
  }
}
