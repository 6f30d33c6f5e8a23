"""Right or wrong: what a run of a suite must have come to, whatever the kernel did."""

from __future__ import annotations

from cage import Kill
from runners import Outcome
from suites import Suite, Test

HUNG, DIED, LOST, WRONG, FINE = "hung", "died", "lost tests", "wrong outcomes", "fine"


#: How a verdict says that memory was the reason: the kernel's kill, and the three limits at which Plimsoll kills.
MEMORY = ("out of memory", "its memory budget", "its memory limit of", "of memory left, less than the reserve", "of memory left, and other runs")


def blames_memory(text: str) -> bool:
    return any(words in text for words in MEMORY)


def preemptions(outcome: Outcome) -> int:
    """Kills by Plimsoll after which the test ran again."""
    return sum(line.startswith("killed: ") and "; it runs again" in line for line in outcome.said.splitlines())


def right(test: Test, outcome: str, text: str) -> bool:
    """What fits passes; what never fits is red with memory as its reason."""
    if test.kind == "oversize":
        return outcome in ("crashed", "failed") and blames_memory(text)
    return outcome == "passed"


def faults(suite: Suite, outcome: Outcome, kills: list[Kill]) -> list[str]:
    """All that is wrong with a run of Plimsoll; empty when nothing is."""
    wrong = []
    if outcome.status is None:
        return [f"it hung: no end after {outcome.seconds:.0f} s"]
    expected = 1 if any(test.kind == "oversize" for test in suite.tests) else 0
    if outcome.status != expected:
        wrong.append(f"exit status {outcome.status} instead of {expected}: {outcome.said[-2000:]}")
    for test in suite.tests:
        got, text = outcome.tests.get(test.id, ("no outcome", ""))
        if not right(test, got, text):
            wrong.append(f"{test.id} ({test.mb} MB, {test.speed} GB/s): {got}: {text[:1500]}")
    extra = outcome.tests.keys() - {test.id for test in suite.tests}
    wrong += [f"{test} is not of this suite" for test in extra]
    wrong += [f"the kernel killed {k.task} in {k.of}" for k in kills if not k.is_contained_worker()]
    wrong += [f"still alive after 2 s: {process}" for process in outcome.left]
    wrong += [f"control group left: {group}" for group in outcome.groups]
    return wrong


def fate(suite: Suite, outcome: Outcome) -> str:
    """What became of a run of pytest-xdist, in one of five ways. Here any red will do for what does not fit."""
    if outcome.status is None:
        return HUNG
    if outcome.status not in (0, 1) or not outcome.tests:
        return DIED
    if any(test.id not in outcome.tests for test in suite.tests):
        return LOST
    wrong = [t for t in suite.tests if (outcome.tests[t.id][0] == "passed") != (t.kind != "oversize")]
    return WRONG if wrong else FINE
