"""What test suites do, as users of pytest and its plugins have reported it: one file for each kind."""

from __future__ import annotations

from typing import Dict

SITUATIONS: Dict[str, str] = {
    "names_of_parameters": """
        import pytest
        @pytest.mark.parametrize("x", ["", " ", "a::b", "[x]", "a/b", "\\u00e9", "\\n", "x" * 300, "a", "b-c"], ids=str)
        def test_id(x): pass
        @pytest.mark.parametrize("x, y", [(1, 2), (1, 2)], ids=["same", "same"])
        def test_same(x, y): pass
        @pytest.mark.parametrize("x", [])
        def test_empty_set(x): pass
    """,
    "names_of_tests": """
        def test_\u00fcber(): pass
        class TestOuter:
            class TestInner:
                @staticmethod
                def test_static(): pass
                @classmethod
                def test_class(cls): pass
        class TestNot:
            __test__ = False
            def test_not(self): assert 0
    """,
    "unittest_outcomes": """
        import unittest
        class Case(unittest.TestCase):
            @unittest.expectedFailure
            def test_expected(self): self.fail("known")
            @unittest.expectedFailure
            def test_unexpected(self): pass
            @unittest.skip("not now")
            def test_skip(self): pass
            def test_skips_itself(self): self.skipTest("here")
            def test_sub(self):
                with self.subTest(n=1): pass
            def test_clean(self): self.addCleanup(self.fail, "in cleanup")
    """,
    "unittest_class_skips": """
        import unittest
        class Skipped(unittest.TestCase):
            @classmethod
            def setUpClass(cls): raise unittest.SkipTest("whole class")
            def test_a(self): pass
            def test_b(self): pass
    """,
    "unittest_class_breaks": """
        import unittest
        class Broken(unittest.TestCase):
            @classmethod
            def setUpClass(cls): raise OSError("class")
            def test_a(self): pass
            def test_b(self): pass
    """,
    "unittest_class_breaks_late": """
        import unittest
        class Late(unittest.TestCase):
            @classmethod
            def tearDownClass(cls): raise OSError("late")
            def test_a(self): pass
            def test_b(self): pass
    """,
    "module_setup_breaks": """
        def setup_module(): raise ValueError("module")
        def test_a(): pass
        def test_b(): pass
    """,
    "module_teardown_breaks": """
        def teardown_module(): raise ValueError("module")
        def test_a(): pass
        def test_b(): pass
    """,
    "module_skips_itself": """
        import pytest
        pytest.skip("whole module", allow_module_level=True)
    """,
    "module_needs_what_is_missing": """
        import pytest
        pytest.importorskip("no_such_module_here")
    """,
    "wide_fixture_breaks": """
        import pytest
        @pytest.fixture(scope="session")
        def broken(): raise RuntimeError("session")
        def test_a(broken): pass
        def test_b(broken): pass
    """,
    "finalizers_break": """
        import pytest
        @pytest.fixture
        def two(request):
            request.addfinalizer(lambda: 1 / 0)
            request.addfinalizer(lambda: [][0])
        def test_a(two): pass
        def test_after(): pass
    """,
    "skip_in_teardown": """
        import pytest
        @pytest.fixture
        def late():
            yield
            pytest.skip("late")
        def test_a(late): pass
    """,
    "kinds_of_xfail": """
        import pytest
        @pytest.mark.xfail(strict=True)
        def test_strict(): pass
        @pytest.mark.xfail(raises=KeyError)
        def test_other(): raise ValueError("other")
        @pytest.mark.xfail(raises=KeyError)
        def test_this(): raise KeyError("this")
        @pytest.mark.xfail(run=False, reason="crashes")
        def test_never(): raise SystemExit(3)
        @pytest.mark.xfail("1 == 1", reason="text")
        def test_condition(): assert 0
        def test_imperative(): pytest.xfail("now")
        def test_plain(): pytest.fail("no trace", pytrace=False)
    """,
    "exits": """
        import sys
        def test_exit(): sys.exit(3)
        def test_exit_text(): sys.exit("text")
        def test_system_exit(): raise SystemExit
        def test_generator_exit(): raise GeneratorExit
        def test_base():
            class Own(BaseException): pass
            raise Own("base")
    """,
    "exceptions_that_cannot_be_shown": """
        class NoStr(Exception):
            def __str__(self): raise ValueError("in str")
        class NoRepr:
            def __repr__(self): raise ValueError("in repr")
        class Lambda(Exception):
            def __init__(self): self.f = lambda: 0; super().__init__("unpicklable")
        def test_str(): raise NoStr()
        def test_repr(): assert NoRepr() == 3
        def test_pickle(): raise Lambda()
    """,
    "chained_exceptions": """
        def test_cause():
            try: 1 / 0
            except ZeroDivisionError as problem: raise KeyError("k") from problem
        def test_circle():
            one, other = ValueError("one"), ValueError("other")
            one.__cause__, other.__cause__ = other, one
            raise one
    """,
    "deep_recursion": """
        import sys
        def test_deep():
            def go(): go()
            go()
        def test_low_limit():
            before = sys.getrecursionlimit()
            sys.setrecursionlimit(900)
            sys.setrecursionlimit(before)
    """,
    "odd_text": """
        import pytest
        @pytest.mark.parametrize("text", ["\\udc80", "\\0", "\\x1b[31mred", "\\U0001f600", "\\ufffe", "]]>"], ids=range(6))
        def test_text(text):
            print(text.encode("utf-8", "replace").decode())
            assert text == 1, text
    """,
    "large_differences": """
        def test_long(): assert "a" * 20_000 == "a" * 19_999 + "b"
        def test_dict(): assert {n: n for n in range(500)} == {n: n + (n == 250) for n in range(500)}
    """,
    "output_replaced": """
        import os, sys
        def test_closes_a_copy(): os.close(os.dup(1))
        def test_replaces(monkeypatch):
            import io
            monkeypatch.setattr(sys, "stdout", io.StringIO())
            print("kept")
            assert sys.stdout.getvalue() == "kept\\n"
        def test_after(): print("x")
    """,
    "captures": """
        import logging, os, sys, warnings
        def test_capsys(capsys): print("a"); assert capsys.readouterr().out == "a\\n"
        def test_capfd(capfd): os.write(1, b"b"); assert capfd.readouterr().out == "b"
        def test_capsysbinary(capsysbinary): print("c"); assert capsysbinary.readouterr().out == b"c\\n"
        def test_caplog(caplog): logging.warning("d"); assert caplog.messages == ["d"]
        def test_recwarn(recwarn): warnings.warn("e"); assert len(recwarn) == 1
        def test_disabled(capsys):
            with capsys.disabled(): pass
    """,
    "warnings_as_errors": """
        import warnings, pytest
        @pytest.mark.filterwarnings("error")
        def test_error(): warnings.warn("now an error")
        @pytest.mark.filterwarnings("ignore")
        def test_ignored(): warnings.warn("nothing")
        def test_reset(): warnings.resetwarnings(); warnings.warn("seen")
        def test_warns():
            with pytest.warns(UserWarning, match="text"): warnings.warn("text")
        def test_does_not():
            with pytest.warns(UserWarning): pass
    """,
    "logging_shut_down": """
        import logging
        def test_shutdown(): logging.shutdown()
        def test_disable(): logging.disable(logging.CRITICAL); logging.warning("x"); logging.disable(logging.NOTSET)
        def test_own_class():
            before = logging.getLoggerClass()
            logging.setLoggerClass(type("Own", (logging.Logger,), {}))
            logging.setLoggerClass(before)
    """,
    "environment_emptied": """
        import os
        BEFORE = dict(os.environ)
        def test_clears(): os.environ.clear(); os.environ["PYTEST_CURRENT_TEST"] = "x"
        def test_after(): assert "PATH" not in os.environ
        def test_restores(): os.environ.update(BEFORE)
    """,
    "folder_gone": """
        import os, shutil
        HERE = os.getcwd()
        def test_removes(tmp_path): os.chdir(tmp_path); shutil.rmtree(tmp_path)
        def test_returns(): os.chdir(HERE)
    """,
    "limits_lowered": """
        import resource, signal, os
        def test_files():
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        def test_umask(): os.umask(os.umask(0o777))
        def test_alarm():
            signal.signal(signal.SIGALRM, lambda *a: None)
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            signal.pause()
        def test_usr1():
            seen = []
            signal.signal(signal.SIGUSR1, lambda *a: seen.append(1))
            os.kill(os.getpid(), signal.SIGUSR1)
            assert seen
    """,
    "tracing": """
        import sys, threading
        def test_trace(): sys.settrace(None); sys.setprofile(lambda *a: None); sys.setprofile(None)
        def test_thread_trace(): threading.settrace(lambda *a: None); threading.settrace(None)
        def test_excepthook(): sys.excepthook = sys.__excepthook__
        def test_interval(): sys.setswitchinterval(0.001); sys.setswitchinterval(0.005)
    """,
    "children": """
        import os, subprocess, sys, multiprocessing
        from concurrent.futures import ProcessPoolExecutor
        def test_fork():
            pid = os.fork()
            if pid == 0: os._exit(7)
            assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == 7
        def test_subprocess(): assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True).stdout == b"1\\n"
        def test_pool():
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                assert pool.submit(abs, -3).result() == 3
        def test_session(): subprocess.run(["true"], start_new_session=True, check=True)
    """,
    "threads_that_fail": """
        import threading, pytest
        @pytest.mark.filterwarnings("ignore")
        def test_thread():
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
        def test_local(): threading.local().x = 1
        def test_timer(): timer = threading.Timer(60, print); timer.daemon = True; timer.start(); timer.cancel()
    """,
    "objects_that_fail_when_they_go": """
        import pytest
        class Fails:
            def __del__(self): raise ValueError("in del")
        @pytest.mark.filterwarnings("ignore")
        def test_del(): Fails()
        @pytest.mark.filterwarnings("error")
        def test_del_is_an_error(): Fails()
    """,
    "async_without_plugin": """
        async def test_coroutine(): assert 0
    """,
    "event_loops": """
        import asyncio
        async def work(): await asyncio.sleep(0); return 3
        def test_run(): assert asyncio.run(work()) == 3
        def test_loop():
            loop = asyncio.new_event_loop()
            assert loop.run_until_complete(work()) == 3
            loop.close()
    """,
    "modules_replaced": """
        import sys, types
        def test_removes():
            import json
            del sys.modules["json"]
            import json as again
            assert again is not json
            sys.modules["json"] = json
        def test_none(monkeypatch):
            import pytest
            monkeypatch.setitem(sys.modules, "decimal", None)
            with pytest.raises(ImportError): import decimal
        def test_path(monkeypatch): monkeypatch.setattr(sys, "path", [])
    """,
    "properties": """
        def test_property(record_property): record_property("key", object)
        def test_attribute(record_xml_attribute): record_xml_attribute("extra", "1")
        def test_suite(record_testsuite_property): record_testsuite_property("suite", 2)
        def test_two(record_property): record_property("a", 1); record_property("a", [1, {2: (3,)}]); assert 0
    """,
    "fixtures_of_all_kinds": """
        import pytest
        @pytest.fixture(params=[1, 2], scope="module")
        def wide(request): return request.param
        @pytest.fixture
        def narrow(request): return request.getfixturevalue("wide") * 10
        @pytest.mark.parametrize("narrow", [7], indirect=True)
        def test_indirect(narrow, wide): assert narrow == wide * 10
        def test_one(wide): assert wide in (1, 2)
        def test_unknown(no_such_fixture): pass
        class TestScope:
            @pytest.fixture(autouse=True, scope="class")
            @classmethod
            def own(cls): yield
            def test_own(self): pass
    """,
    "generator_and_return": """
        import pytest
        @pytest.mark.filterwarnings("ignore")
        def test_returns(): return 3
        def test_lambda(): (lambda: None)()
        test_callable = lambda: None
    """,
    "temporary_folders": """
        import pathlib, tempfile
        def test_path(tmp_path): (tmp_path / "x").write_text("x")
        def test_factory(tmp_path_factory): assert tmp_path_factory.mktemp("n") != tmp_path_factory.mktemp("n")
        def test_named():
            with tempfile.NamedTemporaryFile() as file: assert pathlib.Path(file.name).exists()
        def test_long_name(tmp_path, request): assert tmp_path.is_dir()
    """,
    "time_and_locale": """
        import locale, os, time
        def test_zone(monkeypatch):
            monkeypatch.setenv("TZ", "Asia/Tokyo")
            time.tzset()
        def test_back(): time.tzset()
        def test_locale(): locale.setlocale(locale.LC_ALL, "C")
    """,
    "plugins_of_a_test": """
        import pytest
        class Plugin:
            def pytest_runtest_logreport(self, report): report.user_properties.append(("seen", 1))
        def test_registers(request): request.config.pluginmanager.register(Plugin(), "own")
        def test_unregisters(request): request.config.pluginmanager.unregister(name="own")
        def test_option(request): assert request.config.getoption("verbose") is not None
        def test_cache(request): assert request.config.rootpath.is_dir()
    """,
    "assertions_in_helpers": """
        import pytest
        def helper(x): __tracebackhide__ = True; assert x == 2, f"helper says {x}"
        def test_hidden(): helper(1)
        def test_raises():
            with pytest.raises(ValueError, match="no"): raise ValueError("yes")
        def test_approx(): assert 0.1 + 0.2 == pytest.approx(0.4)
    """,
}
