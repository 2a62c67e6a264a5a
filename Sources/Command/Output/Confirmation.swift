/// Asks a person before something is done that is not undone.
enum Confirmation {
  /// Goes on only when the person at the terminal says yes; without one, `--yes` must stand there.
  static func require(_ sentence: String) throws(CommandFailure) {
    guard Terminal.canAsk else {
      throw CommandFailure(
        "not-confirmed", "\(sentence) Say --yes where nobody can be asked.", .usage)
    }
    Terminal.say("\(sentence) Go on? [y/N]")
    let answer = readLine()?.lowercased()
    guard answer == "y" || answer == "yes" else {
      throw CommandFailure("not-confirmed", "Nothing was done.", .temporary)
    }
  }
}
