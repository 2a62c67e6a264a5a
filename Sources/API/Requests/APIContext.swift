public import Hummingbird
internal import NIOCore
internal import Store
internal import Synchronization

/// What is known of a request beside the request itself.
public struct APIContext: RequestContext {
  /// Hummingbird's own part.
  public var coreContext: CoreRequestContextStorage
  /// The address from which it was sent, without the port; nil on a Unix socket.
  let origin: String?
  /// What the log of requests says when it is answered.
  let notes = RequestNotes()
  /// Who asks, once the token is found good.
  var caller: Caller?

  /// The context of a request that came over this channel.
  public init(source: Source) {
    coreContext = CoreRequestContextStorage(source: source)
    origin = source.channel.remoteAddress?.ipAddress
  }
}

/// The context of a request whose caller is known.
struct CallerContext: ChildRequestContext {
  var coreContext: CoreRequestContextStorage
  let caller: Caller

  init(context: APIContext) throws {
    guard let caller = context.caller else { throw Problem.unauthenticated }
    self.caller = caller
    coreContext = context.coreContext
  }
}

/// What is learnt of a request on its way inward, for the log that is written on the way out.
final class RequestNotes: Sendable {
  private let tokenIDNote = Mutex<TokenID?>(nil)

  var tokenID: TokenID? {
    get { tokenIDNote.withLock { $0 } }
    set { tokenIDNote.withLock { $0 = newValue } }
  }
}
