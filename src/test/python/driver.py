"""Plays Java: starts a host over a real socket, schedules its tests over workers, and keeps all messages."""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any, Callable, Deque, Dict, List, Optional, Sequence, Set

import protocol

SOURCES = Path(__file__).resolve().parents[2] / "main" / "python"
Message = Dict[str, Any]


def _beside_sources(environ: Dict[str, str]) -> Dict[str, str]:
    """A `PYTHONPATH` of its own comes after our sources."""
    path = environ.get("PYTHONPATH")
    return {**environ, "PYTHONPATH": f"{SOURCES}{os.pathsep}{path}"} if path else environ


#: What an interpreter runs that is started before it is known what for.
WAITING = "__import__('plimsoll_pytest.early').early.wait()"


def known(environ: Dict[str, str]) -> Dict[str, str]:
    """The variables that an interpreter is started with."""
    return {**os.environ, "PYTHONPATH": str(SOURCES), "_PLIMSOLL_PATH": str(SOURCES), "_PLIMSOLL_RUN": "run-of-test",
            **environ}


def start_early(python: str, folder: Path, arguments: Sequence[str], environ: Dict[str, str], orders: Dict[str, str],
                output: Any) -> "subprocess.Popen[bytes]":
    """Start an interpreter that waits, and give it its order."""
    process = subprocess.Popen(
        [python, "-c", WAITING], cwd=folder, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT,
        env=environ)
    assert process.stdin is not None
    with process.stdin as stdin:
        stdin.write(order(arguments, orders))
    return process


def order(arguments: Sequence[str], variables: Dict[str, str]) -> bytes:
    """The order for an interpreter that waits."""
    words = [str(len(arguments)), str(len(variables)), *arguments]
    words += [f"{name}={value}" for name, value in variables.items()]
    return b"".join(os.fsencode(word) + b"\0" for word in words)


class Run:
    """One run of a host. Batches are units of tests that share fixtures, else `batch` tests; `fresh` has a new
    worker for each, as `--isolate` does. `early` starts it as `plimsoll run` mostly does: the interpreter first, then its order."""

    def __init__(self, folder: Path, args: Sequence[str] = (), workers: int = 2, engine: str = "auto",
                 batch: int = 5, fresh: bool = False, environ: Optional[Dict[str, str]] = None,
                 hook: Optional[Callable[["Run", Message], None]] = None, python: str = sys.executable,
                 early: bool = True, retries: int = 0, output: str = "pytest") -> None:
        self.retries = retries
        self.tried: Dict[int, int] = {}
        self.messages: List[Message] = []
        self.items: List[Message] = []
        self.outcomes: Dict[str, str] = {}
        self.workers = workers
        self.batch = batch
        self.fresh = fresh
        self.hook = hook
        self.pending: Deque[List[int]] = deque()
        self.given: Dict[str, List[List[int]]] = {}
        self.stopped = False
        self.ready: Set[str] = set()
        self.retired: Set[str] = set()
        self.listening = engine == "xdist"
        self.finishing = False
        self.born = 0
        self._scratch = tempfile.TemporaryDirectory(prefix="pl")
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(f"{self._scratch.name}/s")
        self._server.listen()
        self.output = open(f"{self._scratch.name}/out", "w+b")
        arguments = ["-p", "plimsoll_pytest.plugin", *args]
        orders = {"_PLIMSOLL_SOCKET": f"{self._scratch.name}/s", "_PLIMSOLL_ENGINE": engine, "_PLIMSOLL_OUTPUT": output,
                  "_PLIMSOLL_WORKERS": str(workers)}
        if fresh:
            orders["_PLIMSOLL_ISOLATES"] = "1"
        variables = known(_beside_sources(environ or {}))
        if early:
            self.process = start_early(python, folder, arguments, variables, orders, self.output)
        else:
            self.process = subprocess.Popen(
                [python, "-m", "pytest", *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=self.output,
                stderr=subprocess.STDOUT, env={**variables, **orders})
        self.channel: Optional[socket.socket] = None

    def send(self, **message: Any) -> None:
        protocol.check("toHost", message)
        assert self.channel is not None
        try:
            self.channel.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            pass  # the host is on its way out; its exit status tells

    def complete(self, limit: float = 120) -> "Run":
        """Run to the end; the limit only ends a run that hangs."""
        deadline = time.monotonic() + limit
        try:
            self._talk(deadline)
            self.status = self.process.wait(max(1.0, deadline - time.monotonic()))
        finally:
            self.close()
        return self

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.output.seek(0)
        self.printed = self.output.read().decode("utf-8", "replace")
        self.output.close()
        self._server.close()
        if self.channel is not None:
            self.channel.close()
        self._scratch.cleanup()

    def connect(self, deadline: float) -> bool:
        """Accept the host's connection; False when it ends without one."""
        self._server.settimeout(0.1)
        while time.monotonic() < deadline:
            try:
                self.channel, _ = self._server.accept()
                self.channel.setblocking(True)
                return True
            except socket.timeout:
                if self.process.poll() is not None:
                    return False
        raise TimeoutError("the host did not connect")

    def _talk(self, deadline: float) -> None:
        if not self.connect(deadline):
            return
        for message in self.heard(deadline):
            self.messages.append(message)
            if self.hook is not None:
                self.hook(self, message)
            self._react(message)

    def heard(self, deadline: float) -> Any:
        assert self.channel is not None
        buffer = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.channel, selectors.EVENT_READ)
            while True:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError(f"the host is silent; last: {self.messages[-3:]}")
                data = self.channel.recv(1 << 16)
                if not data:
                    return
                *lines, buffer = (buffer + data).split(b"\n")
                for line in lines:
                    message = json.loads(line)
                    protocol.check("fromHost", message)
                    yield message

    def _react(self, message: Message) -> None:
        react = getattr(self, "_on_" + message["type"], None)
        if react is not None:
            react(message)

    def _on_items(self, message: Message) -> None:
        assert [item["index"] for item in message["items"]] == list(
            range(len(self.items), len(self.items) + len(message["items"])))
        self.items += message["items"]

    def _on_collected(self, message: Message) -> None:
        self.listening = message["engine"] in ("xdist", "serial")
        if self.listening:
            return
        self.pending.extend(self._units())
        for _ in range(self.workers):
            self._start()

    def _units(self) -> List[List[int]]:
        units: List[List[int]] = []
        last: Any = None
        for index, item in enumerate(self.items):
            key = item["group"] or item["unit"]
            if units and key == last and (key is not None or len(units[-1]) < self.batch):
                units[-1].append(index)
            else:
                units.append([index])
            last = key
        return units

    def _start(self) -> None:
        name = f"gw{self.born}"
        self.born += 1
        self.given[name] = []
        self.send(type="start", worker=name, count=self.workers, isolated=self.fresh)

    def _on_worker(self, message: Message) -> None:
        self.ready.add(message["worker"])
        if not self.listening and not self.given.get(message["worker"]):
            self._feed(message["worker"])

    def _feed(self, name: str) -> None:
        given = self.given[name]
        if name in self.retired:
            return
        while len(given) < (1 if self.fresh else 2) and self.pending and not self.stopped:
            unit = self.pending.popleft()
            given.append(list(unit))
            self.send(type="run", worker=name, items=unit, repeat=[item for item in unit if self.repeats(item)])
        if not given or self.fresh:
            self.retired.add(name)
            self.send(type="retire", worker=name)

    def repeats(self, item: int) -> bool:
        return self.tried.get(item, 0) < self.retries

    def _on_done(self, message: Message) -> None:
        if message["repeat"]:
            self.tried[message["item"]] = self.tried.get(message["item"], 0) + 1
            self.pending.append([message["item"]])
            self._ended(message["worker"], [message["item"]])
            self._feed(message["worker"])
            return
        self.note(message["item"], message["outcome"])
        if not self.listening:
            self._ended(message["worker"], [message["item"]])
            self._feed(message["worker"])

    def _on_late(self, message: Message) -> None:
        self.outcomes[self.items[message["item"]]["id"]] += "+late"

    def note(self, index: int, outcome: str) -> None:
        name = self.items[index]["id"]
        self.outcomes[name] = f"{self.outcomes[name]} twice" if name in self.outcomes else outcome

    def _ended(self, worker: str, items: List[int]) -> None:
        for unit in self.given[worker]:
            for item in items:
                if item in unit:
                    unit.remove(item)
        self.given[worker] = [unit for unit in self.given[worker] if unit]

    def _on_dropped(self, message: Message) -> None:
        if message["worker"] in self.given:
            self._ended(message["worker"], message["items"])
        if message["items"] and not self.stopped:
            self.pending.append(list(message["items"]))
            if not self.given.get(message["worker"], True):
                self._feed(message["worker"])

    def _on_stop(self, _message: Message) -> None:
        self.stopped = True
        self.pending.clear()
        for name, given in self.given.items():
            if not given:
                self.send(type="retire", worker=name)
        for name in self.given:
            self.send(type="retire", worker=name)

    def _on_gone(self, message: Message) -> None:
        if self.listening:
            return
        left = [item for unit in self.given.pop(message["worker"]) for item in unit]
        if message["worker"] not in self.ready:
            self.stopped = True  # another would not start either
            self.pending.clear()
        elif not message["expected"]:
            item = message["item"]
            if item is not None:
                left.remove(item)
                self.note(item, "crashed")
                self.send(type="crashed", worker=message["worker"], item=item, text="the worker died\nhere")
            if left and not self.stopped:
                self.pending.appendleft(left)
        if self.pending and (self.fresh or not message["expected"]):
            self._start()
        if not self.given and not self.finishing:
            self.finishing = True
            self.send(type="finish")

    def of(self, kind: str) -> List[Message]:
        return [message for message in self.messages if message["type"] == kind]
