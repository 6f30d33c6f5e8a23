"""List the files pytest would collect, without importing any test module.

``python -m plimsoll_pytest.files [pytest arguments]`` prints one JSON object on the last line of its standard output:
``{"rootdir", "files": [{"path", "marks"}], "warnings", "markers"}``, with ``"error"`` and pytest's exit
``"status"`` when nothing could be listed.

pytest itself walks the tree, so its settings, its ignore hooks and the project's conftests decide; each file it would
collect is then given an empty collector in place of the real one. A project whose conftest or options need something
that is not installed is listed with less of its configuration, and a warning says so.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from plimsoll_pytest.attempts import ATTEMPTS, Attempt
from plimsoll_pytest.marks import UnreadableMarks, marks_of


def list_files(args: Sequence[str]) -> Dict[str, Any]:
    """Return the listing for these pytest arguments, with as much of the project's configuration as works."""
    attempts: List[Attempt] = []
    for relaxed in ATTEMPTS:
        attempts.append(Attempt(args, relaxed))
        if attempts[-1].complete:
            break
    best = attempts[-1] if attempts[-1].complete else max(attempts, key=lambda one: len(one.lister.paths))
    if not best.complete and not best.lister.paths:
        error = f"pytest could not collect: {attempts[0].why()}"
        return {"rootdir": _text(best.lister.rootdir), "files": [], "warnings": [], "markers": [], "error": error,
                "status": attempts[0].status}
    return _listing(best, [] if attempts[0].complete else [_warning(attempts[0], best)])


def _warning(first: Attempt, best: Attempt) -> str:
    without = " and ".join(one.left_out for one in best.relaxed)
    how = f"listed without {without}, so ignore rules in them do not count" if without else "some files may be missing"
    return f"pytest could not collect with the project's whole configuration: {first.why()}; {how}. Mend it and list again"


def _listing(attempt: Attempt, warnings: List[str]) -> Dict[str, Any]:
    lister = attempt.lister
    rootdir = lister.rootdir or Path.cwd()  # pytest had nothing to collect, `--version` for instance
    files = []
    for path in lister.paths:
        relative = Path(os.path.relpath(path, rootdir)).as_posix()
        try:
            marks = marks_of(path)
        except UnreadableMarks as problem:
            warnings.append(f"{relative}: {problem}; its marks are unknown")
            marks = []
        files.append({"path": relative, "marks": marks})
    files.sort(key=lambda entry: os.fsencode(str(entry["path"])))
    return {"rootdir": str(rootdir), "files": files, "warnings": warnings, "markers": lister.markers}


def _text(path: Optional[Path]) -> Optional[str]:
    return None if path is None else str(path)


def main() -> int:
    """Print the listing of the command line's arguments; 4 when pytest cannot list at all."""
    # What the project prints, even when the process ends, goes to standard error: the list has this channel alone.
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    listing = list_files(sys.argv[1:])
    with channel:
        channel.write(json.dumps(listing) + "\n")
    return 4 if "error" in listing else 0


if __name__ == "__main__":
    sys.exit(main())
