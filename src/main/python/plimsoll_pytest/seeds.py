"""The global random generators in forked workers.

A worker that is a process of its own seeds them anew, unless the project seeds them when it is imported: then all
workers begin alike. A fork inherits their state. Python seeds `random` anew in every child, also what a project has
seeded; numpy's legacy generator goes on where the parent was, so that all workers would draw the same numbers. Both are
put right here: seeded generators go on from the project's seed, the others differ.
"""

from __future__ import annotations

import random
import sys
from typing import Any, Optional


class Seeds:
    """Notes whether the project seeds `random` while it is configured and collected."""

    def __init__(self) -> None:
        self._original = random.seed
        self._state: Optional[Any] = None
        self._seeded = False

    def watch(self) -> None:
        def seed(*args: Any, **kwargs: Any) -> None:
            self._original(*args, **kwargs)
            self._seeded = any(value is not None for value in (*args, *kwargs.values()))

        seed.__doc__ = self._original.__doc__
        random.seed = seed  # type: ignore[assignment]

    def note(self) -> None:
        """In the host, before workers are forked."""
        random.seed = self._original  # type: ignore[method-assign]
        self._state = random.getstate() if self._seeded else None

    def take_up(self) -> None:
        """In a forked worker."""
        if self._state is not None:
            random.setstate(self._state)
        numpy = sys.modules.get("numpy.random.mtrand")
        if numpy is not None and not _is_seeded(numpy):
            numpy.seed()


def _is_seeded(numpy: Any) -> bool:
    """Whether numpy's legacy generator was given a seed: only one that seeded itself keeps what it was seeded with."""
    generator = getattr(numpy, "_rand", None)
    bits = getattr(generator, "_bit_generator", None)
    return getattr(bits, "seed_seq", getattr(bits, "_seed_seq", None)) is None


SEEDS = Seeds()
