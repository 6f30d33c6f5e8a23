"""pytest's terminal reporter: quiet in the host while tests run, absent but for its writer in workers."""

from __future__ import annotations

import contextlib
import fcntl
import inspect
import io
import stat
import sys
import termios
from typing import Any, Iterator, List, Optional, Sequence, Tuple

import pytest

from plimsoll_pytest import summaries
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os, time

#: Longest failure text that is sent to Java, in characters.
TEXT_LIMIT = 1 << 20
#: What plugins may write to a worker's terminal, in bytes.
WORDS_LIMIT = 128 << 10
#: How long Java may take to read what was printed, in seconds.
READING = 1.0


def flush(config: pytest.Config) -> None:
    """Let Java read what pytest has printed so far: a message takes another way, and would be faster."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    flushing = getattr(reporter, "flush", None)
    if flushing is None:  # plugins put reporters of their own in its place
        return
    flushing()
    with contextlib.suppress(AttributeError, OSError, ValueError):
        fd = reporter._tw._file.fileno()
        end = time.monotonic() + READING
        while stat.S_ISFIFO(os.fstat(fd).st_mode) and _unread(fd) and time.monotonic() < end:
            time.sleep(0.001)


def _unread(pipe: int) -> int:
    """Bytes that nobody has read."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


class NullFile(io.TextIOBase):
    """Takes text and forgets it."""

    def write(self, text: str) -> int:
        return len(text)

    def isatty(self) -> bool:
        return False


class WordsFile(NullFile):
    """Writes to a descriptor as long as it is not too much."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._left = WORDS_LIMIT

    def write(self, text: str) -> int:
        data = text.encode("utf-8", "replace")[: self._left]
        self._left -= len(data)
        if data:
            os.write(self._fd, data)
        return len(text)


def reporter_of(config: pytest.Config) -> Optional[Any]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter if hasattr(reporter, "_tw") else None


def _writer_like(reporter: Any, config: pytest.Config, file: Any) -> Any:
    """A terminal writer on another file that marks up and wraps as the reporter's."""
    from _pytest.config import create_terminal_writer

    writer = create_terminal_writer(config, file)
    writer.hasmarkup = reporter._tw.hasmarkup
    if hasattr(reporter._tw, "code_highlight"):
        writer.code_highlight = reporter._tw.code_highlight
    writer.fullwidth = reporter._tw.fullwidth
    return writer


@contextlib.contextmanager
def silent(config: pytest.Config) -> Iterator[None]:
    """Keep the reporter from writing anything."""
    reporter = reporter_of(config)
    if reporter is None:
        yield
        return
    loud = reporter._tw
    reporter._tw = _writer_like(reporter, config, NullFile())
    try:
        yield
    finally:
        reporter._tw = loud


@contextlib.contextmanager
def muted(session: pytest.Session, repeats: bool = False, tests: Sequence[Any] = ()) -> Iterator[None]:
    """Keep the reporter from writing while tests run, and from repeating failures that Java has shown; those that Java has
    not shown it `repeats`, in the order of the tests."""
    config = session.config
    reporter = reporter_of(config)
    if reporter is None:
        yield
        return
    loud, paths = reporter._tw, reporter.__dict__.get("_showfspath")
    reporter._tw = _writer_like(reporter, config, NullFile())
    reporter._showfspath = False  # a path relative to here for each test would be a tenth of what a report costs
    try:
        yield
    finally:
        reporter._tw, reporter._showfspath = loud, paths
        reporter.currentfspath = None
        reporter._show_progress_info = False
        if repeats:
            summaries.as_in_one_process(reporter, tests)
        else:
            summaries.leave_out_shown(reporter, config)


def replace_with_mute(config: pytest.Config, words: int) -> None:
    """In a worker: put a reporter without hooks in the real one's place; assertion rewriting asks for its writer.
    What a plugin writes to it itself (pytest-timeout, before it ends the process) goes to this descriptor."""
    from _pytest.terminal import TerminalReporter

    reporter = reporter_of(config)
    if reporter is None:
        return
    hooks = {name: None for name in dir(TerminalReporter) if name.startswith("pytest_")}
    mute = type("MuteReporter", (TerminalReporter,), hooks)(config, NullFile())
    mute._tw = _writer_like(reporter, config, WordsFile(words))
    mute.hasmarkup = mute._tw.hasmarkup
    for name in ("_session", "_session_start", "_sessionstarttime", "_numcollected"):
        if hasattr(reporter, name):
            setattr(mute, name, getattr(reporter, name))
    config.pluginmanager.unregister(reporter)
    config.pluginmanager.register(mute, "terminalreporter")


def failure_text(config: pytest.Config, report: Any, told: Sequence[Any] = ()) -> str:
    """Render a failed report as the reporter's FAILURES or ERRORS section would, by the user's options; with all the
    reports of its test a failure has what was captured in the teardown."""
    option = config.option
    if getattr(option, "tbstyle", "auto") == "no":
        return ""
    reporter = reporter_of(config)
    file = io.StringIO()
    writer = _writer_like(reporter, config, file) if reporter else _plain_writer(file)
    try:
        _render(writer, report, told, option)
    except Exception as problem:  # a repr of the project's own that fails when it is written
        writer.line(f"{report.longrepr!s}\n({type(problem).__name__} while this failure was rendered)")
    return shortened(file.getvalue(), TEXT_LIMIT)


def _plain_writer(file: Any) -> Any:
    from _pytest._io import TerminalWriter

    writer = TerminalWriter(file)
    writer.hasmarkup = False
    return writer


def _render(writer: Any, report: Any, told: Sequence[Any], option: Any) -> None:
    crash = getattr(report.longrepr, "reprcrash", None)
    if getattr(option, "tbstyle", "auto") == "line" and crash is not None:
        writer.line(str(crash))
    else:
        _render_whole(writer, report)
    showcapture = getattr(option, "showcapture", "all")
    if showcapture == "no":
        return
    for name, content in [*_short(report.sections), *_teardown_sections(report, told)]:
        if showcapture in ("all", name) or showcapture in name:
            writer.sep("-", name)
            writer.line(content[:-1] if content.endswith("\n") else content)


def _render_whole(writer: Any, report: Any) -> None:
    headline = report.head_line or report.nodeid
    if report.when == "collect":
        headline = f"ERROR collecting {headline}"
    elif report.when in ("setup", "teardown"):
        headline = f"ERROR at {report.when} of {headline}"
    writer.sep("_", headline, red=True, bold=True)
    report.toterminal(writer)


def _teardown_sections(report: Any, told: Sequence[Any]) -> List[Tuple[str, str]]:
    ends = [one for one in told if report.when == "call" and one.when == "teardown" and one.passed]
    return [section for one in ends for section in _short(one.sections) if "teardown" in section[0]]


def _short(sections: List[Any]) -> Iterator[Tuple[str, str]]:
    """The sections with long ones as the list itself has them, which Java is sent no more of."""
    return list.__iter__(sections)


def shortened(text: str, limit: int) -> str:
    """Return the text, its middle replaced by a line that counts what is left out when it is longer than the limit."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def is_module(plugin: Any) -> bool:
    return inspect.ismodule(plugin)
