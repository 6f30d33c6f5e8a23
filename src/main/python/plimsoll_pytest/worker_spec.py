"""What every worker is given when it starts."""

from __future__ import annotations

import dataclasses
from _socket import socket
from typing import Any, Dict

from plimsoll_pytest.status_page import StatusPage


@dataclasses.dataclass(frozen=True)
class WorkerSpec:
    """A worker's name, the number of workers, the id of the run, what `config.workerinput` will be, its slot of the
    page, its end of the wire, the file for its stacks, and the folder under which it may have temporary files of its own (empty for none)."""

    name: str
    count: int
    testrun: str
    input: Dict[str, Any]
    slot: int
    page: StatusPage
    theirs: socket
    stacks: int
    base: str
