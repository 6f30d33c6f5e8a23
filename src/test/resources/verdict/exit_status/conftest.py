# The hook decides the exit code, as plugins for custom exit codes do.
import os


def pytest_sessionfinish(session, exitstatus):
    if hasattr(session.config, "workerinput"):
        return
    wanted = os.environ.get("WANTED_STATUS")
    if wanted is not None:
        session.exitstatus = int(wanted)
