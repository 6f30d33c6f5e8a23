"""What Java put into the environment of the host."""

from __future__ import annotations

import os
import sys
from typing import List, NamedTuple

import pytest


class Settings(NamedTuple):
    """The host's orders: where Java listens, which run this is, which engine is wanted, where the files are written
    down that it runs (mostly empty: all); and the path for modules before the project has changed it."""

    socket: str
    run: str
    engine: str
    files: str
    path: List[str]

    @classmethod
    def take(cls) -> Settings:
        """Read the orders and take them out of the environment, so that what tests start does not see them."""
        settings = cls(
            socket=os.environ.pop("_PLIMSOLL_SOCKET", ""),
            run=os.environ.get("_PLIMSOLL_RUN", ""),
            engine=os.environ.pop("_PLIMSOLL_ENGINE", "fork"),
            files=os.environ.pop("_PLIMSOLL_FILES", ""),
            path=list(sys.path),
        )
        _unpath(os.environ.pop("_PLIMSOLL_PATH", ""))
        return settings


def _unpath(folder: str) -> None:
    parts = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if folder and folder in parts:
        parts.remove(folder)
        if any(parts):
            os.environ["PYTHONPATH"] = os.pathsep.join(parts)
        else:
            del os.environ["PYTHONPATH"]


SETTINGS = pytest.StashKey[Settings]()
