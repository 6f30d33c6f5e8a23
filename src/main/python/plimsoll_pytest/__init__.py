"""Plimsoll's pytest plugin. Without a Plimsoll socket in the environment it only knows pytest-xdist's options."""

from __future__ import annotations

from typing import Any, List

import pytest

from plimsoll_pytest import xdist_options


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: Any, args: List[str]) -> None:
    xdist_options.register(early_config, parser, args)
