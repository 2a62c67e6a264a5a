import CLibPQ
import Glibc

/// An executor whose jobs run on an operating-system thread of its own.
///
/// libpq blocks; on this thread it holds up nobody. The thread keeps the executor alive, so that
/// the last job may release the actor; it ends after `stop()`, which the actor's `deinit` calls and
/// after which nobody is left to enqueue.
///
/// Unchecked: `jobs` and `isStopped` are touched only while `mutex` is held, and the two pointers
/// are constant until `deinit`.
final class ConnectionThread: SerialExecutor, @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var jobs: [UnownedJob] = []
  private var isStopped = false

  private init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Starts a thread.
  static func start() throws(PostgresError) -> ConnectionThread {
    let executor = ConnectionThread()
    let reference = Unmanaged.passRetained(executor)
    // Signals belong to the threads of the program, so the new thread inherits a full mask.
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { reference in
        if let reference {
          clibpq_name_thread("postgres-client")
          Unmanaged<ConnectionThread>.fromOpaque(reference).takeRetainedValue().runJobs()
        }
        return nil
      }, reference.toOpaque())
    guard failure == 0 else {
      reference.release()
      throw PostgresError(.connectionFailed, "no thread could be started for the connection")
    }
    pthread_detach(thread)
    return executor
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    pthread_mutex_lock(mutex)
    precondition(!isStopped, "a job for a connection that is gone")
    jobs.append(job)
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Lets the thread end once its jobs are done.
  func stop() {
    pthread_mutex_lock(mutex)
    isStopped = true
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  private func runJobs() {
    while let batch = nextJobs() {
      for job in batch { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }

  /// Waits for jobs; nil once the thread is to end.
  private func nextJobs() -> [UnownedJob]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while jobs.isEmpty && !isStopped { pthread_cond_wait(condition, mutex) }
    guard !jobs.isEmpty else { return nil }
    defer { jobs = [] }
    return jobs
  }
}
