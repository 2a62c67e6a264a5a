import LocalPostgres
import Postgres
import Settings
import Store

/// Everything that a service needs, looked at without changing anything.
struct Examination {
  /// Beside the pool: one that hears of new events, and one that migrates.
  static let connectionsBesidePool = 2

  let settings: CathlogSettings
  private(set) var diagnoses: [Diagnosis] = []

  /// Looks at the machine, the folder, the port, the key and the database, in this order.
  static func examine(_ settings: CathlogSettings) async -> Examination {
    var examination = Examination(settings: settings)
    var serviceProcess: Int32?
    if case .own(let configuration) = settings.place {
      let folder = await FolderExamination(configuration)
      examination.diagnoses += folder.diagnoses
      serviceProcess = folder.serviceProcess
    }
    examination.diagnoses.append(
      PortCheck.diagnosis(host: settings.host, port: settings.port, ownProcess: serviceProcess))
    let database = await DatabaseCheck.look(settings)
    examination.diagnoses += MasterKeyCheck.diagnoses(settings, heldIDs: database.masterKeyIDs)
    examination.diagnoses += database.diagnoses
    return examination
  }

  /// The status to end with: 78 where a person must change a setting, 69 where something is missing.
  var exitStatus: Int32? {
    let verdicts = Set(diagnoses.map(\.verdict))
    if verdicts.contains(.misconfigured) { return CommandFailure.Status.configuration.rawValue }
    return verdicts.contains(.unavailable) ? CommandFailure.Status.unavailable.rawValue : nil
  }
}
