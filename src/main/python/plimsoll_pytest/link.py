"""The connection to Java, from the start of the process to its end."""

from __future__ import annotations

import selectors
from _socket import AF_UNIX, SHUT_RD, SOCK_STREAM, socket, socketpair
from _thread import allocate_lock, start_new_thread
from collections import deque
from typing import Any, Deque, Dict, Iterator, List, Optional

from plimsoll_pytest.primitives import BUILTINS as __builtins__, os, select, time
from plimsoll_pytest.wire import Wire, json_line

#: Exit status of a host whose Java has gone.
ORPHANED = 70
#: How long a message that nobody waits for may wait for others, in seconds: to write one and to wake Java for it takes
#: as long as a short test.
LINGER = 0.02
#: Before the number of a descriptor that the process had before it began.
INHERITED = "fd:"


class Link:
    """Messages to and from Java. While pytest collects, a thread watches for Java's end; afterwards the loop does."""

    def __init__(self, path: str, run: str) -> None:
        self.run = run
        self.selector = selectors.PollSelector() if hasattr(selectors, "PollSelector") else selectors.SelectSelector()
        if path.startswith(INHERITED):
            sock = socket(fileno=int(path[len(INHERITED):]))
            os.set_inheritable(sock.fileno(), False)
        else:
            sock = socket(AF_UNIX, SOCK_STREAM)
            sock.connect(path)
        self._wire = Wire(sock, self.selector, self._ready)
        self._messages: Deque[Dict[str, Any]] = deque()
        self._watch: Optional[Watch] = Watch(sock)
        self._kept = bytearray()
        self._due = 0.0
        self.ending = False

    @property
    def descriptors(self) -> List[int]:
        return [self._wire.sock.fileno()]

    def pass_on(self) -> str:
        """Give the connection to the program that takes this one's place; returns where that finds it."""
        self._give()
        self._wire.drain()
        os.set_inheritable(self._wire.sock.fileno(), True)
        return f"{INHERITED}{self._wire.sock.fileno()}"

    def send(self, message: Dict[str, Any], soon: bool = False) -> None:
        """Send a message behind those before; soon: at the latest with the next, or when `wait` is over."""
        if soon and not self._kept:
            self._due = time.monotonic() + LINGER
        self._kept += json_line(message)
        if not soon:
            self._give()

    def _give(self) -> None:
        kept, self._kept = self._kept, bytearray()
        self._wire.send(kept)

    def wait(self) -> Optional[float]:
        """How many seconds the loop may wait before it has to call `tick`; None for ever."""
        return max(0.0, self._due - time.monotonic()) if self._kept else None

    def tick(self) -> None:
        """Send what has waited long enough."""
        if self._kept and time.monotonic() >= self._due:
            self._give()

    def messages(self) -> Iterator[Dict[str, Any]]:
        """What Java has said since the last call."""
        while self._messages:
            yield self._messages.popleft()

    def _ready(self, mask: int) -> None:
        if mask & selectors.EVENT_WRITE:
            self._wire.flush()
        if mask & selectors.EVENT_READ:
            alive = self._wire.fill()
            self._messages.extend(self._wire.lines())
            if not alive:
                raise JavaGone

    def watch_ends(self) -> None:
        """Stop the watching thread: no thread may live when workers are forked."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def abandon(self) -> None:
        """In a forked worker: close this process's copy."""
        self._wire.sock.close()

    def bye(self, status: int, chosen: bool, also: Optional[Dict[str, int]] = None) -> None:
        """Send the exit status, whether a hook of the project chose it, and what pytest counts beside outcomes, as the
        last message."""
        self.watch_ends()
        self.send({"type": "bye", "exitstatus": status, "chosen": chosen, "also": also or {}})
        self._wire.drain()
        # A Unix socket that is closed with something unread takes what was sent before along.
        self._wire.sock.shutdown(SHUT_RD)
        self._wire.fill()
        self._wire.close()


class JavaGone(BaseException):
    """Java has closed the connection: nobody wants a result any more."""


class Watch:
    """A thread that ends the process when the other side of the socket closes. Reads nothing. It is none of `threading`,
    which a project may have replaced, or look at."""

    def __init__(self, sock: socket) -> None:
        self._sock = sock
        self._wake, self._woken = socketpair()
        self._over = allocate_lock()
        self._over.acquire()
        start_new_thread(self._run, ())

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._sock, getattr(select, "POLLRDHUP", select.POLLHUP))
        poll.register(self._woken, select.POLLIN)
        for fd, _ in poll.poll():
            if fd == self._sock.fileno():
                os._exit(ORPHANED)
        self._over.release()

    def stop(self) -> None:
        self._wake.send(b".")
        self._over.acquire()
        self._wake.close()
        self._woken.close()
