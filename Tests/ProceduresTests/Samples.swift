import Procedures

/// The shortest and the fullest `data` of each type: without any optional field, and with all.
func sampleData(_ type: EventType) -> (least: String, most: String) {
  switch type {
  case .caseOpened: caseOpenedData
  case .caseClosed: ("{}", "{}")
  case .caseSigned:
    (
      #"{"signer":"dr-114","meaning":"author"}"#,
      #"{"signer":"dr-114","meaning":"author","logHead":{"position":12,"root":"\#(someRoot)"}}"#
    )
  case .caseReopened, .caseCancelled:
    (#"{"reason":"wrong patient"}"#, #"{"reason":{"erased":true}}"#)
  case .patientIdentified: same(#"{"patient":"pt-1","identifiersChecked":["name","birth date"]}"#)
  case .roomChanged: same(#"{"room":"Lab 3"}"#)
  case .patientStatusChanged: same(#"{"status":"sedated"}"#)
  case .personnelArrived, .personnelDeparted: same(#"{"person":"rn-2","role":"scrub nurse"}"#)
  case .timeOutCompleted:
    (
      #"{"participants":["rn-2"],"confirmed":[]}"#,
      #"{"participants":["rn-2","dr-114"],"confirmed":["patient","site","procedure","consent","allergies","images"]}"#
    )
  case .percutaneousEntry:
    (
      #"{"vessel":"inferior-vena-cava"}"#,
      #"{"vessel":"common-femoral-vein","side":"right","sheathFrench":6.5}"#
    )
  case .percutaneousClosure:
    (
      #"{"vessel":"inferior-vena-cava","method":"suture"}"#,
      #"{"vessel":"common-femoral-vein","side":"left","method":"suture"}"#
    )
  case .procedureActionStarted, .procedureActionEnded, .procedureActionSuspended,
    .procedureActionResumed:
    same(#"{"action":"venography"}"#)
  case .deviceInserted, .deviceWithdrawn:
    (
      #"{"device":"guide wire"}"#,
      #"{"device":"guide wire","vessel":"common-femoral-vein","side":"left"}"#
    )
  case .imageAcquired, .measurementRecorded, .lesionIdentified, .interventionPerformed,
    .consumableUsed, .consumableReturned, .consumableDisposed, .drugAdministered,
    .contrastAdministered, .radiationRecorded, .adverseEvent:
    procedureData(type)
  case .interpretationDocumented, .procedureCoded, .diagnosisCoded, .modifierApplied,
    .holdReleased, .noteRecorded, .entryCorrected, .entryRetracted:
    codingData(type)
  case .facilityOpened, .ruleBookAdopted, .payerPolicyAssigned, .personRegistered:
    facilityData(type)
  }
}

private let someRoot = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

private func same(_ text: String) -> (String, String) { (text, text) }

private let caseOpenedData = (
  least: #"""
  {"facility":"general","room":"Lab 2","serviceDate":"2026-03-02","timeZone":"America/New_York",
   "setting":"hospital-outpatient","operator":"dr-114"}
  """#,
  most: #"""
  {"facility":"general","room":"Lab 2","serviceDate":"2026-03-02","timeZone":"America/New_York",
   "setting":"asc","operator":"dr-114","patient":"pt-8fcf45","encounter":"E-1","accession":"A-1",
   "account":{"erased":true},"department":"cath lab","payer":"medicare",
   "plannedProcedure":"iliac vein stent"}
  """#
)

private func procedureData(_ type: EventType) -> (least: String, most: String) {
  switch type {
  case .imageAcquired:
    (
      #"{"modality":"IVUS","vessel":"inferior-vena-cava","phase":"diagnostic","imagesStored":true}"#,
      #"""
      {"modality":"OCT","vessel":"common-iliac-vein","side":"left","phase":"post-intervention",
       "lesion":"L1","imagesStored":false,"seriesUID":"1.2.840.1","pullbackMillimetersPerSecond":0.5}
      """#
    )
  case .measurementRecorded:
    (
      #"{"vessel":"inferior-vena-cava","measure":"diameter","value":18,"unit":"mm"}"#,
      #"""
      {"vessel":"common-iliac-vein","side":"left","measure":"lumen-csa","site":"lumen minimum",
       "value":82.25,"unit":"mm2"}
      """#
    )
  case .lesionIdentified:
    (
      #"{"lesion":"L1","vessels":[{"vessel":"inferior-vena-cava"}]}"#,
      #"""
      {"lesion":"L2","vessels":[{"vessel":"common-iliac-vein","side":"left"},
       {"vessel":"external-iliac-vein","side":"left"}]}
      """#
    )
  case .interventionPerformed:
    (
      #"{"action":"filter-insertion","vessel":"inferior-vena-cava"}"#,
      #"""
      {"action":"stent-placement","vessel":"common-iliac-vein","side":"left","lesion":"L1",
       "device":"venous stent"}
      """#
    )
  case .consumableUsed, .consumableReturned, .consumableDisposed:
    (
      #"{"item":"balloon","quantity":1}"#,
      #"""
      {"item":"balloon","quantity":10000,"udi":"(01)1","lot":"7","serial":"8","billingCode":"C1753"}
      """#
    )
  case .drugAdministered, .contrastAdministered:
    (
      #"{"agent":"heparin","amount":5000,"unit":"[iU]"}"#,
      #"{"agent":"heparin","amount":0.125,"unit":"mg","route":"intravenous"}"#
    )
  case .radiationRecorded:
    (
      "{}",
      #"""
      {"fluoroscopySeconds":432.5,"airKermaMilligray":120,"doseAreaProduct":18.75,"unit":"Gy.cm2"}
      """#
    )
  default: (#"{"kind":"bleeding"}"#, #"{"kind":"bleeding","detail":"at the groin"}"#)
  }
}

private func codingData(_ type: EventType) -> (least: String, most: String) {
  switch type {
  case .interpretationDocumented:
    (
      #"{"vessels":[],"report":"R-1","physician":"dr-114"}"#,
      #"""
      {"vessels":[{"vessel":"common-iliac-vein","side":"left"},{"vessel":"inferior-vena-cava"}],
       "report":{"erased":true},"physician":"dr-114"}
      """#
    )
  case .procedureCoded:
    (#"{"code":"37238"}"#, #"{"code":"37238","units":3,"modifiers":["LT","59"]}"#)
  case .diagnosisCoded: (#"{"codes":["I87.1"]}"#, #"{"codes":["I87.1","I82421"]}"#)
  case .modifierApplied: same(#"{"code":"37252","modifier":"59","reason":"separate session"}"#)
  case .holdReleased:
    (
      #"{"hold":"mue-exceeded","reason":"checked"}"#,
      #"{"hold":"images-not-stored","code":"37252","reason":"found"}"#
    )
  case .noteRecorded: same(#"{"kind":"nursing","text":"resting"}"#)
  case .entryCorrected:
    (
      #"{"entry":"\#(EventID(1))","data":{"room":"Lab 4"},"reason":"misread"}"#,
      #"""
      {"entry":"\#(EventID(1))","data":{"room":"Lab 4"},"reason":"misread",
       "occurredAt":"2026-03-02T13:40:00.25Z"}
      """#
    )
  default: same(#"{"entry":"\#(EventID(1))","reason":"entered twice"}"#)
  }
}

private func facilityData(_ type: EventType) -> (least: String, most: String) {
  switch type {
  case .facilityOpened:
    same(#"{"facility":"general","name":"General Hospital","timeZone":"America/New_York"}"#)
  case .ruleBookAdopted:
    same(
      #"""
      {"ruleBook":"2026.1","from":"2026-01-01",
       "digest":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
      """#)
  case .payerPolicyAssigned: same(#"{"payer":"aetna","policy":"sir","from":"2026-01-01"}"#)
  default:
    (
      #"{"person":"dr-114","name":"A. Physician","roles":["physician"]}"#,
      #"{"person":"dr-114","name":"A. Physician","roles":["physician","coder"],"npi":"1234567893"}"#
    )
  }
}
