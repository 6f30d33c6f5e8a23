"""Values on their way between a worker and the host, as pickles of plain things.

Pickle keeps what a report holds (tuples, bytes, lone surrogates) and both ends run the same code. Only plain values
and a few standard types travel as they are; any other object travels as its text, so that the host never imports a
module because of a report.
"""

from __future__ import annotations

import pickle
from io import BytesIO
from pickle import dumps, loads
from typing import Any

from plimsoll_pytest.primitives import BUILTINS as __builtins__

#: Modules whose objects pickle by values alone and that the host may import.
PLAIN_MODULES = frozenset(
    {"builtins", "collections", "copyreg", "datetime", "decimal", "fractions", "numpy", "pathlib", "uuid"}
)


class PlainPickler(pickle.Pickler):
    """Pickles foreign objects as their text."""

    def reducer_override(self, obj: Any) -> Any:
        module = getattr(obj, "__module__", None) or type(obj).__module__
        if isinstance(module, str) and module.split(".")[0] in PLAIN_MODULES:
            return NotImplemented
        return str, (text_of(obj),)


def text_of(obj: Any) -> str:
    try:
        return str(obj)
    except Exception:  # any object of a test can come here, also one whose repr fails
        return f"<unprintable {type(obj).__name__} object>"


def packed(value: Any) -> bytes:
    """Return the value as bytes; what cannot travel becomes text."""
    try:
        buffer = BytesIO()
        PlainPickler(buffer, protocol=4).dump(value)
        return buffer.getvalue()
    except Exception:  # a lying __reduce__, a recursion too deep
        return dumps(_plain(value), protocol=4)


def _plain(value: Any, depth: int = 50) -> Any:
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if depth and isinstance(value, dict):
        return {_plain(key, 0): _plain(one, depth - 1) for key, one in value.items()}
    if depth and isinstance(value, (list, tuple)):
        parts = [_plain(one, depth - 1) for one in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    return text_of(value)


def unpacked(data: bytes) -> Any:
    return loads(data)
