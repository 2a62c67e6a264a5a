internal import Crypto
internal import Postgres
internal import Procedures

/// A row of the log as the bytes of its leaf, in which each column is found by its place.
///
/// A COPY gives the columns in the form in which the leaf has them, so a leaf is put together from
/// them, and hashed, without a value of it being made. The same memory serves row after row.
struct StoredLeaf {
  /// The columns of a leaf, in order.
  enum Column: Int, CaseIterable {
    case facility, position, caseID, version, eventID, type, form, occurredAt, timeQualifier
    case performer, reason, payload, digest, recordedAt, recorder, claimedRecordedAt
    case claimedRecorder, vessel, side, modality, imagesStored, lesion, entryID

    /// The number of its type, as the leaf says it.
    var type: PostgresType {
      switch self {
      case .facility, .type, .timeQualifier, .performer, .recorder, .claimedRecorder, .vessel,
        .side, .modality, .lesion:
        .text
      case .position, .version: .int8
      case .caseID, .eventID, .entryID: .uuid
      case .form: .int2
      case .occurredAt, .recordedAt, .claimedRecordedAt: .timestamptz
      case .reason, .payload, .digest: .bytea
      case .imagesStored: .bool
      }
    }
  }

  /// What a COPY has to select.
  static let columns = "facility, " + LogRow.columns
  /// How many bytes stand before each column's own: its type and its length.
  private static let headerByteCount = 8
  private static let types = Column.allCases.map(\.type.rawValue)

  /// 0x00 and the leaf.
  private(set) var bytes: [UInt8] = []
  /// Where each column's bytes stand among them; nil for NULL.
  private(set) var places: [Range<Int>?] = []
  /// The hash of the leaf, as it is stored.
  private(set) var storedHash: [UInt8] = []

  init() {
    bytes.reserveCapacity(1_024)
    places.reserveCapacity(Column.allCases.count)
    storedHash.reserveCapacity(SHA256.byteCount)
  }

  private mutating func begin() {
    bytes.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    storedHash.removeAll(keepingCapacity: true)
    bytes.append(0x00)
    append(UInt32(Column.allCases.count))
  }

  private mutating func append(_ value: UInt32) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Reads the next row of ``columns``.
  mutating func read(_ row: inout BinaryCopyReader) throws(PostgresError) {
    begin()
    for type in Self.types {
      append(type)
      let isThere: Void? = try row.withNextBytes { value in
        append(UInt32(value.byteCount))
        value.withUnsafeBytes { bytes.append(contentsOf: $0) }
        places.append(bytes.count - value.byteCount..<bytes.count)
      }
      if isThere == nil {
        append(.max)
        places.append(nil)
      }
    }
    _ = try row.withNextBytes { hash in
      hash.withUnsafeBytes { storedHash.append(contentsOf: $0) }
    }
  }
}

extension StoredLeaf {
  /// Takes apart a row that is at hand as values.
  init(_ row: LogRow) {
    self.init()
    bytes.append(0x00)
    bytes.append(contentsOf: row.leafBytes)
    storedHash = row.leafHash
    var offset = 1 + 4
    for _ in Column.allCases {
      let length = bytes[offset + 4..<offset + Self.headerByteCount].reduce(UInt32(0)) {
        $0 << 8 | UInt32($1)
      }
      offset += Self.headerByteCount
      // −1 stands for NULL.
      guard length != .max else {
        places.append(nil)
        continue
      }
      places.append(offset..<offset + Int(length))
      offset += Int(length)
    }
  }
}

// MARK: - Reading columns

extension StoredLeaf {
  /// Whether the stored hash is that of the leaf.
  var hasItsHash: Bool { SHA256.hash(data: bytes).elementsEqual(storedHash) }

  /// A column's bytes; nil for NULL.
  func value(_ column: Column) -> ArraySlice<UInt8>? { places[column.rawValue].map { bytes[$0] } }

  /// A column as text; nil for NULL.
  func text(_ column: Column) -> String? {
    value(column).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A number of eight bytes, or a time in PostgreSQL's microseconds; 0 for NULL, which no column
  /// that is asked for here can be.
  func number(_ column: Column) -> Int64 {
    Int64(bitPattern: word(places[column.rawValue]?.lowerBound))
  }

  var caseID: CaseID {
    let start = places[Column.caseID.rawValue]?.lowerBound
    return CaseID(high: word(start), low: word(start.map { $0 + 8 }))
  }

  private func word(_ offset: Int?) -> UInt64 {
    guard let offset, offset + 8 <= bytes.count else { return 0 }
    return bytes.withUnsafeBytes {
      UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }

  /// The columns that say again what the payload says.
  var hot: LogEntry.HotFields {
    var hot = LogEntry.HotFields()
    hot.vessel = text(.vessel)
    hot.side = text(.side)
    hot.modality = text(.modality)
    hot.imagesStored = value(.imagesStored).map { $0.first != 0 }
    hot.lesion = text(.lesion)
    if let start = places[Column.entryID.rawValue]?.lowerBound {
      hot.entryID = EventID(high: word(start), low: word(start + 8))
    }
    return hot
  }
}
