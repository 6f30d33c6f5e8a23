"""Test an installed package in a guest: Debian with systemd and cgroup v2, run by an ordinary user.

The guest is built from Debian's packages (kept in ~/.cache/plimsoll-guest) and runs under QEMU without KVM, with no network.
It boots in two to four minutes. The package is the newest tar.gz in target/packages (bin/package), or --package FILE.
Each row of results is added to bench/guest/results.jsonl; --table writes docs/reference/guest-results.md from that file.
The exit status is 1 when something was wrong once.

usage: bin/guest-test [--package FILE] [--setting NAME]... [--suites N] [--bombs N] [SCENARIO ...]
       bin/guest-test --table
"""

from __future__ import annotations

import argparse
import datetime
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Dict, Iterator, List

sys.path.insert(0, str(Path(__file__).resolve().parent))

import image  # noqa: E402
import table  # noqa: E402
from machine import HOME, Guest, GuestError  # noqa: E402

Row = Dict[str, object]
SETTINGS = ("plain", "zram-oomd", "oom-group", "no-session", "full-disk")
PLAIN = ("doctor", "run", "calibrate", "two-users", "resume")
SPEEDS = ("0.5", "1.0", "3.0")


def say(text: str) -> None:
    print(f"guest-test: {text}", file=sys.stderr, flush=True)


def newest_package() -> Path:
    found = sorted((HOME / "target" / "packages").glob("plimsoll-*-linux-x86_64.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise image.Missing("no package in target/packages: run bin/package, or use --package FILE")
    return found[-1]


class Session:
    """A guest, and the version that is tested in it."""

    def __init__(self, guest: Guest, package: Path) -> None:
        self.guest = guest
        shutil.copy2(package, guest.share / "plimsoll.tar.gz")

    def inside(self, setting: str, *scenario: str) -> Row:
        status, out = self.guest.run(f"python3 /opt/bench/guest/inside.py {setting} {' '.join(scenario)}")
        return self._row(status, out)

    @staticmethod
    def _row(status: int, out: str) -> Row:
        lines = out.strip().splitlines()
        try:
            return json.loads(lines[-1])
        except (ValueError, IndexError):
            return {"faults": [f"no result (exit {status}): {out[-3000:]}"]}

    def resume(self) -> Row:
        """Cut the power while a test runs, boot again, and resume."""
        (self.guest.share / "long-runs").unlink(missing_ok=True)
        self.guest.start("python3 /opt/bench/guest/inside.py plain begin-long")
        self.guest._wait(self.guest.share / "long-runs", 900, "the long run did not begin")
        self.guest.cut()
        self.guest.boot()
        return self.inside("plain", "resume")


def rows(session: Session, options: argparse.Namespace) -> Iterator[Row]:
    for setting in options.setting:
        say(f"{setting}: booting")
        session.guest.renew()
        session.guest.boot()
        names: List[List[str]] = [name.split() for name in options.scenario]
        if not names:
            names = [[name] for name in (PLAIN if setting == "plain" else ("doctor", "run"))]
            names += [["torture", str(seed)] for seed in table.next_seeds(setting, options.suites)]
            names += [["bombs", speed, str(table.next_bomb(setting, speed))] for speed in SPEEDS for _ in range(options.bombs)]
        for name in names:
            row = session.resume() if name == ["resume"] else session.inside(setting, *name)
            yield {"setting": setting, "scenario": name[0], "arguments": name[1:], **row}


def told(row: Row) -> str:
    head = f"{row['setting']}: {row['scenario']} {' '.join(row['arguments'])}: {'WRONG' if row['faults'] else 'right'}"
    return "\n".join([head, *(f"  {fault}" for fault in row["faults"])])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/guest-test", description=__doc__.split("usage:")[0], formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="*", help=f"of {', '.join(PLAIN)}, `torture SEED` as one argument; default: all of the setting")
    parser.add_argument("--setting", action="append", choices=SETTINGS, help="may be given more than once (default: plain)")
    parser.add_argument("--package", type=Path, metavar="FILE", help="tar.gz to test")
    parser.add_argument("--suites", type=int, default=5, metavar="N", help="random suites of the torture, new seeds (default: 5)")
    parser.add_argument("--bombs", type=int, default=1, metavar="N", help="bombs of each speed (default: 1)")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="keep the guest's disk, console and shared folder here")
    parser.add_argument("--table", action="store_true", help="write the table of all results so far, and run nothing")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    if options.table:
        table.write()
        return 0
    options.setting = options.setting or ["plain"]
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="guest-", dir=HOME / "target") as scratch:
        try:
            package = options.package or newest_package()
            guest = Guest(image.build(say), options.work or Path(scratch))
            session = Session(guest, package)
            try:
                for row in rows(session, options):
                    say(told(row))
                    wrong += bool(row["faults"])
                    table.add({"date": datetime.date.today().isoformat(), **row})
            finally:
                guest.cut()
        except (image.Missing, GuestError) as e:
            say(str(e))
            return 3
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
