/* Preloaded into PostgreSQL, makes each fsync and fdatasync take longer by SLOW_DISK_MICROSECONDS,
 * as on a disk further away. The real call is done first, so what is durable stays so. PostgreSQL
 * flushes its log with fdatasync on Linux (wal_sync_method); sync_file_range only starts writing
 * and is left as it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

typedef int (*sync_call)(int);

static sync_call real_fsync, real_fdatasync;
static struct timespec delay;

__attribute__((constructor)) static void prepare(void) {
  const char *text = getenv("SLOW_DISK_MICROSECONDS");
  long microseconds = text ? strtol(text, NULL, 10) : 0;
  if (microseconds > 0) {
    delay.tv_sec = microseconds / 1000000;
    delay.tv_nsec = microseconds % 1000000 * 1000;
  }
  real_fsync = (sync_call)dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = (sync_call)dlsym(RTLD_NEXT, "fdatasync");
}

static int slowly(sync_call call, int descriptor) {
  int result = call(descriptor);
  int error = errno;
  struct timespec left = delay;
  /* A signal must not shorten it: PostgreSQL's processes get many. */
  while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
  errno = error;
  return result;
}

int fsync(int descriptor) { return slowly(real_fsync, descriptor); }

int fdatasync(int descriptor) { return slowly(real_fdatasync, descriptor); }
