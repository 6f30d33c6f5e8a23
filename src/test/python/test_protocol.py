"""The plugin's side of the protocol; `ProtocolTest` is the other's. What real hosts send is checked by `driver.py`."""

import ast
import inspect
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import pytest

import protocol
from driver import SOURCES, Run
from plimsoll_pytest.orders import Orders

PARTIAL = {"collected", "gone"}  # their dictionaries take in others, which runs of real hosts show


def sent() -> Iterator[Tuple[str, str, List[str], bool]]:
    """Each message that a module of the plugin writes down: where, its kind, its fields, and whether these are all."""
    for path in sorted((SOURCES / "plimsoll_pytest").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
                if "type" in keys:
                    kind = node.values[keys.index("type")]
                    assert isinstance(kind, ast.Constant), f"{path.name}:{node.lineno}"
                    named = [key for key in keys if key not in (None, "type")]
                    yield f"{path.name}:{node.lineno}", kind.value, named, None not in keys


def test_the_plugin_sends_the_messages_of_the_protocol_and_no_other() -> None:
    assert {kind for _, kind, _, _ in sent()} == set(protocol.kinds("fromHost"))
    for where, kind, named, whole in sent():
        expected = protocol.fields("fromHost", kind).keys()
        assert set(named) <= expected, where
        assert set(named) == expected or not whole and kind in PARTIAL, where


def test_the_plugin_obeys_the_messages_of_the_protocol_and_no_other() -> None:
    handlers: Dict[str, object] = {
        name[len("do_"):]: handler for name, handler in vars(Orders).items() if name.startswith("do_")}
    assert handlers.keys() == set(protocol.kinds("toHost"))
    for kind, handler in handlers.items():
        parameters = list(inspect.signature(handler).parameters)  # type: ignore[arg-type]
        assert parameters[1:] == list(protocol.fields("toHost", kind)), kind


@pytest.mark.parametrize("message", [
    {"type": "stop"}, {"type": "stop", "reason": None}, {"type": "stop", "reason": "x", "item": 1}, {"type": "halt"},
    {"type": "worker", "worker": "main", "pid": 1, "took": 1}, {"type": "worker", "worker": "gw0", "pid": "1", "took": 1},
    {"type": "items", "items": [{"index": 0}]}])
def test_a_message_that_is_none_is_found(message: Dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        protocol.check("fromHost", message)


def test_a_run_keeps_to_the_protocol(project: Path) -> None:
    """The driver checks each message of all runs; here are the ones that few of them have."""
    (project / "test_a.py").write_text("""
import os, pytest, time
from pathlib import Path

@pytest.fixture(scope="module")
def wide():
    yield
    raise RuntimeError("late")

def test_first(wide):
    while not Path("announced").exists(): time.sleep(0.01)
def test_last(wide): pass
def test_dies(): os._exit(3)
@pytest.mark.xdist_group("g")
@pytest.mark.plimsoll(memory="1m")
def test_fails(): assert 0
""")
    (project / "test_b.py").write_text("import pytest\npytest.skip('not here', allow_module_level=True)\n")

    def announce(_run: Run, message: Dict[str, object]) -> None:
        if message["type"] == "started":
            (project / "announced").touch()

    seen = Run(project, ["--maxfail=2"], workers=1, hook=announce).complete()
    assert {message["type"] for message in seen.messages} >= {
        "hello", "items", "uncollected", "collected", "worker", "started", "done", "gone", "stop", "bye"}
