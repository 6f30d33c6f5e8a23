"""Walk the main job on a generated project: init, lists, calibrate, apply, ten runs, three runs of the script.

Every step's output is printed; the first step that does not do what it must ends the walk with exit code 1.
"""

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from project import Project

LEVELS = "1,2,4,6,8"


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
        self.check(chosen["long"] == 1, "two tests of the long group share a file")
        self.check(chosen["light"] <= 4, "a light test is flaky above 4 workers")
        self.check("the whole suite passed 3 times in a row" in text, "the suite was not proven as a whole")
        return chosen

    def go(self, runs, script_runs):
        self.do("init")
        self.do("groups", "check")
        chosen = self.calibrate()
        xdist = importlib.util.find_spec("xdist") is not None
        if xdist:
            self.calibrate("--engine", "xdist")
        self.do("apply")
        self.do("apply", "--check")
        config = (self.root / "plimsoll.toml").read_text()
        for group, count in chosen.items():
            self.check(f"[groups.{group}]\nworkers = {count}\n" in config, f"{group} is not in plimsoll.toml")
        for _ in range(runs):
            self.do("run", "--quiet")
        for _ in range(script_runs if xdist else 0):
            self.run("sh", "config/pytest-groups/run.sh", "--", "-q")
        print("the main job: done" + ("" if xdist else "; the script was not run, as pytest-xdist is not installed"))


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
