/// What people do in a case beside the script: slips, mendings, delays, and the rest of a real day.
public struct Habits: OptionSet, Hashable, Sendable {
  /// One bit a habit.
  public let rawValue: UInt32

  /// The habits of these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The case is called off after the time-out, before anything is done.
  public static let cancelled = Habits(rawValue: 1 << 0)
  /// The patient comes unknown, and is identified later.
  public static let unknownAtFirst = Habits(rawValue: 1 << 1)
  /// The case moves to another room.
  public static let roomChanged = Habits(rawValue: 1 << 2)
  /// A second workstation is used, whose clock differs: its times are `unsynchronized`.
  public static let secondWorkstation = Habits(rawValue: 1 << 3)
  /// Some entries are made long after, with an `estimated` time.
  public static let lateEntries = Habits(rawValue: 1 << 4)
  /// One lesion runs on from vessel to vessel, and is said to when the vessels are imaged.
  public static let spanningLesion = Habits(rawValue: 1 << 5)
  /// A vessel is looked at again.
  public static let repeatLook = Habits(rawValue: 1 << 6)
  /// The images of one vessel are not stored.
  public static let imagesNotStored = Habits(rawValue: 1 << 7)
  /// An image is entered under the wrong side, and corrected; where nothing has a side, a value is.
  public static let wrongSide = Habits(rawValue: 1 << 8)
  /// A value is entered ten times too great, and corrected.
  public static let wrongValue = Habits(rawValue: 1 << 9)
  /// A correction says that an entry's time was wrong.
  public static let wrongTime = Habits(rawValue: 1 << 10)
  /// An entry is made twice, and one of the two retracted.
  public static let enteredTwice = Habits(rawValue: 1 << 11)
  /// An entry is retracted by mistake, and that retraction retracted.
  public static let retractedByMistake = Habits(rawValue: 1 << 12)
  /// A supply is put back unused.
  public static let supplyReturned = Habits(rawValue: 1 << 13)
  /// A supply is thrown away unused.
  public static let supplyDisposed = Habits(rawValue: 1 << 14)
  /// Something goes wrong with the patient.
  public static let adverseEvent = Habits(rawValue: 1 << 15)
  /// The images are never read.
  public static let readingForgotten = Habits(rawValue: 1 << 16)
  /// The reading leaves one vessel out.
  public static let readingIncomplete = Habits(rawValue: 1 << 17)
  /// The images are read the next day.
  public static let readingNextDay = Habits(rawValue: 1 << 18)
  /// Nobody states which procedure was performed.
  public static let notCoded = Habits(rawValue: 1 << 19)
  /// The case is never signed.
  public static let notSigned = Habits(rawValue: 1 << 20)
  /// Something clinical is entered after the signature, with its reason, and the case signed anew.
  public static let enteredAfterSigning = Habits(rawValue: 1 << 21)
  /// The case is reopened, mended, closed and signed again.
  public static let reopened = Habits(rawValue: 1 << 22)
  /// A coder applies a modifier, with the reason.
  public static let modifierApplied = Habits(rawValue: 1 << 23)
  /// A coder releases a hold, with the reason.
  public static let holdReleased = Habits(rawValue: 1 << 24)
  /// The patient comes back for a second session on the same day.
  public static let secondSession = Habits(rawValue: 1 << 25)

  /// How often each is, in a thousand cases.
  ///
  /// The article of this module says what each rests on.
  public static let rates: [(habit: Habits, perMille: Int)] = [
    (.cancelled, 40), (.unknownAtFirst, 30), (.roomChanged, 8), (.secondWorkstation, 90),
    (.lateEntries, 300), (.spanningLesion, 180), (.repeatLook, 250), (.imagesNotStored, 35),
    (.wrongSide, 40), (.wrongValue, 60), (.wrongTime, 50), (.enteredTwice, 60),
    (.retractedByMistake, 10), (.supplyReturned, 80), (.supplyDisposed, 40),
    (.adverseEvent, 15), (.readingForgotten, 30), (.readingIncomplete, 25),
    (.readingNextDay, 120), (.notCoded, 15), (.notSigned, 30), (.enteredAfterSigning, 25),
    (.reopened, 15), (.modifierApplied, 60), (.holdReleased, 20), (.secondSession, 10),
  ]

  /// Each alone, in the order of the table.
  public static let each: [Habits] = rates.map(\.habit)

  /// Draws the habits of a case.
  static func draw(_ generator: inout SeededGenerator) -> Habits {
    var habits: Habits = []
    for rate in rates where generator.happens(perMille: rate.perMille) {
      habits.insert(rate.habit)
    }
    return habits
  }
}
