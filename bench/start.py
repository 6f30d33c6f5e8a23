#!/usr/bin/env python3
"""The CPU time of starts: `plimsoll --version`, and `pytest --plimsoll` beside `plimsoll run`, in turns.

usage: bench/start.py VENV [--pairs N] [--project FOLDER]

VENV is an environment with the wheel, pytest and what the project needs. CPU time is user and system time of a
command and of all its descendants that were waited for, so other work on the machine disturbs it less than wall time.
"""

import argparse
import os
import statistics
import subprocess
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent


def cpu(command: list[str | Path], folder: Path) -> float:
    """Seconds of CPU time."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} exited with {process.returncode}")
    return used.ru_utime + used.ru_stime


def line(name: str, times: list[float]) -> str:
    return f"{name:24} median {statistics.median(times):.3f} s, least {min(times):.3f} s, most {max(times):.3f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("venv", type=Path)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--project", type=Path, default=HOME / "examples/shop")
    options = parser.parse_args()
    programs = options.venv.absolute() / "bin"
    version, run, pytest = [], [], []
    for _ in range(options.pairs):
        version.append(cpu([programs / "plimsoll", "--version"], options.project))
        run.append(cpu([programs / "plimsoll", "run"], options.project))
        pytest.append(cpu([programs / "python", "-m", "pytest", "--plimsoll"], options.project))
    print(line("plimsoll --version", version))
    print(line("plimsoll run", run))
    print(line("pytest --plimsoll", pytest))
    print(f"{'difference of a pair':24} median {statistics.median(b - a for a, b in zip(run, pytest)):.3f} s")


if __name__ == "__main__":
    main()
