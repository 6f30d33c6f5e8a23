"""The options, ini keys and marker of pytest-xdist, for projects whose settings name them while it is absent."""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Union

import pytest

from plimsoll_pytest import xdist_hooks
from plimsoll_pytest.primitives import BUILTINS as __builtins__, os

DIST_MODES = ("each", "load", "loadscope", "loadfile", "loadgroup", "worksteal", "no")


def register(early_config: pytest.Config, parser: Any, args: List[str]) -> None:
    """Make the options known, unless pytest-xdist did; call it when all installed plugins are loaded."""
    if not hasattr(early_config.known_args_namespace, "plimsoll"):
        # In `addopts` for those who start pytest; here Plimsoll was started itself.
        parser.getgroup("plimsoll").addoption("--plimsoll", action="store_true", help="Ignored: Plimsoll runs the tests.")
    if early_config.pluginmanager.has_plugin("xdist"):
        return
    _add_options(parser)
    early_config.pluginmanager.add_hookspecs(xdist_hooks)
    early_config.addinivalue_line("markers", "xdist_group(name): run the tests of one group in one worker")
    # pytest parsed the arguments before it asked us, and took the value of `-n 4` for a path. What it and other plugins
    # have decided on since (the folder above which no conftest counts) stays.
    known = vars(early_config.known_args_namespace)
    again = vars(parser.parse_known_args(args, namespace=copy.copy(early_config.option)))
    known.update({**again, **known, "file_or_dir": again["file_or_dir"]})


def _add_options(parser: Any) -> None:
    group = parser.getgroup("xdist", "options of pytest-xdist, understood by Plimsoll")
    group._addoption("-n", "--numprocesses", dest="numprocesses", metavar="numprocesses", type=_processes,
                     help="Number of workers that pytest-xdist would start.")
    group.addoption("--maxprocesses", dest="maxprocesses", type=int, help="Limit of --numprocesses=auto.")
    group.addoption("--max-worker-restart", dest="maxworkerrestart", default=None, help="Ignored.")
    group.addoption("--dist", metavar="distmode", dest="dist", choices=DIST_MODES, default="no",
                    help="Which tests must stay on one worker.")
    group.addoption("--loadscope-reorder", dest="loadscopereorder", action="store_true", default=True, help="Ignored.")
    group.addoption("--no-loadscope-reorder", dest="loadscopereorder", action="store_false", help="Ignored.")
    group.addoption("--tx", dest="tx", action="append", default=[], metavar="xspec", help="Ignored.")
    group.addoption("--px", dest="px", action="append", default=[], metavar="xspec", help="Ignored.")
    group._addoption("-d", dest="distload", action="store_true", default=False, help="As --dist=load.")
    group.addoption("--rsyncdir", dest="rsyncdir", action="append", default=[], help="Ignored.")
    group.addoption("--rsyncignore", dest="rsyncignore", action="append", default=[], help="Ignored.")
    group.addoption("--testrunuid", dest="testrunuid", default=None, help="Value of the fixture testrun_uid.")
    group.addoption("--maxschedchunk", dest="maxschedchunk", type=int, help="Ignored.")
    group.addoption("--ramp", dest="ramp", help="Ignored.")
    for name in ("rsyncdirs", "rsyncignore", "looponfailroots"):
        parser.addini(name, "Ignored.", type="paths")


def _processes(value: str) -> Union[int, str]:
    return value if value in ("auto", "logical") else int(value)


def asked(config: pytest.Config) -> Dict[str, Any]:
    """The `dist` and `numprocesses` that the project or the command line asks for, None where it does not."""
    dist = getattr(config.option, "dist", "no")
    if dist == "no" and getattr(config.option, "distload", False):
        dist = "load"
    return {"dist": None if dist == "no" else dist, "numprocesses": getattr(config.option, "numprocesses", None)}


def neutralise(config: pytest.Config) -> Dict[str, Any]:
    """Keep pytest-xdist from starting, and return what was asked of it."""
    wanted = asked(config)
    for name in ("dsession", "terminaldistreporter"):
        config.pluginmanager.set_blocked(name)
    forget(config)
    return wanted


def pose_early(early_config: pytest.Config) -> None:
    """Show plugins that choose their part before conftests are loaded (pytest-cov) that tests run in workers."""
    options = early_config.known_args_namespace
    if not getattr(options, "usepdb", False) and not getattr(options, "trace", False):
        options.dist = "load"


def pose_as_controller(config: pytest.Config, wanted: Dict[str, Any]) -> None:
    """Show plugins what they see in a controller of pytest-xdist; its own session is blocked."""
    asked_for = wanted["numprocesses"]
    config.option.dist = wanted["dist"] or "load"
    config.option.numprocesses = asked_for if isinstance(asked_for, int) and asked_for else len(os.sched_getaffinity(0))
    config.option.tx = ["popen"] * config.option.numprocesses


def forget(config: pytest.Config) -> None:
    """Show what a worker of pytest-xdist shows: nothing is distributed any further."""
    option = config.option
    option.dist = "no"
    option.distload = False
    option.numprocesses = None
    option.maxprocesses = None
    option.tx = []
    option.px = []
    option.looponfail = False
