"""The machine on which a run was made."""

import os
import platform
import statistics
import time

from . import processes, server as servers


def first(path, key):
    """The value of the first line of a file of `key: value` lines."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    return "unknown"


def sync_milliseconds(folder, count=300):
    """How long a flush of the log takes: the median of writing 8 kB and fdatasync."""
    path = os.path.join(folder, "sync-probe")
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        block = os.urandom(8192)
        for place in range(64):
            os.pwrite(descriptor, block, place * len(block))
        os.fsync(descriptor)
        times = []
        for number in range(count):
            begin = time.perf_counter()
            os.pwrite(descriptor, block, number % 64 * len(block))
            os.fdatasync(descriptor)
            times.append(time.perf_counter() - begin)
        return statistics.median(times) * 1000
    finally:
        os.close(descriptor)
        os.unlink(path)


def commit(root):
    """The commit that was measured, and whether files differ from it."""
    try:
        name = processes.run(["git", "-C", root, "rev-parse", "--short=10", "HEAD"]).strip()
        changed = processes.run(["git", "-C", root, "status", "--porcelain", "-uno"]).strip()
        return name + ("+changes" if changed else "")
    except processes.Failure:
        return "unknown"


def describe(server, root):
    """What a reader needs to weigh the figures."""
    settings = ["synchronous_commit", "fsync", "full_page_writes", "wal_sync_method",
                "data_checksums", *servers.SETTINGS]
    shown = server.sql("postgres", ";".join(f"SHOW {name}" for name in settings))
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": commit(root),
        "processor": first("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memoryMegabytes": int(first("/proc/meminfo", "MemTotal").split()[0]) // 1024,
        "kernel": platform.release(),
        "loadBefore": os.getloadavg()[0],
        "postgresql": server.value("postgres", "SHOW server_version"),
        "settings": {name: row[0] if row else ""
                     for name, row in zip(settings, shown, strict=True)},
        "syncMilliseconds": round(sync_milliseconds(server.folder), 3),
    }
