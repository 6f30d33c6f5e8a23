"""Whether hooks of the project ask what worker they run in, before there is one in a process that will be forked.

`pytest_configure` and `pytest_sessionstart` have run in the host, as in a controller, when workers are forked from it. A
project that names a database for each worker in them, or registers something in the controller only, is right in a
process that is a worker from its start. The plugins of `PROVEN` are right in forked workers too: what they do in those
hooks is called again there (see `reconfigure`), and the tests of Plimsoll show it. So is a hook that only asks how many
workers there are, as scikit-learn's does to give each its share of the threads: it sets again what it has set.
"""

from __future__ import annotations

import inspect
import os
from typing import Any, Iterator, Set

import pytest

from plimsoll_pytest.reconfigure import KNOWN, WORDS, named

HOOKS = ("pytest_configure", "pytest_sessionstart")
COUNT = {"PYTEST_XDIST_WORKER_COUNT"}
#: What a hook may do in a process only once: register a plugin, begin something that others see.
ONCE = frozenset({"register", "open", "connect", "bind", "Popen", "Process", "Thread", "start", "mkdir", "makedirs"})
#: What `docs/compatibility.md` names with a test.
PROVEN = (
    "_hypothesis_pytestplugin.", "hypothesis.", "pytest_asyncio.", "pytest_bdd.", "pytest_benchmark.", "pytest_django.",
    "pytest_html.", "pytest_instafail.", "pytest_metadata.", "pytest_mock.", "pytest_order.", "pytest_randomly.",
    "pytest_repeat.", "pytest_reportlog.", "pytest_rerunfailures.", "pytest_split.", "pytest_subtests.",
    "pytest_timeout.", "syrupy.",
)


def asking(config: pytest.Config) -> str:
    """The first of them in words; empty when there is none."""
    return next(_asking(config), "")


def _asking(config: Any) -> Iterator[str]:
    for name in HOOKS:
        for impl in getattr(config.hook, name).get_hookimpls():
            module = f"{getattr(impl.function, '__module__', None) or ''}."
            if not module.startswith((*KNOWN, *PROVEN)) and _asks_who(named(impl.function)):
                yield f"{name} in {_place(impl.function, str(config.rootpath))} asks which worker it runs in"


def _asks_who(names: Set[str]) -> bool:
    """Whether a hook with these names in it may do in one worker what it does in no other, or what cannot be done twice."""
    asked = names & WORDS
    return bool(asked) and (asked != COUNT or bool(names & ONCE))


def _place(function: Any, root: str) -> str:
    code = inspect.unwrap(function).__code__
    file = code.co_filename
    shown = os.path.relpath(file, root) if file.startswith(root + os.sep) else f"{function.__module__}"
    return f"{shown}:{code.co_firstlineno}"
