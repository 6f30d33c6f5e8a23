"""Objects that the collection made are frozen: garbage collection leaves them out, until somebody looks.

`gc.freeze()` saves walks over every collected item, and keeps the pages that forked workers share unwritten. It also hides
these objects from `gc.get_objects`, `gc.get_referrers` and `gc.collect`, and a project that calls one of these has to see
what it sees in a plain session. So they end the freeze before they do their work, in workers and in the host. A project
that never calls them keeps the gain.
"""

from __future__ import annotations

import gc
import sys
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
            original = getattr(gc, function.__name__)
            function.__qualname__, function.__module__ = original.__qualname__, original.__module__
            function.__doc__ = original.__doc__
            setattr(gc, function.__name__, function)

    def _looking(self) -> List[Callable[..., Any]]:
        def look_at_objects(generation: Any = None) -> Any:
            self.end()
            return get_objects(generation)

        def look_at_referrers(*objs: Any) -> Any:
            self.end()
            return get_referrers(*objs)

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


FREEZE = Freeze()
