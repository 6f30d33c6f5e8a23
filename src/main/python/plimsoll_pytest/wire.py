"""The two wires: JSON lines between Java and the host, framed pickles between the host and its workers."""

from __future__ import annotations

import selectors
import struct
from _socket import CMSG_LEN, MSG_CMSG_CLOEXEC, MSG_DONTWAIT, SCM_RIGHTS, SOL_SOCKET, socket
from typing import Any, Dict, Iterator, List, Optional, Tuple

from plimsoll_pytest.pickling import packed, text_of, unpacked
from plimsoll_pytest.primitives import BUILTINS as __builtins__, JSONEncoder, decode_json, os, time

LENGTH = struct.Struct("!Q")
DESCRIPTOR = struct.Struct("i")
#: The most descriptors that are sent along at once.
DESCRIPTORS = 8
CHUNK = 1 << 18
encode_json = JSONEncoder(default=text_of).encode


def frame(value: Any) -> bytes:
    data = packed(value)
    return LENGTH.pack(len(data)) + data


def micros(seconds: float) -> int:
    """A time for Java, in microseconds: reading a decimal number of 16 digits takes ten times as long."""
    return round(seconds * 1e6)


def steady(day: float) -> float:
    """A moment of the time of day by the monotonic clock, in which moments are sent; 0 stays 0."""
    return day and day - time.time() + time.monotonic()


def json_line(message: Dict[str, Any]) -> bytes:
    """Return the message as one line; ASCII, so that lone surrogates survive."""
    return encode_json(message).encode("ascii") + b"\n"


class Wire:
    """A socket of the host's loop: never blocks; what the other side does not take yet waits in a buffer."""

    def __init__(self, sock: socket, selector: selectors.BaseSelector, owner: Any) -> None:
        self.sock = sock
        self.open = True
        self._selector = selector
        self._owner = owner
        self._out = bytearray()
        self._in = bytearray()
        self._writing = False
        sock.setblocking(False)
        selector.register(sock, selectors.EVENT_READ, owner)

    def send(self, data: bytes) -> None:
        if not self.open:
            return
        waiting = bool(self._out)
        self._out += data
        if not waiting:
            self.flush()

    def flush(self) -> None:
        """Write what the other side takes now, and ask the selector to call again for the rest."""
        try:
            while self._out:
                sent = self.sock.send(memoryview(self._out)[:CHUNK])
                del self._out[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._out.clear()  # the reading side notices the end
        if self._writing != bool(self._out):
            self._writing = bool(self._out)
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._writing else 0)
            self._selector.modify(self.sock, events, self._owner)

    def drain(self) -> None:
        """Give the other side what is still buffered, however long it takes."""
        self.sock.setblocking(True)
        try:
            self.sock.sendall(self._out)
        except OSError:
            pass  # nobody is left to read it
        self._out.clear()
        self.sock.setblocking(False)

    def fill(self) -> bool:
        """Read what has arrived; False when the other side has closed."""
        try:
            while True:
                data = self._received()
                if not data:
                    return False
                self._in += data
                if len(data) < CHUNK:
                    return True
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _received(self) -> bytes:
        return self.sock.recv(CHUNK)

    def lines(self) -> Iterator[Dict[str, Any]]:
        """The complete JSON lines that have arrived."""
        while True:
            end = self._in.find(b"\n")
            if end < 0:
                return
            line = self._in[:end].decode("utf-8", "replace")
            del self._in[: end + 1]
            yield decode_json(line)

    def frames(self) -> Iterator[Any]:
        """The complete frames that have arrived."""
        while len(self._in) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._in)
            end = LENGTH.size + length
            if len(self._in) < end:
                return
            data = bytes(memoryview(self._in)[LENGTH.size : end])
            del self._in[:end]
            yield unpacked(data)

    def close(self) -> None:
        if self.open:
            self.open = False
            self._selector.unregister(self.sock)
            self.sock.close()


class WorkerWire(Wire):
    """The host's end of a worker's wire; keeps the descriptors that the worker sends along."""

    def __init__(self, sock: socket, selector: selectors.BaseSelector, owner: Any) -> None:
        super().__init__(sock, selector, owner)
        self.descriptors: List[int] = []

    def _received(self) -> bytes:
        data, sent, _, _ = self.sock.recvmsg(CHUNK, CMSG_LEN(DESCRIPTORS * DESCRIPTOR.size), MSG_CMSG_CLOEXEC)
        for level, kind, numbers in sent:
            if level == SOL_SOCKET and kind == SCM_RIGHTS:
                whole = numbers[: len(numbers) - len(numbers) % DESCRIPTOR.size]
                self.descriptors += [number for number, in DESCRIPTOR.iter_unpack(whole)]
        return data


class WorkerEnd:
    """A worker's end of its wire: blocking, and only ever used by the process that opened it."""

    def __init__(self, sock: socket) -> None:
        sock.setblocking(True)
        self.sock = sock
        self.pid = os.getpid()
        self._in = bytearray()

    def send(self, value: Any, descriptors: Optional[List[int]] = None) -> None:
        """Write a frame at once; with descriptors, which the host gets copies of."""
        self._end_a_child()
        data = frame(value)
        if descriptors:
            numbers = b"".join(map(DESCRIPTOR.pack, descriptors))
            sent = self.sock.sendmsg([data], [(SOL_SOCKET, SCM_RIGHTS, numbers)])
            data = data[sent:]
        self.sock.sendall(data)

    def receive(self, wait: bool) -> List[Tuple[Any, ...]]:
        """The commands that have arrived; waits for one when told to. Raises EOFError when the host is gone."""
        self._end_a_child()
        commands = self._complete()
        while True:
            if commands and wait:
                return commands
            flags = 0 if wait else MSG_DONTWAIT
            try:
                data = self.sock.recv(CHUNK, flags)
            except BlockingIOError:
                return commands
            if not data:
                raise EOFError("the host is gone")
            self._in += data
            commands += self._complete()

    def _end_a_child(self) -> None:
        """A child that a test forked, come back into our loop, would speak for the worker or take its commands."""
        if os.getpid() != self.pid:
            os._exit(1)

    def _complete(self) -> List[Tuple[Any, ...]]:
        commands = []
        while len(self._in) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._in)
            end = LENGTH.size + length
            if len(self._in) < end:
                break
            commands.append(unpacked(bytes(self._in[LENGTH.size : end])))
            del self._in[:end]
        return commands
