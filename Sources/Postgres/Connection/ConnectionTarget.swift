import CLibPQ

/// The keywords and values of one attempt to connect, as libpq names them.
struct ConnectionTarget: Equatable {
  var values: [String: String]

  init(values: [String: String]) {
    self.values = values
  }

  /// Reads a URI or `key=value` string; libpq's words about a faulty one may quote the password.
  init(parsing url: String) throws(PostgresError) {
    var message: UnsafeMutablePointer<CChar>?
    let options = PQconninfoParse(url, &message)
    PQfreemem(message)
    guard let options else {
      throw PostgresError(.connectionFailed, "the connection string cannot be parsed")
    }
    defer { PQconninfoFree(options) }
    values = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        values[String(cString: keyword)] = String(cString: value)
      }
      option += 1
    }
  }

  /// What the URL says about the time that one host may take; libpq's zero is without limit.
  var connectTimeout: Duration? {
    values["connect_timeout"].flatMap { Int32($0) }.map { seconds in
      seconds > 0 ? .seconds(seconds) : .seconds(Int32.max)
    }
  }

  /// Splits a list of hosts, so that each can have its own deadline.
  ///
  /// libpq tries the hosts of a list by itself, but keeps deadlines only where it blocks, and there
  /// it writes early notices to standard error.
  func oneHostEach() -> [ConnectionTarget] {
    let hosts = list("host")
    let addresses = list("hostaddr")
    let ports = list("port")
    let count = max(hosts.count, addresses.count)
    guard count > 1 else { return preferences([self]) }
    let targets = (0..<count).map { index in
      var target = self
      target.set("host", hosts, index)
      target.set("hostaddr", addresses, index)
      target.set("port", ports.count == 1 ? Array(repeating: ports[0], count: count) : ports, index)
      return target
    }
    return preferences(targets)
  }

  /// `prefer-standby` asks every host for a standby first and then takes any.
  private func preferences(_ targets: [ConnectionTarget]) -> [ConnectionTarget] {
    guard values["target_session_attrs"] == "prefer-standby" else { return targets }
    return ["standby", "any"].flatMap { wanted in
      targets.map { target in
        ConnectionTarget(
          values: target.values.merging(["target_session_attrs": wanted]) { $1 })
      }
    }
  }

  private func list(_ keyword: String) -> [Substring] {
    values[keyword]?.split(separator: ",", omittingEmptySubsequences: false) ?? []
  }

  private mutating func set(_ keyword: String, _ list: [Substring], _ index: Int) {
    guard !list.isEmpty else { return }
    values[keyword] = index < list.count ? String(list[index]) : ""
  }
}
