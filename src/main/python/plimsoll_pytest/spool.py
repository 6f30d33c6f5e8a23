"""Long captured output on its way from a worker to the reports of the host.

A worker sends it in parts ahead of the report, the host keeps them in a file, and a report reads them whenever somebody
asks for its sections. So the host's memory does not grow by what tests print, and nothing is cut.
"""

from __future__ import annotations

import tempfile
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os
from plimsoll_pytest.terminal import shortened

#: Characters from which on a section travels ahead, that remain of it in the report itself, and of a part.
LONG = 1 << 20
SHORT = 1 << 19
PART = 1 << 18

Section = Tuple[Any, ...]


class Sender:
    """In a worker: sends the long output of a test, once however many of its reports have it."""

    def __init__(self, send: Callable[[Any], None]) -> None:
        self._send = send
        self._sent: Dict[int, int] = {}

    def begin(self) -> None:
        """The next test starts."""
        self._sent.clear()

    def sections(self, sections: Sequence[Section]) -> List[Section]:
        """Return the sections as they travel with the report: for a long one its number behind its beginning and end."""
        return [(name, shortened(content, SHORT), self._number(content)) if len(content) > LONG else (name, content)
                for name, content in sections]

    def _number(self, content: str) -> int:
        if id(content) not in self._sent:
            for at in range(0, len(content), PART):
                self._send(("output", content[at : at + PART]))
            self._send(("output", None))
            self._sent[id(content)] = len(self._sent)
        return self._sent[id(content)]


class Span(NamedTuple):
    """A part of the file."""

    offset: int
    length: int


class Spool:
    """The file in which the host keeps long output, made when there is any."""

    def __init__(self) -> None:
        self._file: Any = None
        self._end = 0

    def append(self, text: str) -> Span:
        """Keep a text; OSError when the disk is full."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="plimsoll-output-", buffering=0)
        data = text.encode("utf-8", "surrogatepass")
        span = Span(self._end, len(data))
        while data:
            written = os.pwrite(self._file.fileno(), data, self._end)
            self._end += written
            data = data[written:]
        return span

    def read(self, spans: Sequence[Span]) -> str:
        data = (os.pread(self._file.fileno(), span.length, span.offset) for span in spans)
        return "".join(part.decode("utf-8", "surrogatepass") for part in data)


class Incoming:
    """In the host: the long output of the test that a worker runs."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._spans: Optional[List[Span]] = []
        self._complete: List[Optional[List[Span]]] = []

    def add(self, text: Optional[str]) -> None:
        """Take a part, or None behind the last of an output; OSError once when it cannot be kept."""
        if text is None:
            self._complete.append(self._spans)
            self._spans = []
        elif self._spans is not None:
            try:
                self._spans.append(self._spool.append(text))
            except OSError:
                self._spans = None
                raise

    def begin(self) -> None:
        """The next test starts."""
        self._complete.clear()

    def sections(self, sections: Sequence[Section]) -> List[Section]:
        """Return the sections of a report that has arrived, some of them long."""
        return LongSections(self._spool, [(section[:2], self._spans_of(section)) for section in sections])

    def _spans_of(self, section: Section) -> Optional[List[Span]]:
        return self._complete[section[2]] if len(section) > 2 else None


class LongSections(List[Section]):
    """Sections that are read from the file when asked for. What looks at the list itself, as C code may, sees the
    beginning and the end of a long one, with a line that counts what is left out."""

    def __init__(self, spool: Spool, sections: Sequence[Tuple[Section, Optional[List[Span]]]]) -> None:
        super().__init__(section for section, _ in sections)
        self._spool = spool
        self._spans = {id(section): spans for section, spans in sections if spans is not None}

    def _whole(self, section: Section) -> Section:
        spans = self._spans.get(id(section))
        return section if spans is None else (section[0], self._spool.read(spans))

    def __iter__(self) -> Iterator[Section]:
        return map(self._whole, super().__iter__())

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return [self._whole(section) for section in found] if isinstance(index, slice) else self._whole(found)
