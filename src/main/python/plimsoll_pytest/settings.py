"""What Java put into the environment of the host."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Dict, List, NamedTuple

import pytest


#: Engines whose workers may be forked from the process that collects.
FORKING = ("auto", "fork")


class Settings(NamedTuple):
    """The host's orders: where Java listens, which run this is, which engine is wanted, where the files are written
    down that it runs (mostly empty: all) and those that it need not import; whether pytest prints its results as ever (`pytest`, mostly empty); the path
    for modules before the project has changed it; how many workers there will be at the most; the file of remembered
    choices; whether workers get one batch each; the shard, such as `2/4` (mostly empty); the file for what pytest says in JUnit's terms, if it is wanted; the message from the process that it
    replaced; and the environment that it began with."""

    socket: str
    run: str
    engine: str
    files: str
    omitted: str
    output: str
    path: List[str]
    workers: int
    choices: str
    isolates: bool
    shard: str
    junit: str
    successor: Dict[str, Any]
    environ: Dict[str, str]

    @classmethod
    def take(cls) -> Settings:
        """Read the orders and take them out of the environment, so that what tests start does not see them."""
        environ = dict(os.environ)
        settings = cls(
            socket=os.environ.pop("_PLIMSOLL_SOCKET", ""),
            run=os.environ.get("_PLIMSOLL_RUN", ""),
            engine=os.environ.pop("_PLIMSOLL_ENGINE", "fork"),
            files=os.environ.pop("_PLIMSOLL_FILES", ""),
            omitted=os.environ.pop("_PLIMSOLL_OMITTED", ""),
            output=os.environ.pop("_PLIMSOLL_OUTPUT", ""),
            path=list(sys.path),
            workers=int(os.environ.pop("_PLIMSOLL_WORKERS", "0")) or len(os.sched_getaffinity(0)),
            choices=os.environ.pop("_PLIMSOLL_CHOICES", ""),
            isolates=bool(os.environ.pop("_PLIMSOLL_ISOLATES", "")),
            shard=os.environ.pop("_PLIMSOLL_SHARD", ""),
            junit=os.environ.pop("_PLIMSOLL_JUNIT", ""),
            successor=json.loads(os.environ.pop("_PLIMSOLL_SUCCESSOR", "{}")),
            environ=environ,
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
