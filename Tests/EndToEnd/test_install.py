"""What script/install puts below a folder: the program, a manual without fault, completions that work."""

import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import tempfile
import time
import unittest

from harness import PROGRAM, ROOT, run

INSTALL = ROOT / "script" / "install"
PLAIN = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def install(prefix, program=PROGRAM, **environment):
    return subprocess.run(
        [INSTALL, "--prefix", prefix, "--program", program], capture_output=True, text=True,
        timeout=120, env={**os.environ, **environment})


class Terminal:
    """An interactive shell that is typed into."""

    def __init__(self, *command):
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.execvpe(command[0], command, PLAIN)

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def read_until(self, pattern, seconds=30):
        """What the shell wrote until it matched; raises with it when it does not."""
        seen, deadline = "", time.monotonic() + seconds
        while not re.search(pattern, seen):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.descriptor], [], [], left)[0]:
                raise AssertionError(f"{pattern} is not in {seen!r}")
            seen += os.read(self.descriptor, 4096).decode(errors="replace")
        return seen

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.descriptor)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="cathlog-install-")
        cls.prefix = pathlib.Path(cls.folder.name)
        result = install(cls.prefix, SOURCE_DATE_EPOCH="1772438400")
        if result.returncode != 0:
            raise AssertionError(result.stderr)
        cls.share = cls.prefix / "share"
        cls.pages = sorted((cls.share / "man" / "man1").iterdir())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_program_runs_where_it_was_put(self):
        output = subprocess.run(
            [self.prefix / "bin" / "cathlog", "--version"], capture_output=True, check=True).stdout
        self.assertEqual(output, run("--version").stdout)

    def test_the_manual_has_a_page_for_each_command_and_no_fault(self):
        listed = re.findall(r"^  ([a-z][a-z-]*)  +\w", run("--help").stdout.decode(), re.MULTILINE)
        names = {f"cathlog-{name}.1" for name in listed if name != "help"} | {"cathlog.1"}
        self.assertGreater(len(names), 10)
        self.assertEqual({page.name for page in self.pages}, names)
        lint = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "style", *self.pages], capture_output=True, text=True,
            env={**os.environ, "MANPATH": str(self.share / "man")})
        found = [line for line in lint.stdout.splitlines() if "referenced manual not found" not in line]
        self.assertEqual(found, [])
        referenced = {name for page in self.pages
                      for name in re.findall(r"^\.(?:It )?Xr (\S+) 1", page.read_text(), re.MULTILINE)}
        self.assertEqual({f"{name}.1" for name in referenced}, names)

    def test_the_first_page_has_every_setting_and_every_status(self):
        text = self.page("cathlog")
        for line in run("settings").stdout.decode().splitlines()[1:]:
            variable = re.search(r"  ((?:CATHLOG|DATABASE)_[A-Z_]+)  ", line).group(1)
            self.assertRegex(text, rf"\n     {variable}\n")
        sentence = " ".join(run("--help").stdout.decode().split("Exit status:")[1].split("\n\n")[0].split())
        statuses = re.findall(r"\b(\d+) ", sentence)
        self.assertGreater(len(statuses), 8)
        for status in statuses:
            self.assertRegex(text, rf"\n     {status} +\w")

    def test_a_page_has_each_option_of_its_command(self):
        for command in ["serve", "derive", "replay", "token"]:
            words = [[command]] if command != "token" else [
                ["token", name] for name in ("create", "list", "revoke")]
            for path in words:
                text = run(*path, "--help").stdout.decode()
                for option in re.findall(r"^  (--[a-z-]+)", text, re.MULTILINE):
                    if option not in ("--version", "--help"):
                        self.assertRegex(self.page(f"cathlog-{command}"), rf"\n     {option}\b")

    def test_the_same_program_gives_the_same_files(self):
        with tempfile.TemporaryDirectory() as other:
            self.assertEqual(install(other, SOURCE_DATE_EPOCH="1772438400").returncode, 0)
            files = [path for path in self.prefix.rglob("*") if path.is_file()]
            self.assertGreater(len(files), 15)
            for path in files:
                again = pathlib.Path(other, path.relative_to(self.prefix))
                self.assertEqual(path.read_bytes(), again.read_bytes(), path.name)

    def test_a_program_that_does_not_work_leaves_nothing_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            prefix = pathlib.Path(folder, "prefix")
            self.assertNotEqual(install(prefix, "/bin/false").returncode, 0)
            self.assertFalse(prefix.exists())
        for arguments in [["--prefix"], ["--prefix", ""], ["--colour", "red"], ["help"]]:
            result = subprocess.run([INSTALL, *arguments], capture_output=True, text=True)
            self.assertEqual((result.returncode, result.stdout), (64, ""))
            self.assertIn("usage: script/install", result.stderr)

    def test_bash_completes_commands_options_and_values(self):
        script = self.share / "bash-completion" / "completions" / "cathlog"
        subprocess.run(["bash", "-n", script], check=True)
        terminal = Terminal("bash", "--norc", "--noprofile", "-i")
        self.addCleanup(terminal.close)
        terminal.type(f"PATH={self.prefix}/bin:$PATH; . {script}; PS1=; echo re''ady\n")
        terminal.read_until(r"ready\r?\n")
        self.complete(terminal, "\x15")

    def test_zsh_completes_commands_options_and_values(self):
        folder = self.share / "zsh" / "site-functions"
        subprocess.run(["zsh", "-n", folder / "_cathlog"], check=True)
        terminal = Terminal("zsh", "-f", "-i")
        self.addCleanup(terminal.close)
        terminal.type(
            f"PATH={self.prefix}/bin:$PATH; fpath=({folder} $fpath); autoload -Uz compinit; "
            "compinit -u -D; PS1=; unsetopt zle_bracketed_paste; echo re''ady\n")
        terminal.read_until(r"ready\r?\n")
        self.complete(terminal, "\x15")

    def complete(self, terminal, clear):
        for typed, completed in [
                ("cathlog der", "cathlog derive "), ("cathlog facility cre", "cathlog facility create "),
                ("cathlog serve --log-l", "cathlog serve --log-level "),
                ("cathlog line-items --status pl", "cathlog line-items --status planned "),
                ("cathlog derive --policy scai", "cathlog derive --policy scai-2026 ")]:
            terminal.type(f"{typed}\t")
            shown = re.escape(completed[len(typed):].rstrip())
            terminal.read_until(rf"{re.escape(typed)}.*{shown}")
            terminal.type(clear)

    def test_fish_completes_commands_options_and_values(self):
        script = self.share / "fish" / "vendor_completions.d" / "cathlog.fish"
        subprocess.run(["fish", "-n", script], check=True)
        for typed, completed in [
                ("cathlog der", "derive"), ("cathlog facility cre", "create"),
                ("cathlog serve --log-l", "--log-level"),
                ("cathlog line-items --status pl", "planned"),
                ("cathlog derive --policy scai", "scai-2026")]:
            output = subprocess.run(
                ["fish", "--no-config", "-c",
                 f"source {script}; complete -C '{typed}'"],
                capture_output=True, text=True, check=True,
                env={**PLAIN, "PATH": f"{self.prefix}/bin:{PLAIN['PATH']}",
                     "HOME": self.folder.name}).stdout
            self.assertIn(completed, [line.split("\t")[0] for line in output.splitlines()])

    def page(self, name):
        text = subprocess.run(
            ["mandoc", "-T", "utf8", self.share / "man" / "man1" / f"{name}.1"],
            capture_output=True, text=True, check=True).stdout
        return re.sub(".\b", "", text)


if __name__ == "__main__":
    unittest.main()
