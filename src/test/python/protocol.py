"""The messages between Plimsoll and its pytest host, as `protocol.json` has them: tests of both sides read that file."""

import json
import re
from pathlib import Path
from typing import Any, Callable, Dict, List

FILE = Path(__file__).resolve().parents[2] / "main/resources/dev/plimsoll/engine/pytest/protocol.json"
PROTOCOL: Dict[str, Any] = json.loads(FILE.read_text("utf-8"))


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


PLAIN: Dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "flag": lambda value: isinstance(value, bool),
    "number": _whole,
    "item": lambda value: _whole(value) and value >= 0,
    "micros": lambda value: _whole(value) and value >= 0,
    "bytes": lambda value: _whole(value) and value >= 0,
    "worker": lambda value: isinstance(value, str) and re.fullmatch(r"gw\d+", value) is not None,
    "count": lambda value: _whole(value) or isinstance(value, str),
    "any": lambda value: True,
}


def fields(direction: str, kind: str) -> Dict[str, str]:
    """The type of each field of a message (or of a record, when that is the direction)."""
    return {name: field["type"] for name, field in PROTOCOL[direction][kind]["fields"].items()}


def check(direction: str, message: Dict[str, Any]) -> None:
    """Fail unless this is a message of the protocol, with all its fields, no other, and values of their types."""
    kind = message["type"]
    assert kind in PROTOCOL[direction], f"{direction} has no message {kind}"
    _check_fields(f"{direction}.{kind}", {name: value for name, value in message.items() if name != "type"},
                  fields(direction, kind))


def _check_fields(where: str, values: Dict[str, Any], types: Dict[str, str]) -> None:
    assert values.keys() == types.keys(), f"{where}: {sorted(values.keys() ^ types.keys())}"
    for name, kind in types.items():
        _check_value(f"{where}.{name}", values[name], kind)


def _check_value(where: str, value: Any, kind: str) -> None:
    if kind.endswith("?"):
        if value is not None:
            _check_value(where, value, kind[:-1])
    elif kind.endswith("[]"):
        assert isinstance(value, list), f"{where}: {value!r}"
        for element in value:
            _check_value(where, element, kind[:-2])
    elif kind.endswith("{}"):
        assert isinstance(value, dict), f"{where}: {value!r}"
        for element in value.values():
            _check_value(where, element, kind[:-2])
    elif kind in PROTOCOL["records"]:
        _check_fields(where, value, fields("records", kind))
    else:
        assert PLAIN[kind](value), f"{where}: {value!r} is no {kind}"


def kinds(direction: str) -> List[str]:
    return list(PROTOCOL[direction])
