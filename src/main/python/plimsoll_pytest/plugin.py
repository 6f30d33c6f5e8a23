"""Plimsoll's pytest plugin. Without a Plimsoll socket in the environment it only knows pytest-xdist's options.

It is loaded by this name and not by that of its package: of what a `-p` names pytest rewrites the assertions, in all
modules below it, and that costs more than all the rest of its start.

PYTEST_DONT_REWRITE: it asserts nothing about tests.
"""

from __future__ import annotations

import os
from typing import Any, Generator, List

import pytest

from plimsoll_pytest.bytecode import kept

with kept():
    from plimsoll_pytest import xdist_options
    from plimsoll_pytest import fork_hazards  # noqa: F401  notes what is there before the project
    from plimsoll_pytest.gc_freeze import FREEZE
    from plimsoll_pytest.import_reads import IMPORT_READS
    from plimsoll_pytest.leaving import LEAVING
    from plimsoll_pytest.seeds import SEEDS
    from plimsoll_pytest.settings import FORKING, SETTINGS, Settings
    from plimsoll_pytest.temporary_names import TEMPORARY_NAMES

if "_PLIMSOLL_SOCKET" in os.environ and os.environ.get("_PLIMSOLL_ENGINE") != "xdist":
    SEEDS.watch()


@pytest.hookimpl(hookwrapper=True)
def pytest_load_initial_conftests(
        early_config: pytest.Config, parser: Any, args: List[str]) -> Generator[None, Any, None]:
    settings = early_config.stash[SETTINGS] = Settings.take()
    xdist_options.register(early_config, parser, args)
    if settings.socket and settings.engine != "xdist":
        xdist_options.pose_early(early_config)
        FREEZE.watch()
        LEAVING.watch(settings.isolates)
        if settings.engine in FORKING:
            TEMPORARY_NAMES.watch()
        IMPORT_READS.watch()
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, None]:
    settings = config.stash.get(SETTINGS, None)
    if settings is None or not settings.socket:
        if settings is not None and hasattr(config, "workerinput") and config.pluginmanager.has_plugin("xdist"):
            with kept():
                from plimsoll_pytest import selection
                from plimsoll_pytest.xdist_run import XdistWorker

            selection.omit(config, config.workerinput.get(selection.OMITTED))
            selection.register(config, config.workerinput.get(selection.INPUT))
            config.pluginmanager.register(XdistWorker(), "plimsoll-xdist-worker")
        yield
        return
    with kept():
        from plimsoll_pytest.session import Session

    session = Session(config, settings)
    outcome = yield
    session.end(outcome)
