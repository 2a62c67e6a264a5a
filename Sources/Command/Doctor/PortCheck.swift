import Postgres

/// Whether the service's port is free.
enum PortCheck {
  static func diagnosis(host: String, port: Int, ownProcess: Int32?) -> Diagnosis {
    let subject = "HTTP port"
    guard port > 0 else { return Diagnosis("http-port", subject, .ok, "any free one") }
    guard PortHolder.isListening(onPort: port) else {
      return Diagnosis("http-port", subject, .ok, "\(port) of \(host) is free")
    }
    let holder = PortHolder(ofPort: port)
    if let holder, holder.processIdentifier == ownProcess {
      return Diagnosis("http-port", subject, .ok, "\(port) is held by the folder's own service")
    }
    if let holder, holder.program == "cathlog" {
      return Diagnosis(
        "http-port", subject, .warning, "\(port) is held by another cathlog (\(holder))",
        remedy: "Choose another port with --port to run a second one.")
    }
    return Diagnosis(
      "http-port", subject, .unavailable,
      "\(port) is taken by \(holder.map { "\($0)" } ?? "a process that this account cannot see")",
      remedy: "Stop that program, or choose another port with --port.")
  }
}
