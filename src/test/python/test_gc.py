"""What a project sees of garbage collection is what it sees in a plain session."""

from __future__ import annotations

from pathlib import Path

from driver import Run
from test_fork import write

LOOKS = """
    import gc, inspect, pickle
    from gc import collect, get_referrers

    class Kept: pass

    KEPT = Kept()
    HOLDER = [KEPT]

    def test_functions_are_the_same_wherever_they_are_taken_from():
        assert collect is gc.collect and get_referrers is gc.get_referrers
        for function in (gc.collect, gc.get_objects, gc.get_referrers, gc.get_freeze_count, gc.freeze, gc.unfreeze):
            assert function.__module__ == "gc" and function.__qualname__ == function.__name__ and function.__doc__
            assert pickle.loads(pickle.dumps(function)) is function
        assert list(inspect.signature(gc.collect).parameters) == ["generation"]

    def test_nobody_else_refers_to_an_object():
        assert [one for one in get_referrers(KEPT) if one is not globals() and one is not HOLDER] == []

    class Raised(Exception): pass

    def test_a_coroutine_does_not_refer_to_its_variables_while_it_runs():
        # Found in trio's own tests; the built-in function is the measure.
        async def look(looks):
            one = Raised()
            return [type(referrer) for referrer in looks(one)]

        def answer(looks):
            try:
                look(looks).send(None)
            except StopIteration as stop:
                return stop.value

        from plimsoll_pytest.gc_freeze import get_referrers as built_in
        assert answer(get_referrers) == answer(built_in)

    def test_a_class_that_keeps_a_function_calls_it_without_itself():
        class Keeps:
            count = gc.get_freeze_count
        import sys
        if sys.version_info < (3, 14):
            assert Keeps().count() == 0

    def test_referents_need_no_look():
        assert KEPT in gc.get_referents(HOLDER)

    def test_own_freeze_counts():
        assert gc.get_freeze_count() == 0
        gc.freeze()
        assert gc.get_freeze_count() > 0
        gc.unfreeze()
        assert gc.get_freeze_count() == 0
"""

NEVER_LOOKS = """
    import gc
    from plimsoll_pytest.gc_freeze import FREEZE

    def test_stays_frozen():
        gc.disable()
        gc.enable()
        assert gc.get_threshold() and gc.get_count() and gc.isenabled()
        gc.collect(0)
        assert FREEZE.active

    def test_own_look_ends_it():
        gc.get_objects()
        assert not FREEZE.active
"""


def test_functions_look_as_before(project: Path, engine: str) -> None:
    write(project, test_looks=LOOKS)
    run = Run(project, engine=engine, workers=1).complete()
    assert set(run.outcomes.values()) == {"passed"}, [message["text"] for message in run.of("done")]


def test_objects_are_frozen_until_somebody_looks(project: Path, engine: str) -> None:
    write(project, test_never=NEVER_LOOKS)
    run = Run(project, engine=engine, workers=1).complete()
    assert set(run.outcomes.values()) == {"passed"}, [message["text"] for message in run.of("done")]


def test_a_project_that_freezes_by_itself_is_left_alone(project: Path, engine: str) -> None:
    write(project, conftest="import gc\ngc.freeze()\nFROZEN = gc.get_freeze_count()\n",
          test_own="import gc\nfrom conftest import FROZEN\n\ndef test_own(): assert 0 < gc.get_freeze_count() <= FROZEN\n")
    run = Run(project, engine=engine, workers=1).complete()
    assert run.outcomes == {"test_own.py::test_own": "passed"}, [message["text"] for message in run.of("done")]


def test_files_of_the_host_are_not_written_twice_by_a_worker_that_looks(project: Path) -> None:
    write(project, conftest="""
        import gc
        log = open("log", "w")

        def pytest_xdist_setupnodes(config):
            config.late = open("late", "w")
            config.late.write("late line\\n")

        def pytest_configure(config):
            log.write("first line\\n")
    """, test_looks="import gc\n\ndef test_looks(): assert gc.get_objects()\n")
    run = Run(project, engine="fork", workers=1).complete()
    assert run.outcomes == {"test_looks.py::test_looks": "passed"}
    assert (project / "log").read_text() == "first line\n" and (project / "late").read_text() == "late line\n"
