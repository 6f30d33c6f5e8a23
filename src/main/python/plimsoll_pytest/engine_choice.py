"""Which engine a run gets: forked workers where that is safe, workers that are processes of their own where it is not."""

from __future__ import annotations

import os
from typing import Collection, List, NamedTuple, Optional, Sequence

import pytest

from plimsoll_pytest import fork_hazards, forked, numbered, threads, worker_hooks
from plimsoll_pytest.creation_places import Places, with_places
from plimsoll_pytest.fork_hazards import Found, Hazard
from plimsoll_pytest.import_reads import IMPORT_READS
from plimsoll_pytest.leaving import LEAVING
from plimsoll_pytest.reopened_files import REOPENED
from plimsoll_pytest.settings import FORKING
from plimsoll_pytest.temporary_names import TEMPORARY_NAMES

SHOWN = 3
INSTEAD = "spawn instead of fork: "


class Choice(NamedTuple):
    """The engine, why it is not the one that was asked for, and a warning if it forks all the same."""

    engine: str
    why: str
    warning: str = ""


def before_collection(config: pytest.Config, engine: str) -> Choice:
    """What is known when the first conftests are loaded and no test is imported."""
    if engine != "auto":
        return Choice(engine, "")
    asking = worker_hooks.asking(config) or _reads(IMPORT_READS.so_far())
    return Choice("spawn", f"{INSTEAD}{asking}") if asking else Choice("fork", "")


def after_collection(config: pytest.Config, engine: str, ours: Collection[int]) -> Choice:
    """What is known when all tests are imported; notes the files that forked workers open again."""
    if engine not in FORKING:
        return Choice(engine, "")
    if not hasattr(os, "fork"):
        return Choice("spawn", "this system cannot fork")
    alive = threads.hazards()
    if alive:
        return Choice("spawn", sharing(alive))
    seen = _found(config, ours)
    REOPENED.note(seen.readable)
    told = [hazard.text for hazard in seen.hazards]
    other = _others(config)
    if not told and not other:
        return Choice("fork", "")
    if engine == "fork":
        return Choice("fork", "", f"fork, as you asked, though {_unshared(told) if told else other[0]}")
    return Choice("spawn", sharing(told) if told else f"{INSTEAD}{other[0]}")


def seen_by_worker(config: pytest.Config, ours: Collection[int], places: Optional[Places]) -> str:
    """Why a worker that has collected could not have been a fork, with the lines of the project where they are known;
    empty when it could have been one."""
    alive = [Hazard(text, "thread", text.split("'")[1] if "'" in text else None) for text in threads.hazards()]
    told = with_places(alive + _found(config, ours).hazards, places)
    return sharing(told) if told else next((f"{INSTEAD}{text}" for text in _others(config)), "")


def _found(config: pytest.Config, ours: Collection[int]) -> Found:
    """What the project holds, and what it has made for one process alone."""
    seen = fork_hazards.found(config, {*ours, *forked.files_of_host(config)})
    open_files = {hazard.name for hazard in seen.hazards}
    TEMPORARY_NAMES.stop()
    return seen._replace(hazards=[
        *seen.hazards, *LEAVING.hazards(), *(hazard for hazard in TEMPORARY_NAMES.hazards() if hazard.name not in open_files)])


def _others(config: pytest.Config) -> List[str]:
    every = _reads(IMPORT_READS.note()), worker_hooks.asking(config), numbered.notice(config.rootpath)
    return [text for text in every if text]


def sharing(told: Sequence[str]) -> str:
    """Why spawn is chosen, in one line."""
    once = list(dict.fromkeys(told))
    more = [f"{len(once) - SHOWN} more"] if len(once) > SHOWN else []
    return f"{INSTEAD}{_unshared([*once[:SHOWN], *more])}"


def _unshared(told: Sequence[str]) -> str:
    return f"forked workers cannot share {', '.join(dict.fromkeys(told))}"


def _reads(read: str) -> str:
    return f"{read} while it is imported, before there are workers" if read else ""
