"""What earlier runs found out: for which selections of tests workers are spawned, and why.

Without it each run would collect, find out, and collect anew. The project's `.plimsoll/engine.json` holds a line for each
selection. A worker that has collected looks again at what it holds: when that has gone, the line goes too, and the next
run forks.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from typing import Any, Dict, Sequence

MOST = 20


class RememberedChoice:
    """The line of this selection in the file; a path of '' remembers nothing."""

    def __init__(self, path: str, selection: Sequence[str]) -> None:
        self._path = path
        told = "\0".join([sys.executable, sys.version, *selection])
        self._key = hashlib.sha1(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def why(self) -> str:
        """Why workers were spawned the last time; empty when they were not."""
        return str(self._read().get(self._key, ""))

    def keep(self, why: str) -> None:
        """Remember it, or forget it when it is empty. Nothing depends on it: it only makes the next run start faster."""
        lines = self._read()
        if not self._path or lines.get(self._key, "") == why:
            return
        lines.pop(self._key, None)
        if why:
            lines[self._key] = why
        text = json.dumps(dict(list(lines.items())[-MOST:]), indent=1) + "\n"
        with contextlib.suppress(OSError):
            beside = f"{self._path}.{os.getpid()}"
            with open(beside, "w", encoding="ascii") as file:
                file.write(text)
            os.replace(beside, self._path)

    def _read(self) -> Dict[str, Any]:
        with contextlib.suppress(OSError, ValueError):
            with open(self._path, encoding="ascii") as file:
                lines = json.load(file)
            if isinstance(lines, dict):
                return lines
        return {}
