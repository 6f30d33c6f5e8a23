"""Coverage that pytest-cov measures in a forked worker.

The fork is a copy of a controller that measures, so the worker measures from its first instruction; all it has to do is
to save its data next to the controller's, which combines what it finds, and to say so as a worker of pytest-xdist does.
"""

from __future__ import annotations

from typing import Any

import pytest


def take_up(config: pytest.Config) -> None:
    """Go on with the measurement that the fork inherited: a worker's, who may switch contexts, not a controller's."""
    controller: Any = getattr(config.pluginmanager.get_plugin("_cov"), "cov_controller", None)
    if hasattr(controller, "started"):
        controller.started = True


def require_nothing(config: pytest.Config) -> None:
    """Let a shard pass whatever it covers: `plimsoll merge` has the coverage of all, and the limit is for that."""
    options: Any = getattr(config.pluginmanager.get_plugin("_cov"), "options", None)
    if hasattr(options, "cov_fail_under"):
        options.cov_fail_under = 0


def save(config: pytest.Config) -> None:
    """Save this worker's data, when pytest-cov is at work."""
    plugin: Any = config.pluginmanager.get_plugin("_cov")
    controller: Any = getattr(plugin, "cov_controller", None)
    if getattr(plugin, "_disabled", False) or getattr(controller, "cov", None) is None:
        return
    controller.cov.stop()
    controller.cov.save()
    worker: Any = config
    worker.workeroutput["cov_worker_node_id"] = worker.workerinput["workerid"]
