"""`python -m pytest_plimsoll`: become the program that was installed with this package."""

from __future__ import annotations

import os
import sys

from pytest_plimsoll import program


def main() -> None:
    found = program.find()
    if found is None:
        sys.exit(f"error: Plimsoll cannot run here\n  why: {program.missing()}")
    os.execv(found, [found, *sys.argv[1:]])


if __name__ == "__main__":
    main()
