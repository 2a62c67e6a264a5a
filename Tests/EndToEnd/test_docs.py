"""The documentation does what it says: its examples run, its commands, settings and links exist."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import PROGRAM, ROOT, run, service, token

CATALOG = ROOT / "Sources" / "Command" / "Cathlog.docc"
README = ROOT / "README.md"
# One case, from the first image to its export; each page goes on where the one before ended.
WALK = ["Recorders", "Physicians", "Coders", "Billing", "Reconciliation", "Auditors", "Integrators"]
PEOPLE = {"recorder": "rn-204", "physician": "dr-114", "coder": "co-9", "billing": "bi-31",
          "auditor": "au-7", "admin": "ad-1"}
SEPARATOR = "=== end of example ==="


def pages():
    """Every page for people: the README and the articles."""
    return [README, *sorted(CATALOG.rglob("*.md"))]


def page(name):
    return next(path for path in CATALOG.rglob("*.md") if path.stem == name)


def fences(text):
    """The code blocks of a page, in order: language and content."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.S | re.M)


def examples(text):
    """Each block of commands, with the output that is shown right after it, if one is."""
    blocks = fences(text)
    shown = [*blocks[1:], ("", "")]
    return [(content, after[1] if after[0] in ("json", "text") else None)
            for (language, content), after in zip(blocks, shown) if language == "sh"]


def pattern(shown):
    """What is shown as a pattern: white space does not count, and … is anything."""
    parts = ["".join(part.split()) for part in shown.split("…")]
    return ".*?".join(re.escape(part) for part in parts)


class Examples(unittest.TestCase):
    def test_the_pages_for_users_are_one_case_that_works(self):
        steps = [(name, *example) for name in WALK
                 for example in examples(page(name).read_text())]
        self.assertGreater(len(steps), 20)
        with service() as running:
            outputs = self.play(running, [command for _, command, _ in steps])
        self.assertEqual(len(outputs), len(steps))
        for (name, command, shown), output in zip(steps, outputs):
            if shown is not None:
                with self.subTest(page=name, command=command):
                    self.assertRegex("".join(output.split()), pattern(shown))

    @staticmethod
    def play(running, commands):
        """Runs all commands in one shell, and returns what each wrote."""
        script = f"\nprintf '%s\\n' '{SEPARATOR}'\n".join(["set -eu", *commands, ""])
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "cathlog").symlink_to(pathlib.Path(PROGRAM).resolve())
            (pathlib.Path(folder) / "Tests").symlink_to(ROOT / "Tests")
            secrets = {role.upper(): token(running.folder, role, person=person)
                       for role, person in PEOPLE.items()}
            result = subprocess.run(
                ["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=300,
                env={**os.environ, **secrets, "PATH": f"{folder}:{os.environ['PATH']}",
                     "SERVICE": f"http://127.0.0.1:{running.port}",
                     "CATHLOG_DATA_DIR": running.folder})
        if result.returncode != 0:
            raise AssertionError(f"{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
        return result.stdout.split(SEPARATOR + "\n")[1:-1]


class Names(unittest.TestCase):
    def test_every_command_and_option_exists(self):
        found = 0
        for path in pages():
            # A command in a block, or in running text between backticks.
            code = [content for language, content in fences(path.read_text()) if language == "sh"]
            text = re.sub(r"^```.*?^```$", "", path.read_text(), flags=re.S | re.M)
            code += re.findall(r"`(cathlog [^`]+)`", text)
            for command in re.findall(
                    r"(?:^|[|&;(] *|exec cathlog )(?:[A-Z_]+=\S+ )*cathlog ((?:[^\n|&;>`\\)]|\\\n)+)",
                    "\n".join(code), re.M):
                found += 1
                with self.subTest(page=path.name, command=command):
                    self.check(command.replace("\\\n", " ").split())

        self.assertGreater(found, 30)

    helps = {}

    def help(self, *command):
        if command not in self.helps:
            self.helps[command] = run("help", *command).stdout.decode()
        return self.helps[command]

    def check(self, words):
        if words[0].startswith("-"):
            self.assertIn(words[0], self.help())
            return
        command = []
        for word in words:
            if not re.fullmatch(r"[a-z][a-z-]*", word):
                break
            if not re.search(rf"^  {word}(?: |$)", self.help(*command), re.M):
                break
            command.append(word)
        self.assertTrue(command, f"cathlog {words[0]} is not there")
        shown = self.help(*command)
        if default := re.search(r"^  (\S+) \(default\)", shown, re.M):
            shown += self.help(*command, default.group(1))
        for word in words:
            if word.startswith("--"):
                self.assertRegex(shown, rf"{re.escape(word.split('=')[0])}\b")

    def test_every_setting_exists_and_is_in_the_table_as_it_is(self):
        table = json.loads(run("settings", "--format", "json").stdout)["settings"]
        names = {name for row in table for name in (row["variable"], row.get("fileVariable"))}
        # Of docker-compose.yml and of the tests, not of the program.
        names |= {"CATHLOG_PUBLISH", "CATHLOG_SECRETS", "CATHLOG_IMAGE"}
        for path in pages():
            for name in set(re.findall(r"\b(?:CATHLOG|DATABASE)_[A-Z_]+\b", path.read_text())):
                self.assertIn(name, names, path.name)
        # Where this differs, the lines marked + are what Settings.md should have.
        shown = [line for line in page("Settings").read_text().splitlines()
                 if re.match(r"\| `\w", line)]
        self.maxDiff = None
        self.assertEqual(shown, [self.row(setting) for setting in table])

    @staticmethod
    def row(setting):
        names = [setting["variable"], setting.get("fileVariable"), setting.get("flag")]
        names = ", ".join(f"`{name}`" for name in names if name)
        return f"| `{setting['setting']}` | {names} | {setting['default']} | {setting['meaning']} |"


class Links(unittest.TestCase):
    def test_every_link_within_the_repository_leads_somewhere(self):
        for path in [README, ROOT / "NOTICE.md"]:
            text = path.read_text()
            headings = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
                        for heading in re.findall(r"^#+ (.*)$", text, re.M)}
            links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
            for link in links:
                with self.subTest(page=path.name, link=link):
                    if link.startswith("#"):
                        self.assertIn(link[1:], headings)
                    elif "://" not in link:
                        self.assertTrue((path.parent / link.split("#")[0]).exists())

    def test_every_folder_that_the_readme_maps_is_there_and_none_is_left_out(self):
        mapped = set(re.findall(r"^\| `([\w./]+)`", README.read_text(), re.M))
        there = {f"Sources/{path.name}" for path in (ROOT / "Sources").iterdir() if path.is_dir()}
        self.assertEqual({name for name in mapped if name.startswith("Sources/")}, there)
        for name in mapped:
            self.assertTrue((ROOT / name).exists(), name)


if __name__ == "__main__":
    unittest.main()
