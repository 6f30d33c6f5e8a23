"""The outcomes of a serial pytest, for checks that compare other runs with it."""

from __future__ import annotations

from typing import Dict

# For a conftest.py that imports json and os: writes the outcome of each test to the file that SERIAL names.
RECORDER = '''
OUTCOMES = {}

def pytest_runtest_logreport(report):
    wrong = report.when != "call" and report.failed
    if wrong or report.when == "call" or report.skipped:
        xfail = hasattr(report, "wasxfail")
        OUTCOMES[report.nodeid] = "error" if wrong else "xfailed" if xfail and report.skipped else (
            "xpassed" if xfail else report.outcome)

def pytest_sessionfinish():
    if "SERIAL" in os.environ:
        with open(os.environ["SERIAL"], "w") as file:
            json.dump(OUTCOMES, file)
'''


def differences(one: Dict[str, str], other: Dict[str, str]) -> str:
    return "\n".join(f"{test}: {one.get(test)} and {other.get(test)}"
                     for test in sorted(one.keys() | other.keys()) if one.get(test) != other.get(test))
