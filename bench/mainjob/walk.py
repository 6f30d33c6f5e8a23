"""Walk the main job on a generated project: init, lists, calibrate, apply, ten runs, three runs of the script.

Every step's output is printed; the first step that does not do what it must ends the walk with exit code 1.
"""

import argparse
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from project import Project

LEVELS = "1,2,4,6,8"

#: Two heavy tests do not fit into it.
MEMORY = "400m"

#: Where the project has commands from before, and what they become: all groups, or light alone.
COMMANDS = {
    "README.md": [("pytest -n 8", "all"), ("pytest -n 6 tests/unit", "light")],
    "Makefile": [("pytest -n 6", "all"), ("pytest -n8 tests/unit", "light")],
    "scripts/test.sh": [("pytest -n 6 --dist", "all")],
    ".github/workflows/ci.yml": [("pytest -n auto", "all")],
}


class Walk:
    def __init__(self, plimsoll, root):
        self.plimsoll = plimsoll
        self.root = root

    def run(self, *command, expect=0):
        print("$", *command, flush=True)
        ran = subprocess.run(command, cwd=self.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        print(ran.stdout, flush=True)
        self.check(ran.returncode == expect, f"exit code {ran.returncode}, not {expect}")
        return ran.stdout

    def do(self, *arguments, expect=0):
        return self.run(self.plimsoll, *arguments, expect=expect)

    @staticmethod
    def check(holds, what):
        if not holds:
            sys.exit(f"FAILED: {what}")

    def chosen(self, text):
        return {name: int(count) for name, count in re.findall(r"^(\w+): (\d+) workers?$", text, re.M)}

    def calibrate(self, *options):
        text = self.do("calibrate", "--levels", LEVELS, *options)
        chosen = self.chosen(text)
        self.check(set(chosen) == {"heavy", "long", "light"}, f"a group has no choice: {chosen}")
        self.check(chosen["heavy"] == 1, "two heavy tests do not fit the memory")
        self.check(chosen["light"] <= 4, "a light test is flaky above 4 workers")
        self.check("the whole suite passed 3 times in a row" in text, "the suite was not proven as a whole")
        return chosen

    def update_commands(self, chosen):
        """Each old command is listed and changes on request; no other byte of its file does."""
        expected = {}
        listed = self.do("apply", "--dry-run")
        for name, commands in COMMANDS.items():
            text = (self.root / name).read_bytes().decode()
            for old, group in commands:
                self.check(f"{name}:" in listed and old.split(" --")[0] in listed, f"{name}: {old} is not listed")
                number = min(chosen.values()) if group == "all" else chosen[group]
                new = old.replace("-n auto", f"-n {number}").replace("-n 8", f"-n {number}")
                text = text.replace(old, new.replace("-n 6", f"-n {number}").replace("-n8", f"-n{number}"))
            expected[name] = text
        self.do("apply", "--update-commands")
        for name, text in expected.items():
            self.check((self.root / name).read_bytes().decode() == text, f"{name} is not as expected")
        self.check("other numbers" not in self.do("apply", "--check"), "old commands are left")

    def init(self):
        """The chain of the browser suite in `web`, not in the folder that git ignores; lists stay."""
        lists = {file: file.read_text() for file in (self.root / "config/pytest-groups").iterdir()}
        said = self.do("init")
        self.check("a chain for the suite of web/playwright.config.ts" in said, "the browser suite was not found")
        config = self.root / "plimsoll.toml"
        text = config.read_text()
        self.check("old" not in re.findall(r'^folder = "(.*)"$', text, re.M), "git ignores `old`")
        self.check(all(file.read_text() == before for file, before in lists.items()), "init changed a list")
        config.write_text(f'memory = "{MEMORY}"\n' + text + '\n[apply]\nlanguage = "de"\n')
        listed = [re.split("  +", line)[0] for line in self.do("stages", "list").splitlines()]
        self.check(listed == ["preflight", "latency", "functional"], f"stages: {listed}")
        self.do("groups", "check")

    def browsers(self):
        """The chain runs with a browser; the memory of the pytest groups is too small for one."""
        if not (self.root / "web/node_modules").exists() or not shutil.which("chromium"):
            return "; the browser suite was not run, as bin/setup-web or chromium is missing"
        said = self.do("stages", "run", "--memory", "4g")
        self.check("passed (29 passed)" in said, "the functional stage did not run")
        return ""

    def script(self):
        """Each group is run with the number that stands in the script, and all is green."""
        self.run("sh", "config/pytest-groups/run.sh", "--", "-q")

    def go(self, runs, script_runs):
        self.init()
        chosen = self.calibrate()
        # pytest-xdist gives tests to its workers beforehand: there the two need not meet.
        self.check(chosen["long"] == 1, "two tests of the long group share a file")
        xdist = importlib.util.find_spec("xdist") is not None
        measured = self.calibrate("--engine", "xdist") if xdist else {}
        self.do("apply")
        readme = (self.root / "README.md").read_text("utf-8")
        self.check("\n## Tests ausführen\n\n" in readme, "the section does not suit the German README")
        if xdist:
            self.update_commands(measured)
        self.do("apply", "--check")
        config = (self.root / "plimsoll.toml").read_text()
        for group, count in chosen.items():
            self.check(f"[groups.{group}]\nworkers = {count}\n" in config, f"{group} is not in plimsoll.toml")
        for _ in range(runs):
            self.do("run", "--quiet")
        for _ in range(script_runs if xdist else 0):
            self.script()
        missing = "" if xdist else "; the script was not run, as pytest-xdist is not installed"
        print("the main job: done" + missing + self.browsers())


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("plimsoll")
    options.add_argument("--small", action="store_true", help="a tenth of the tests")
    options.add_argument("--runs", type=int, default=10)
    options.add_argument("--script-runs", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="main-job-") as folder:
        root = Path(folder)
        Project(root, given.small).generate()
        Walk(given.plimsoll, root).go(given.runs, given.script_runs)


if __name__ == "__main__":
    main()
