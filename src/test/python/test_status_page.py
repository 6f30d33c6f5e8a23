"""The page that workers share with the host: what one writes, another never sees half."""

from __future__ import annotations

import os
from typing import Callable, Set

from plimsoll_pytest.status_page import StatusPage, Running

ROUNDS = 200_000


def read_while(write: Callable[[], object], read: Callable[[], object]) -> Set[object]:
    """Read while another process writes; returns all that was seen."""
    write()
    pid = os.fork()
    if pid == 0:
        for _ in range(ROUNDS):
            write()
        os._exit(0)
    seen: Set[object] = set()
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        seen.update(read() for _ in range(1000))
    return seen


def test_a_claim_is_never_read_while_it_is_half_written() -> None:
    page = StatusPage()

    def claim() -> None:
        page.claim(0, 255)
        page.claim(0, 256)

    page.UNSEEN = 0  # type: ignore[misc]
    assert read_while(claim, lambda: page.recall(0, 1)) <= {255, 256}


def test_the_running_test_is_another_or_none_but_never_a_third() -> None:
    page = StatusPage()
    page.vacate(0)

    def run() -> None:
        page.begin(0, 255)
        page.clear(0)

    def item() -> object:
        running = page.running(0)
        return running and running.item

    assert read_while(run, item) <= {None, 255}


def test_what_a_worker_notes_is_what_the_host_reads() -> None:
    page = StatusPage()
    first, last = 0, 1023
    for slot in (first, last):
        page.vacate(slot)
        assert page.running(slot) is None
        assert page.recall(slot, 7) == -1
        assert page.claim(slot, 5) == 7
        since = page.begin(slot, 5)
        assert page.running(slot) == Running(5, None, since, since)
        page.phase(slot, 2)
        running = page.running(slot)
        assert running and running.phase == "call" and running.phase_since >= since
        assert page.recall(slot, 8) == 5
    page.clear(first)
    assert page.running(first) is None and page.running(last) is not None
