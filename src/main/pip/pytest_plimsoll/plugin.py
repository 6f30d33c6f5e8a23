"""The pytest plugin: `--plimsoll`, or `PLIMSOLL=1`, lets Plimsoll run the tests; `-n auto` starts as many workers as fit.

PYTEST_DONT_REWRITE: it asserts nothing about tests.
"""

from __future__ import annotations

import os
from typing import Any, List, Optional

import pytest

from pytest_plimsoll import program, stand_aside
from pytest_plimsoll.auto_workers import AutoWorkers

#: Switches Plimsoll on or off, whatever the options say.
VARIABLE = "PLIMSOLL"
_ON, _OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
#: Of a run that was started as a child.
EXIT_CODE = pytest.StashKey[int]()
_NOTICE = pytest.StashKey[str]()
_AUTO = pytest.StashKey[AutoWorkers]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("plimsoll", "Plimsoll: in parallel, as fast as memory safely allows")
    group.addoption("--plimsoll", action="store_true", default=False,
                    help="run the tests with Plimsoll (also PLIMSOLL=1; PLIMSOLL=0 overrides this option)")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, parser: pytest.Parser, args: List[str]) -> None:
    options = early_config.known_args_namespace
    if not _is_off():
        early_config.stash[_AUTO] = AutoWorkers()
        early_config.pluginmanager.register(early_config.stash[_AUTO], "plimsoll_auto_workers")
    if not _is_wanted(options) or stand_aside.is_nested() or stand_aside.shows_only(options):
        return
    found = program.find()
    why = _reason(early_config, found)
    if found is None or why is not None:
        early_config.stash[_NOTICE] = f"plimsoll: not used, because {why}"
        return
    from pytest_plimsoll import takeover

    early_config.stash[EXIT_CODE] = takeover.take_over(early_config, found)
    takeover.do_nothing_more(early_config, parser, args)


def _is_off() -> bool:
    return os.environ.get(VARIABLE, "").strip().lower() in _OFF


def _is_wanted(options: Any) -> bool:
    value = os.environ.get(VARIABLE, "").strip().lower()
    if value in _ON or _is_off():
        return value in _ON
    if value:
        raise pytest.UsageError(f"the environment variable {VARIABLE} cannot be `{value}`: it must be 1 or 0")
    return bool(options.plimsoll)


def _reason(config: pytest.Config, found: Optional[str]) -> Optional[str]:
    """Why this stays plain pytest, or None."""
    if found is None:
        return program.missing()
    if config.invocation_params.plugins:
        return "a program runs pytest with plugin objects of its own"
    return stand_aside.watcher(config)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Optional[int]:
    """The exit code of a run that has been, else nothing."""
    return config.stash.get(EXIT_CODE, None)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    auto = session.config.stash.get(_AUTO, None)
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    for notice in (session.config.stash.get(_NOTICE, None), auto and auto.notice):
        if notice and reporter is not None:
            reporter.write_line(notice)
