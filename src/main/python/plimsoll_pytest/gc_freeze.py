"""Objects that the collection made are frozen: garbage collection leaves them out, until somebody looks.

`gc.freeze()` saves walks over every collected item, and keeps the pages that forked workers share unwritten. It also hides
these objects from `gc.get_objects`, `gc.get_referrers` and `gc.collect`, and a project that calls one of these has to see
what it sees in a plain session. So they end the freeze before they do their work, in workers and in the host. A project
that never calls them keeps the gain.
"""

from __future__ import annotations

import gc
import sys
from functools import partial
from gc import collect, freeze, get_freeze_count, get_objects, get_referrers, unfreeze
from typing import Any, Callable, List

from plimsoll_pytest.primitives import BUILTINS as __builtins__
from plimsoll_pytest.written import WRITTEN

#: Objects return from a freeze to the oldest generation, at which a collection of a younger one does not look.
OLDEST = 2
#: Collects garbage at the end of each session; what the collection made is still in use then.
PYTEST = "_pytest."


class Freeze:
    """Whether objects of this process are frozen by us."""

    def __init__(self) -> None:
        self.active = False

    def begin(self) -> None:
        """Freeze what there is, unless the project freezes objects itself."""
        if not get_freeze_count():
            collect()
            WRITTEN.note()
            self.active = True
            freeze()

    def renew(self) -> None:
        """Freeze what was made since."""
        if self.active:
            freeze()

    def end(self) -> None:
        """Give all objects back."""
        if self.active:
            self.active = False
            WRITTEN.reveal(unfreeze)

    def watch(self) -> None:
        """Have whoever looks end the freeze. Call it before the project is imported, which may keep the functions."""
        for function in self._looking():
            setattr(gc, function.__name__, _like_built_in(function, getattr(gc, function.__name__)))

    def _looking(self) -> List[Callable[..., Any]]:
        def look_at_objects(generation: Any = None) -> Any:
            self.end()
            return get_objects(generation)

        def look_at_referrers(*objs: Any) -> Any:
            self.end()
            return [one for one in get_referrers(*objs) if one is not objs]

        def look_for_garbage(generation: Any = OLDEST) -> Any:
            if generation == OLDEST and not str(sys._getframe(1).f_globals.get("__name__")).startswith(PYTEST):
                self.end()
            return collect(generation)

        def count() -> Any:
            self.end()
            return get_freeze_count()

        def keep() -> Any:
            self.end()
            return freeze()

        def release() -> Any:
            self.end()
            return unfreeze()

        return _named(get_objects=look_at_objects, get_referrers=look_at_referrers, collect=look_for_garbage,
                      get_freeze_count=count, freeze=keep, unfreeze=release)


def _named(**functions: Callable[..., Any]) -> List[Callable[..., Any]]:
    for name, function in functions.items():
        function.__name__ = name
    return list(functions.values())


def _like_built_in(function: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
    """A callable that leaves the caller's variables as hidden from `get_referrers` as the built-in function does.

    To enter a Python function, the interpreter (from CPython 3.11) stores how far the caller's frame is filled, and then a
    generator or coroutine that calls refers to its variables. It does not for other callables, and a `partial` without
    arguments of its own makes no tuple of the caller's, either.
    """
    called = partial(function)
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(called, name, getattr(original, name))
    called.__reduce_ex__ = lambda protocol: function.__name__  # type: ignore[assignment]  # pickled by its name
    return called


FREEZE = Freeze()
