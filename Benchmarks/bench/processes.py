"""Every program that a run starts, so that none outlives it."""

import contextlib
import os
import signal
import subprocess


class Failure(Exception):
    """A measurement that could not be made, and why, in a sentence."""


def run(arguments, data=None, environment=None, timeout=900, directory=None):
    """Runs a program to its end and returns what it printed; raises Failure with what it said."""
    try:
        result = subprocess.run(
            list(map(str, arguments)), input=data, capture_output=True, text=True, timeout=timeout,
            check=False,
            env={**os.environ, **(environment or {})}, cwd=directory)
    except FileNotFoundError as error:
        raise Failure(f"{arguments[0]} is not there") from error
    except subprocess.TimeoutExpired as error:
        raise Failure(f"{arguments[0]} took longer than {timeout} s") from error
    if result.returncode != 0:
        said = (result.stderr.strip() or result.stdout.strip()).splitlines()[-3:]
        raise Failure(f"{os.path.basename(str(arguments[0]))} ended with {result.returncode}: "
                      + " | ".join(said))
    return result.stdout


@contextlib.contextmanager
def running(arguments, environment=None, stop=signal.SIGTERM, **options):
    """A program that runs beside; it is told to end, and killed when it does not."""
    process = subprocess.Popen(
        list(map(str, arguments)), env={**os.environ, **(environment or {})}, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def resident_megabytes(pid, field="VmRSS"):
    """A process's resident memory now (VmRSS) or at its highest (VmHWM), in megabytes."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    raise Failure(f"{field} of {pid} is not known")
