import PackagePlugin

/// Puts the tables and statements that stand as text files among a target's sources into its
/// binary, as `Embedded.<name>_<ending>`; `Embedded.all` has every one by the name of its file.
@main
struct EmbedTexts: BuildToolPlugin {
  private static let endings: Set<String> = ["csv", "json", "sql"]

  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    guard let module = target.sourceModule else { return [] }
    let texts = module.sourceFiles.map(\.url)
      .filter { Self.endings.contains($0.pathExtension) }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    guard !texts.isEmpty else { return [] }
    let output = context.pluginWorkDirectoryURL.appending(component: "Embedded.swift")
    return [
      .buildCommand(
        displayName: "Embedding the texts of \(target.name)",
        executable: try context.tool(named: "embed-texts").url,
        arguments: [output.path()] + texts.map { $0.path() },
        inputFiles: texts, outputFiles: [output])
    ]
  }
}
