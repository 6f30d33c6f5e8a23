"""pytest-benchmark beside other tests: switched off, as under pytest-xdist. Its own warning comes in every session,
also in those without a benchmark, and `-W error` makes a broken run of it; so the plugin sets it beforehand, and the user only
when there is something to tell."""

from __future__ import annotations

from typing import Any, Optional, Sequence

import pytest

TOLD = pytest.StashKey[bool]()


def switch_off(config: pytest.Config) -> None:
    option: Any = config.option
    if not hasattr(option, "benchmark_disable") or option.benchmark_skip:
        return
    config.stash[TOLD] = option.benchmark_enable or not option.benchmark_disable
    option.benchmark_disable = True
    option.benchmark_enable = False


def notice(config: pytest.Config, tests: Sequence[Any]) -> Optional[str]:
    """The note about benchmarks among the tests; None if there are none."""
    if not config.stash.get(TOLD, False):
        return None
    count = sum("benchmark" in getattr(item, "fixturenames", ()) for item in tests)
    if not count:
        return None
    return (f"{count} benchmark{'s' if count > 1 else ''} ran once and unmeasured: figures taken beside other tests"
            " mean nothing. Measure with: python -m pytest --benchmark-only")
