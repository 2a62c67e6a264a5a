import Foundation

// embed-texts OUTPUT FILE…: writes one Swift file with a constant for each text file, and a list. String literals
// compile far faster than the byte arrays that the package manager's own embedding writes.
let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else {
  FileHandle.standardError.write(Data("usage: embed-texts OUTPUT FILE…\n".utf8))
  exit(64)
}

var names: [(file: String, identifier: String)] = []
var source = "/// The texts that stand beside the sources of this target.\nenum Embedded {\n"
for path in arguments.dropFirst() {
  let text = try String(contentsOfFile: path, encoding: .utf8)
  let name = URL(filePath: path).lastPathComponent
    .map { $0.isLetter || $0.isNumber ? String($0) : "_" }
    .joined()
  let identifier = name.first?.isNumber == true ? "_" + name : name
  // As many signs as make sure that nothing in the text ends the literal or starts an escape.
  var hashes = "#"
  while text.contains("\"\"\"" + hashes) || text.contains("\\" + hashes) { hashes += "#" }
  source += "  static let \(identifier) = \(hashes)\"\"\"\n\(text)\n\"\"\"\(hashes)\n"
  names.append((URL(filePath: path).lastPathComponent, identifier))
}
source += "  /// All of them, by the names of their files.\n"
source += "  static let all: [String: String] = [\n"
for name in names { source += "    \"\(name.file)\": \(name.identifier),\n" }
source += "  ]\n"
source += "}\n"
try source.write(toFile: output, atomically: true, encoding: .utf8)
