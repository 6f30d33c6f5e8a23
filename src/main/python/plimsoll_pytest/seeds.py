"""Random generators in forked workers.

A worker that is a process of its own seeds them anew, unless the project seeds them when it is imported: then all
workers begin alike. A fork inherits their state. Python seeds `random` anew in every child, also what a project has
seeded; numpy's legacy generator and each `random.Random()` go on where the parent was, so that all workers would draw
the same numbers, and what they name after them would collide. All are put right here: seeded generators go on from the
project's seed, the others differ. Which generators of numpy's newer kind were seeded cannot be seen.
"""

from __future__ import annotations

import functools
import random
import sys
from typing import Any, Callable, Optional
from weakref import WeakValueDictionary

Seed = Callable[..., None]


class Seeds:
    """Notes whether the project seeds `random`, and which other generators the system seeds, while it is configured
    and collected."""

    def __init__(self) -> None:
        self._original = random.seed
        self._methods = random.Random.seed, random.Random.setstate
        self._unseeded: "WeakValueDictionary[int, random.Random]" = WeakValueDictionary()  # some have no hash
        self._state: Optional[Any] = None
        self._seeded = False

    def watch(self) -> None:
        """Before any plugin is loaded that has a generator of its own, as faker's."""
        def seed(*args: Any, **kwargs: Any) -> None:
            self._original(*args, **kwargs)
            self._seeded = any(value is not None for value in (*args, *kwargs.values()))

        seed.__doc__ = self._original.__doc__
        random.seed = seed  # type: ignore[assignment]
        for method in self._methods:
            setattr(random.Random, method.__name__, self._noting(method))

    def _noting(self, method: Seed) -> Seed:
        @functools.wraps(method)
        def noting(generator: random.Random, *args: Any, **kwargs: Any) -> None:
            method(generator, *args, **kwargs)
            if any(value is not None for value in (*args, *kwargs.values())):
                self._unseeded.pop(id(generator), None)
            else:
                self._unseeded[id(generator)] = generator

        return noting

    def note(self) -> None:
        """In the host, before workers are forked."""
        random.seed = self._original  # type: ignore[method-assign]
        for method in self._methods:
            setattr(random.Random, method.__name__, method)
        self._state = random.getstate() if self._seeded else None

    def take_up(self) -> None:
        """In a forked worker."""
        for generator in self._unseeded.values():
            self._methods[0](generator)
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
