"""Starting, stopping and dying: of workers, of the host, of Java."""

from __future__ import annotations

import os
import signal
import time
import threading
from pathlib import Path
from typing import Callable, List

import pytest

from driver import Message, Run
from test_fork import write

SLEEPING = "import time\ndef test_a(): pass\ndef test_sleep(): time.sleep(600)\ndef test_b(): pass\n"
#: A test that ends once the driver has heard what it waits for.
UNTIL_HEARD = "import os, time\ndef test_a():\n    while not os.path.exists('heard'): time.sleep(0.01)\n"
STUCK = "import ctypes, time\ndef test_sleep(): ctypes.PyDLL(None).sleep(600)\n"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], bool], limit: float = 20) -> bool:
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def workers_of(run: Run) -> List[int]:
    return [message["pid"] for message in run.of("worker")]


class Ended(Exception):
    """The test has seen enough of a run."""


def running(project: Path, engine: str, text: str = SLEEPING) -> Run:
    """A run that has been left while a test of it sleeps."""
    write(project, test_a=text)

    def leave(_run: Run, message: Message) -> None:
        if message["type"] == "started":
            raise Ended

    run = Run(project, engine=engine, workers=2, batch=1, hook=leave)
    with pytest.raises(Ended):
        run._talk(time.monotonic() + 60)
    return run


@pytest.mark.parametrize("text", [SLEEPING, STUCK], ids=["asleep", "stuck in C"])
def test_workers_end_when_the_host_is_killed(project: Path, engine: str, text: str) -> None:
    run = running(project, engine, text)
    os.kill(run.process.pid, signal.SIGKILL)
    assert until(lambda: not any(map(alive, workers_of(run))))
    run.close()


def test_all_end_when_java_is_gone(project: Path, engine: str) -> None:
    run = running(project, engine)
    assert run.channel is not None
    run.channel.close()
    assert run.process.wait(20) == 70
    assert until(lambda: not any(map(alive, workers_of(run))))
    run.close()


def test_the_host_ends_when_java_goes_while_it_collects(project: Path) -> None:
    write(project, test_a="import time\ntime.sleep(600)\n")
    run = Run(project)
    assert run.connect(time.monotonic() + 60)
    assert run.channel is not None
    run.channel.close()
    assert run.process.wait(20) == 70
    run.close()


def test_abort_ends_like_an_interrupt(project: Path, engine: str) -> None:
    write(project, test_a=SLEEPING)

    def abort(run: Run, message: Message) -> None:
        if message["type"] == "started":
            run.send(type="abort", reason="enough of it")

    run = Run(project, engine=engine, workers=1, batch=3, hook=abort).complete()
    assert run.status == 2 and "enough of it" in run.printed
    assert run.outcomes == {"test_a.py::test_a": "passed"} and not any(map(alive, workers_of(run)))


def test_an_interrupt_while_the_session_finishes_is_no_internal_error(project: Path) -> None:
    write(project, conftest="def pytest_terminal_summary(): raise KeyboardInterrupt\n", test_a="def test_a(): pass\n")
    run = Run(project).complete()
    assert [bye["exitstatus"] for bye in run.of("bye")] == [2] and list(run.outcomes.values()) == ["passed"]


def test_kill_reaches_the_whole_tree(project: Path, engine: str) -> None:
    write(project, test_a="""
        import os, subprocess, time
        def test_sleep():
            away = subprocess.Popen(["sleep", "600"], start_new_session=True)
            near = subprocess.Popen(["sleep", "600"])
            open("pids", "w").write(f"{away.pid} {near.pid}")
            time.sleep(600)
    """)

    def kill(run: Run, message: Message) -> None:
        if message["type"] == "started":
            run.send(type="kill", worker=message["worker"], item=message["item"], signal=9)

    run = Run(project, engine=engine, workers=1, hook=kill).complete()
    gone = [message for message in run.of("gone") if not message["expected"]]
    assert gone[0]["signal"] == signal.SIGKILL and run.outcomes == {"test_a.py::test_sleep": "crashed"}
    assert until(lambda: not any(alive(int(pid)) for pid in (project / "pids").read_text().split()))


def test_dump_shows_where_a_test_hangs(project: Path, engine: str) -> None:
    write(project, test_a=SLEEPING)

    def dump(run: Run, message: Message) -> None:
        if message["type"] == "started":
            run.send(type="dump", worker=message["worker"], item=None, text="")
            # A signal that kills is not to overtake the one that dumps: Java waits between them too.
            kill = {"type": "kill", "worker": message["worker"], "item": message["item"], "signal": 9}
            threading.Timer(2, run.send, kwargs=kill).start()

    run = Run(project, engine=engine, workers=1, batch=3, hook=dump).complete()
    gone = [message for message in run.of("gone") if not message["expected"]]
    assert 'in test_sleep' in gone[0]["stack"]


def test_a_test_that_ends_when_its_time_is_over_has_failed_and_the_next_one_does_not_suffer(project: Path, engine: str) -> None:
    write(project, test_a="""
        import ctypes, pathlib, time
        def test_long():
            ctypes.CDLL(None).sleep(60)  # the signal for the stack ends it
        def test_next():
            pathlib.Path("next").touch()
            while not pathlib.Path("heard").exists(): time.sleep(0.01)
            time.sleep(1)
    """)

    def end(run: Run, message: Message) -> None:
        if message["type"] == "started" and message["item"] == 0:
            run.send(type="dump", worker=message["worker"], item=0, text="longer than its limit")
        if message["type"] == "started" and message["item"] == 1:
            run.send(type="dump", worker=message["worker"], item=0, text="longer than its limit")
            run.send(type="kill", worker=message["worker"], item=0, signal=15)
            (project / "heard").touch()

    run = Run(project, engine=engine, workers=1, batch=2, hook=end).complete()
    assert run.outcomes == {"test_a.py::test_long": "failed", "test_a.py::test_next": "passed"}
    done = next(message for message in run.of("done") if message["item"] == 0)
    assert "longer than its limit" in done["text"] and "in test_long" in done["text"]
    assert run.status == 1


def test_drop_gives_back_what_has_not_started(project: Path) -> None:
    write(project, test_a=UNTIL_HEARD + "def test_b(): pass\ndef test_c(): pass\n")

    def drop(run: Run, message: Message) -> None:
        if message["type"] == "started":
            run.send(type="drop", worker=message["worker"])
        if message["type"] == "dropped":
            (project / "heard").touch()

    run = Run(project, workers=1, batch=3, hook=drop).complete()
    assert run.of("dropped")[0]["items"] == [1, 2]
    assert set(run.outcomes.values()) == {"passed"} and len(run.outcomes) == 3


def test_a_worker_that_does_not_end_its_process_is_ended(project: Path, engine: str) -> None:
    write(project, test_a="import atexit, time\ndef test_a(): atexit.register(time.sleep, 600)\n")
    run = Run(project, engine=engine, workers=1).complete()
    assert run.status == 0 and run.outcomes == {"test_a.py::test_a": "passed"}
    assert [gone["expected"] for gone in run.of("gone")] == [True]
    assert "gw0 had not ended 10 s after" in run.of("note")[0]["text"]


def test_finish_lets_running_tests_end(project: Path) -> None:
    write(project, test_a=UNTIL_HEARD + "def test_b(): pass\n")

    def finish(run: Run, message: Message) -> None:
        if message["type"] == "started":
            run.finishing = run.stopped = True
            run.send(type="finish")
        if message["type"] == "dropped":
            (project / "heard").touch()

    run = Run(project, workers=1, batch=2, hook=finish).complete()
    assert run.outcomes == {"test_a.py::test_a": "passed"} and run.status == 0


def test_a_fresh_process_for_each_batch(project: Path, engine: str) -> None:
    write(project, test_a="""
        import os, pytest
        seen = []
        @pytest.fixture(scope="session")
        def whole():
            yield
            open("ended", "a").write(f"{os.getpid()}\\n")
        @pytest.mark.parametrize("x", range(6))
        def test_x(x, whole):
            seen.append(x)
            assert len(seen) <= 2
    """)
    run = Run(project, engine=engine, workers=1, batch=2, fresh=True).complete()
    assert set(run.outcomes.values()) == {"passed"} and len(run.outcomes) == 6
    assert len(set((project / "ended").read_text().split())) == 3
    assert [message["source"] for message in run.of("done")] == ["hwm-fresh", "hwm-reused"] * 3
    assert [gone["expected"] for gone in run.of("gone")] == [True] * 3


def test_a_fresh_process_shows_what_a_reused_one_hides(project: Path, engine: str) -> None:
    write(project, test_a="""
        import pytest
        @pytest.mark.parametrize("x", range(3))
        def test_x(x): [bytes(1000) for _ in range(16 << 10)]
    """)
    reused, fresh = (Run(project, engine=engine, workers=1, batch=1, fresh=fresh).complete() for fresh in (False, True))
    assert all(done["peak"] > 15 << 20 and done["source"] == "hwm-fresh" for done in fresh.of("done"))
    assert [done["source"] for done in reused.of("done")] == ["hwm-fresh", "hwm-reused", "hwm-reused"]
    assert len(fresh.of("worker")) == 3 and all(worker["took"] > 0 for worker in fresh.of("worker"))


def test_a_fresh_worker_that_dies_is_gone(project: Path) -> None:
    write(project, test_a="import os\ndef test_a(): os._exit(1)\ndef test_b(): pass\ndef test_c(): pass\n")
    run = Run(project, workers=1, batch=1, fresh=True).complete()
    assert run.outcomes == {"test_a.py::test_a": "crashed", "test_a.py::test_b": "passed", "test_a.py::test_c": "passed"}


def test_threads_after_collection_lead_to_spawn(project: Path) -> None:
    write(project, test_a="""
        import threading
        threading.Thread(target=threading.Event().wait, name="lurking", daemon=True).start()
        def test_a(): pass
    """)
    run = Run(project).complete()
    collected = run.of("collected")[0]
    assert collected["engine"] == "spawn" and "lurking" in collected["why"]
    assert run.outcomes == {"test_a.py::test_a": "passed"}


def test_other_collections_in_spawned_workers_are_explained(project: Path) -> None:
    write(project, test_a="""
        import os, pytest
        @pytest.mark.parametrize("x", [os.environ.get("PYTEST_XDIST_WORKER", "host")])
        def test_a(x): pass
    """)
    told: List[str] = []

    def finish(run: Run, message: Message) -> None:
        if message["type"] == "unit_error":
            told.append(message["text"])

    run = Run(project, engine="spawn", workers=2, hook=finish).complete()
    assert "missing: test_a.py::test_a[gw0]" in told[0] and "extra: test_a.py::test_a[gw1]" in told[0]
    assert run.outcomes == {"test_a.py::test_a[gw0]": "passed"}


def test_a_spawned_worker_that_cannot_start_says_why(project: Path) -> None:
    write(project, test_a="def test_a(): pass\n",
          conftest="import os\nif 'PYTEST_XDIST_WORKER' in os.environ: raise ImportError('not in a worker')\n")
    run = Run(project, engine="spawn", workers=1).complete()
    assert "gw0 ended while it collected" in run.printed and "not in a worker" in run.printed and run.status == 4


def test_workers_are_the_kernels_first_choice(project: Path, engine: str) -> None:
    write(project, test_a="def test_a(): assert int(open('/proc/self/oom_score_adj').read()) >= 500\n")
    assert Run(project, engine=engine, workers=1).complete().outcomes == {"test_a.py::test_a": "passed"}


def test_the_wait_for_a_processor_is_measured(project: Path, engine: str) -> None:
    write(project, test_a="""
        import os, subprocess, sys, time
        def test_busy():
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # the child's, too
            child = subprocess.Popen([sys.executable, "-c", "print(flush=True)\\nwhile True: pass"], stdout=-1)
            child.stdout.readline()
            begin = time.thread_time()
            while time.thread_time() < begin + 0.2:
                pass
            child.kill()
            child.communicate()
    """)
    done, = Run(project, engine=engine, workers=1).complete().of("done")
    assert done["outcome"] == "passed", done["text"]
    assert 0 < done["waited"] <= done["duration"]
    assert done["cpu"] >= 200_000  # the child's, which was waited for, comes on top


def test_a_test_that_sleeps_has_hardly_any_processor_time(project: Path, engine: str) -> None:
    write(project, test_a="import time\ndef test_sleep(): time.sleep(0.5)\n")
    done, = Run(project, engine=engine, workers=1).complete().of("done")
    assert 0 < done["cpu"] < 250_000 < done["duration"] - done["waited"]
