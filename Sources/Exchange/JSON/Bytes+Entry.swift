internal import Charges
internal import Procedures

extension [UInt8] {
  /// Appends an entry as ``PulledEntry/json`` has it, without building that value first: the tests
  /// hold the two to be the same.
  mutating func putJSON(_ pulled: PulledEntry) {
    let entry = pulled.entry
    put(#"{"entry":""#)
    put(entry.id)
    switch entry.kind {
    case .charge: put(#"","kind":"charge","credits":null,"case":""#)
    case .credit(let charge):
      put(#"","kind":"credit","credits":""#)
      put(charge)
      put(#"","case":""#)
    }
    put(entry.caseID)
    put(#"","version":"#)
    put(entry.version)
    put(#","position":"#)
    put(entry.position)
    put(#","recordedAt":""#)
    put(entry.recordedAt)
    put(#"","postedAt":""#)
    put(entry.postedAt)
    put(#"","ruleBook":"#)
    putJSON(entry.ruleBook.text)
    put(#","ruleBookDigest":"#)
    putJSON(entry.ruleBookDigest)
    put(#","groupingPolicy":"#)
    putJSON(entry.groupingPolicy.text)
    put(#","account":"#)
    putJSON(pulled.account)
    put(#","encounter":"#)
    putJSON(pulled.encounter)
    put(",")
    putMembers(of: entry.charge)
    put("}")
  }

  private mutating func putMembers(of charge: Charge) {
    put(#""serviceDate":""#)
    put(charge.serviceDate)
    put(#"","setting":""#)
    put(charge.setting.rawValue)
    put(#"","department":"#)
    putJSON(charge.department?.text)
    put(#","room":"#)
    putJSON(charge.room?.text)
    put(#","operator":"#)
    putJSON(charge.operatingPhysician.text)
    put(#","npi":"#)
    putJSON(charge.npi)
    put(#","payer":"#)
    putJSON(charge.payer?.text)
    put(#","patient":"#)
    putJSON(charge.patient?.text)
    put(#","diagnoses":["#)
    putList(charge.diagnoses) { $0.putJSON($1.text) }
    put(#"],"code":""#)
    put(charge.code.text)
    put(#"","units":"#)
    put(charge.units)
    put(#","modifiers":["#)
    putList(charge.modifiers) { $0.putJSON($1.text) }
    put(#"],"claims":["#)
    putList(charge.claims) { $0.putJSON($1.rawValue) }
    put(#"],"counted":["#)
    putList(charge.counted) { $0.putJSON($1) }
    put("]")
  }

  private mutating func putJSON(_ unit: CountedUnit) {
    put(#"{"group":"#)
    putJSON(unit.group)
    put(#","vessels":["#)
    putList(unit.vessels) { $0.put(VesselTexts.standard[$1].json) }
    put(#"],"entries":["#)
    putList(unit.entries) { bytes, entry in
      bytes.put("\"")
      bytes.put(entry)
      bytes.put("\"")
    }
    put("]}")
  }
}
