"""A real terminal to run a program in: a window of tmux, whose screen can be read and whose keys can be pressed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable, Dict, List

AVAILABLE = shutil.which("tmux") is not None
SECONDS = 90


class Window:
    """A shell in a window of its own tmux server."""

    def __init__(self, folder: Path, columns: int = 80, rows: int = 24, **variables: str) -> None:
        self._socket = str(folder / "tmux.socket")
        inherited = {name: value for name, value in os.environ.items()
                     if "PLIMSOLL" not in name and name not in ("TMUX", "CI", "NO_COLOR", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS")}
        self._environment: Dict[str, str] = {**inherited, "LC_ALL": "C.UTF-8", "PS1": "$ ", **variables}
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder),
                   "env 'PS1=$ ' bash --norc --noprofile")
        self.wait(lambda: "$" in self.text())

    def _tmux(self, *arguments: str) -> str:
        return subprocess.run(["tmux", "-u", "-S", self._socket, *arguments], env=self._environment, check=True,
                              capture_output=True, text=True).stdout

    def type(self, line: str) -> None:
        self._tmux("send-keys", "-l", line)
        self.press("Enter")

    def press(self, key: str) -> None:
        self._tmux("send-keys", key)

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def lines(self, colours: bool = False) -> List[str]:
        """What the screen shows, with what was scrolled away."""
        text = self._tmux("capture-pane", "-p", "-S", "-", *(["-e"] if colours else []))
        return text.rstrip("\n").split("\n")

    def text(self) -> str:
        return "\n".join(self.lines())

    def wait(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < end, self.text()
            time.sleep(0.05)

    def close(self) -> None:
        self._tmux("kill-server")
