"""Whether the order of the tests says something: `--ff`, pytest-randomly or a conftest has put them in it."""

from __future__ import annotations

from typing import Any, Generator, List

import pytest


class Arrangement:
    """Registered as a plugin: notes the tests before any hook may move them."""

    def __init__(self) -> None:
        self._found: List[Any] = []

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: List[Any]) -> Generator[None, Any, None]:
        self._found = list(items)
        yield

    def is_chosen(self, items: List[Any]) -> bool:
        """Whether these are in another order than pytest itself gives them."""
        found, self._found = self._found, []
        if found == items:
            return False
        left = set(items)
        found = [item for item in found if item in left]
        return found != items and _for_fixtures(found) != items


def _for_fixtures(items: List[Any]) -> List[Any]:
    """As pytest orders them so that parametrized fixtures are set up seldom."""
    try:
        from _pytest.fixtures import reorder_items

        return list(reorder_items(items))
    except Exception:  # private to pytest: where it is another, the order counts as chosen
        return items
