"""Record what a program shows in a terminal, and draw it: a pseudo-terminal with a real shell, asciinema's format of recordings
(https://docs.asciinema.org/manual/asciicast/v2), tmux as the terminal that says which cell holds what, SVG as the picture."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time
from html import escape
from pathlib import Path
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from terminal_window import Window

SECONDS = 240


class Recording(NamedTuple):
    """What was written, and when: seconds since the command was typed."""

    columns: int
    rows: int
    events: List[Tuple[float, str]]

    def text(self) -> str:
        return "".join(text for _at, text in self.events)

    def until(self, seconds: float) -> "Recording":
        return self._replace(events=[event for event in self.events if event[0] <= seconds])

    def cast(self, title: str) -> str:
        header = {"version": 2, "width": self.columns, "height": self.rows, "title": title}
        return "".join(json.dumps(line) + "\n" for line in [header, *([round(at, 3), "o", text] for at, text in self.events)])


def record(command: str, folder: Path, variables: Dict[str, str], columns: int = 100, rows: int = 40,
           interrupt: Optional[Callable[[str], bool]] = None) -> Recording:
    """Type a command into a shell; press Ctrl-C once when what it wrote so far is as asked, and leave a file `pressed` then."""
    with tempfile.TemporaryDirectory() as outside:
        prompts = Path(outside, "prompts")
        prompts.touch()
        pid, terminal = pty.fork()
        if pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell ignores it in what it starts in the background
            os.chdir(folder)
            settings = {"PS1": "$ ", "TERM": "xterm-256color", "PROMPT_COMMAND": f"echo >>{prompts}", "HISTFILE": "", **variables}
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "--noediting"], settings)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        try:
            return Recording(columns, rows, list(_talk(terminal, prompts, command, interrupt, folder / "pressed")))
        finally:
            os.close(terminal)  # the shell gets SIGHUP
            os.waitpid(pid, 0)


def _talk(terminal: int, prompts: Path, command: str, interrupt: Optional[Callable[[str], bool]], pressed: Path) -> Iterator[Tuple[float, str]]:
    start = end = time.monotonic()
    typed, written, rest = False, "", b""
    while time.monotonic() - start < SECONDS:
        ended = prompts.stat().st_size > 1
        if select.select([terminal], [], [], 0.05)[0]:
            rest += os.read(terminal, 65536)
            text = rest.decode(errors="ignore")
            rest = rest[len(text.encode()):] if len(rest) < 4 or not text else b""
            written += text
            end = time.monotonic()
            yield end - start, text
        elif ended:
            return
        if not typed and written.endswith("$ "):
            os.write(terminal, command.encode() + b"\n")
            typed = True
        if interrupt and interrupt(written):
            os.write(terminal, b"\x03")
            pressed.touch()
            interrupt = None
    raise AssertionError(f"{command} did not end:\n{written}")


def screen(recording: Recording) -> List[str]:
    """The lines of the terminal after that, with what was scrolled away, their colours as control codes."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "output").write_text(recording.text(), newline="")
        window = Window(folder, recording.columns, recording.rows)
        try:
            window.type("PS1=; tput reset; stty -echo -onlcr; cat output; printf '\\r\\nthe-end'")
            window.wait(lambda: window.lines()[-1] == "the-end")
            return window.lines(colours=True)[1:-1]
        finally:
            window.close()


def plain(lines: List[str]) -> List[str]:
    return [re.sub(r"\x1b\[[\d;]*m|[\x0e\x0f]", "", line).rstrip() for line in lines]


COLOURS = ["#4b5563", "#f87171", "#4ade80", "#facc15", "#60a5fa", "#e879f9", "#22d3ee", "#e5e7eb",
           "#9ca3af", "#fca5a5", "#86efac", "#fde047", "#93c5fd", "#f0abfc", "#67e8f9", "#ffffff"]
CELL, LINE = 8.4, 19
NO_BREAK = "\u00a0"  # SVG keeps no more than one of the other blanks


class Style(NamedTuple):
    colour: str = "#e5e7eb"
    background: str = ""
    bold: bool = False
    dim: bool = False


def styled(line: str, style: Style) -> Iterator[Tuple[str, Style]]:
    for part in re.split(r"(\x1b\[[\d;]*m)", line):
        if not part.startswith("\x1b["):
            if part:
                yield part, style
            continue
        for code in (int(word or 0) for word in part[2:-1].split(";")):
            if code == 0:
                style = Style()
            elif code in (1, 2):
                style = style._replace(**{"bold" if code == 1 else "dim": True})
            elif code == 22:
                style = style._replace(bold=False, dim=False)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                style = style._replace(colour=COLOURS[code - 30 if code < 90 else code - 82])
            elif code == 39:
                style = style._replace(colour=Style().colour)
            elif 40 <= code <= 47:
                style = style._replace(background=COLOURS[code - 40])
            elif code == 49:
                style = style._replace(background="")


def picture(lines: List[str], columns: int, title: str) -> str:
    """The cells as SVG."""
    width, height = columns * CELL + 32, len(lines) * LINE + 28
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height}" viewBox="0 0 {width:g} {height}" role="img">',
             f"<title>{escape(title)}</title>", f'<rect width="{width:g}" height="{height}" rx="8" fill="#111827"/>',
             '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="14">']
    for number, line in enumerate(lines):
        column = 0
        for text, style in styled(line, Style()):
            x, y = 16 + column * CELL, 14 + number * LINE
            if style.background:
                parts.append(f'<rect x="{x:g}" y="{y}" width="{len(text) * CELL:g}" height="{LINE}" fill="{style.background}"/>')
            if text.strip():
                shown = escape(text).replace(" ", NO_BREAK)
                more = (' font-weight="bold"' if style.bold else "") + (' opacity="0.7"' if style.dim else "")
                parts.append(f'<text x="{x:g}" y="{y + 14}" textLength="{len(text) * CELL:g}" fill="{style.colour}"{more}>{shown}</text>')
            column += len(text)
    return "\n".join([*parts, "</g>", "</svg>", ""])
