import Foundation
import Postgres
import Settings
import Store

/// Whether the master key is there, closed, and the one that the database's keys are wrapped with.
enum MasterKeyCheck {
  /// Looks at the key; of the database's keys, `heldIDs` are the names of those that wrap them, nil
  /// where it could not be asked.
  static func diagnoses(_ settings: CathlogSettings, heldIDs: Set<[UInt8]>?) -> [Diagnosis] {
    let subject = "master key"
    do {
      let source = try MasterKeySource(settings)
      if case .file(let path, let mayCreate) = source {
        if !FileManager.default.fileExists(atPath: path), mayCreate, heldIDs?.isEmpty != false,
          heldIDs != nil || !hasData(beside: path)
        {
          return [Diagnosis("master-key", subject, .ok, "is made at the first start")]
        }
      }
      let keys = try source.keys(databaseHoldsKeys: true)
      return [file(source, subject), match(keys, heldIDs)]
    } catch let failure as CommandFailure {
      return [
        Diagnosis(
          "master-key", subject, .misconfigured, failure.sentence, remedy: "See the sentence.")
      ]
    } catch {
      return [Diagnosis("master-key", subject, .misconfigured, "\(error)", remedy: "Set HOME.")]
    }
  }

  private static func hasData(beside path: String) -> Bool {
    let folder = URL(filePath: path).deletingLastPathComponent()
    return FileManager.default.fileExists(atPath: folder.appending(path: "data").path())
  }

  private static func file(_ source: MasterKeySource, _ subject: String) -> Diagnosis {
    guard case .file(let path, _) = source else {
      return Diagnosis("master-key", subject, .ok, "is set in the environment")
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let permissions = attributes?[.posixPermissions] as? Int ?? 0
    return permissions & 0o077 == 0
      ? Diagnosis(
        "master-key", subject, .ok, "\(path), mode \(String(permissions, radix: 8))")
      : Diagnosis(
        "master-key", subject, .warning,
        "\(path) is open to other accounts (mode \(String(permissions, radix: 8)))",
        remedy: "Close it with `chmod 600 \(path)`.")
  }

  private static func match(_ keys: [MasterKey], _ heldIDs: Set<[UInt8]>?) -> Diagnosis {
    let subject = "master key fits"
    guard let heldIDs else {
      return Diagnosis(
        "master-key-fit", subject, .warning, "cannot be told without the database",
        remedy: "Look again while the database runs.")
    }
    if heldIDs.isEmpty {
      return Diagnosis("master-key-fit", subject, .ok, "the database holds no key yet")
    }
    let missing = heldIDs.subtracting(keys.map(\.id))
    return missing.isEmpty
      ? Diagnosis("master-key-fit", subject, .ok, "it opens the database's keys")
      : Diagnosis(
        "master-key-fit", subject, .misconfigured,
        missing.count == heldIDs.count
          ? "it is another than the one that the database's keys are wrapped with"
          : "a further one is needed: some of the database's keys are wrapped with it",
        remedy: "Bring the right key file back from its backup; old keys stay in it.")
  }
}
