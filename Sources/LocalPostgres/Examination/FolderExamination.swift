public import Postgres

/// A look at a private server's folder, its programs and its state, which changes nothing.
public struct FolderExamination: Sendable {
  /// What was found.
  public let diagnoses: [Diagnosis]
  /// The process of the service that holds the folder; `nil` where none does.
  public let serviceProcess: Int32?

  /// Looks.
  public init(_ configuration: LocalServerConfiguration) async {
    do throws(LocalPostgresError) {
      let folder = try DataFolder(configuration)
      let programs = await Self.programs(configuration.search, for: folder)
      let facts = try await FolderFacts(of: folder, programs: try? programs.get())
      diagnoses = [Self.diagnosis(of: programs)] + facts.diagnoses
      serviceProcess = FolderLock.service(in: folder)
    } catch {
      diagnoses = [Diagnosis(error, "data-folder", "data folder")]
      serviceProcess = nil
    }
  }

  private static func programs(
    _ search: ProgramSearch, for folder: DataFolder
  ) async -> Result<ServerPrograms, LocalPostgresError> {
    // Data that are not PostgreSQL's have a finding of their own.
    let version = (try? folder.dataVersion()) ?? nil
    do throws(LocalPostgresError) {
      return .success(try await search.programs(forData: version, in: folder.path))
    } catch {
      return .failure(error)
    }
  }

  private static func diagnosis(
    of programs: Result<ServerPrograms, LocalPostgresError>
  ) -> Diagnosis {
    let subject = "PostgreSQL's programs"
    switch programs {
    case .success(let programs):
      return Diagnosis(
        "server-programs", subject, .ok,
        "PostgreSQL \(programs.majorVersion) in \(programs.folder)")
    case .failure(let error): return Diagnosis(error, "server-programs", subject)
    }
  }
}
