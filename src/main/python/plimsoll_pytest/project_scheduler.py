"""A scheduler of the project (`pytest_xdist_make_scheduler`): which tests it keeps together.

Schedulers of projects are mostly pytest-xdist's `LoadScopeScheduling` with a `_split_scope` of their own. Plimsoll keeps
those tests on one worker and decides the rest itself, by memory.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional

from plimsoll_pytest.primitives import BUILTINS as __builtins__

HOOK = "pytest_xdist_make_scheduler"
SPLIT = "_split_scope"
XDISTS = "xdist."
INSTEAD = "Plimsoll schedules the tests itself; `--engine xdist` uses the project's scheduler"


class ProjectScheduler(NamedTuple):
    """What holds of it: the scope of a node id, if it has scopes, and what the user should know."""

    scope: Optional[Callable[[str], str]] = None
    warning: str = ""

    def grouped(self, messages: Iterable[Dict[str, Any]]) -> Iterator[Dict[str, Any]]:
        """The `items` messages with the tests of a scope in one group."""
        for message in messages:
            for test in message["items"]:
                scope = self.scope(test["id"]) if self.scope else test["id"]
                if scope != test["id"]:
                    test["group"] = scope
            yield message

    def dist(self) -> Dict[str, Any]:
        """What overrides `--dist` in the `collected` message, as it does under pytest-xdist."""
        return {"dist": "loadgroup"} if self.scope else {}


class Silent:
    """Stands where pytest-xdist hands its log to the hook."""

    def __call__(self, *what: Any, **more: Any) -> None:
        """Forget it."""

    def __getattr__(self, name: str) -> Silent:
        return self


def of_project(config: Any) -> ProjectScheduler:
    """Ask the project for its scheduler, if it has the hook."""
    hook = getattr(config.hook, HOOK, None)
    owners = [impl.plugin_name for impl in hook.get_hookimpls()] if hook is not None else []
    owners = [owner for owner in owners if not owner.startswith("xdist")]
    if not owners or config.option.collectonly:
        return ProjectScheduler()
    made = hook(config=config, log=Silent())
    if made is None:
        return ProjectScheduler()
    where = f"{HOOK} of {owners[-1]}"
    changed = _changed(type(made))
    if not callable(getattr(made, SPLIT, None)):
        if type(made).__module__.startswith(XDISTS):
            return ProjectScheduler()  # it spreads tests freely
        return ProjectScheduler(warning=f"the scheduler of {where} has no effect: {INSTEAD}")
    if changed:
        return ProjectScheduler(getattr(made, SPLIT), (
            f"of the scheduler of {where} only `{SPLIT}` has an effect, not {', '.join(changed)}: {INSTEAD}"))
    return ProjectScheduler(getattr(made, SPLIT))


def _changed(kind: type) -> List[str]:
    """The methods of pytest-xdist's scheduler that the project has replaced, but for the one that is asked."""
    own = [name for base in kind.__mro__ if not base.__module__.startswith(XDISTS) and base is not object
           for name in vars(base) if callable(getattr(base, name)) and not name.startswith("__") and name != SPLIT]
    theirs = [base for base in kind.__mro__ if base.__module__.startswith(XDISTS)]
    return [f"`{name}`" for name in dict.fromkeys(own) if any(hasattr(base, name) for base in theirs)]
