"""`pytest --plimsoll`, through the real program: it is the same pytest, run by Plimsoll, or it stays what it is and says why."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple
from xml.etree import ElementTree

import pytest

HOME = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(HOME / "src" / "main" / "pip"))

from pytest_plimsoll import command  # noqa: E402

SUITE = """
import os, warnings
import pytest

@pytest.mark.parametrize("number", range(6))
def test_number(number):
    print("looked at", number)
    assert number not in (2, 4)

@pytest.fixture
def broken():
    raise RuntimeError("broken")

def test_error(broken):
    pass

@pytest.mark.skip(reason="not now")
def test_skipped():
    pass

@pytest.mark.xfail
def test_expected():
    assert False
"""
WHERE = """
import os
import re
def test_where():
    assert os.environ.get("PYTEST_XDIST_WORKER", "one process") == "nowhere"
"""


def environment(**more: str) -> Dict[str, str]:
    """That of a user: this test is none of a run that pytest or Plimsoll started."""
    ours = {name: value for name, value in os.environ.items()
            if name not in ("PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS") and "PLIMSOLL" not in name}
    return {**ours, "PYTHONPATH": str(HOME / "src" / "main" / "pip"), "PYTEST_PLUGINS": "pytest_plimsoll.plugin",
            "_PLIMSOLL_PROGRAM": str(HOME / "plimsoll"), **more}


def run(folder: Path, *line: str, **more: str) -> Tuple[int, str, str]:
    done = subprocess.run([sys.executable, *line], cwd=folder, env=environment(**more), capture_output=True, text=True,
                          timeout=120)
    return done.returncode, done.stdout, done.stderr


def from_failures(text: str) -> List[str]:
    """What pytest prints from its failures on, without the time of its last line."""
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if " ERRORS " in line or " FAILURES " in line)
    return [*lines[first:-1], lines[-1].rsplit(" in ", 1)[0].strip("= ")]


def outcomes(report: Path) -> Dict[str, Any]:
    return {f"{case.get('classname')}::{case.get('name')}": [(part.tag, part.get("message")) for part in case]
            for case in ElementTree.parse(report).iter("testcase")}


@pytest.fixture
def script(tmp_path: Path) -> str:
    """The script that pip installs as `pytest`."""
    path = tmp_path / "bin" / "pytest"
    path.parent.mkdir()
    path.write_text("import sys\nfrom pytest import console_main\nsys.exit(console_main())\n")
    return str(path)


@pytest.mark.parametrize("how", ["module", "script", "addopts", "variable"])
def test_failures_summary_report_and_exit_code_are_pytests(project: Path, script: str, how: str) -> None:
    (project / "test_suite.py").write_text(SUITE)
    start = [script] if how == "script" else ["-m", "pytest"]
    plain = run(project, *start, "--junitxml=report.xml", "-rA")
    (project / "report.xml").rename(project / "plain.xml")
    if how == "addopts":
        (project / "pytest.ini").write_text("[pytest]\naddopts = --plimsoll\n")
    more = {"PLIMSOLL": "1"} if how == "variable" else {}
    option = ["--plimsoll"] if how in ("module", "script") else []
    status, out, err = run(project, *start, *option, "--junitxml=report.xml", "-rA", **more)
    assert (status, plain[0]) == (1, 1)
    assert from_failures(out) == from_failures(plain[1])
    assert outcomes(project / "report.xml") == outcomes(project / "plain.xml")
    assert ", budget " in err


@pytest.mark.parametrize(("suite", "arguments", "code"), [
    ("def test_a(): pass", [], 0),
    ("def test_a(): assert False", [], 1),
    ("import nothing_of_this_name", [], 2),
    ("import pytest\ndef test_a(): pytest.exit('enough', 7)", [], 7),
    ("def test_a(): pass", ["--no-such-option"], 4),
    ("def test_a(): pass", ["no_such_file.py"], 4),
    ("def test_a(): pass", ["-k", "nothing"], 5),
])
def test_exit_codes(project: Path, suite: str, arguments: List[str], code: int) -> None:
    (project / "test_suite.py").write_text(suite)
    assert run(project, "-m", "pytest", *arguments)[0] == code
    status, out, err = run(project, "-m", "pytest", "--plimsoll", *arguments)
    assert status == code, out + err


def test_an_internal_error_is_exit_code_3(project: Path) -> None:
    (project / "conftest.py").write_text("def pytest_collection_finish(): raise ValueError('of the project')")
    (project / "test_suite.py").write_text("def test_a(): pass")
    status, out, err = run(project, "-m", "pytest", "--plimsoll")
    assert (status, run(project, "-m", "pytest")[0]) == (3, 3)
    assert "ValueError: of the project" in out + err


def test_options_of_python_are_kept_and_the_path_is_that_of_the_script(project: Path, script: str) -> None:
    (project / "test_suite.py").write_text(
        "import os, sys\n"
        "def test_a():\n"
        "    assert sys.flags.dev_mode and 'error::UserWarning' in sys.warnoptions\n"
        "    assert os.getcwd() not in sys.path and '' not in sys.path\n")
    (project / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    flags = ["-X", "dev", "-W", "error::UserWarning"]
    status, out, err = run(project, *flags, script, "--plimsoll")
    assert status == 0, out + err
    assert ", budget " in err


def test_a_program_that_calls_pytest_gets_the_exit_code(project: Path) -> None:
    (project / "test_suite.py").write_text(WHERE)
    (project / "conftest.py").write_text("print('conftest is loaded', flush=True)\nimport pytest\n"
                                         "def pytest_report_header(config): return f'verbosity {config.option.verbose}'\n")
    (project / "program.py").write_text("import pytest\nprint('code', int(pytest.main(['--plimsoll', '--no-header', '-s'])))\n")
    status, out, err = run(project, "program.py", PYTEST_ADDOPTS="-v")
    assert (status, out.splitlines()[-1]) == (0, "code 1"), out + err
    assert "'gw0' == 'nowhere'" in out
    assert out.count("conftest is loaded") == 1
    assert "verbosity 1" in run(project, "-m", "pytest", "--plimsoll", PYTEST_ADDOPTS="-v")[1]


@pytest.mark.parametrize("arguments", [["--collect-only"], ["--fixtures"], ["--setup-plan"], ["--markers"], ["--help"]])
def test_what_only_shows_something_is_plain_pytest(project: Path, arguments: List[str]) -> None:
    (project / "test_suite.py").write_text(WHERE)
    status, out, err = run(project, "-m", "pytest", *arguments, "--plimsoll")
    assert (status, err) == (0, "")
    assert not (project / ".plimsoll").exists() and "not used" not in out


@pytest.mark.parametrize("variable", ["PYTEST_CURRENT_TEST", "_PLIMSOLL_RUN", "PYTEST_XDIST_WORKER"])
def test_a_pytest_inside_of_a_run_is_plain_pytest(project: Path, variable: str) -> None:
    (project / "test_suite.py").write_text("def test_a(): pass")
    status, out, err = run(project, "-m", "pytest", "--plimsoll", **{variable: "test_a.py::test_b"})
    assert (status, err) == (0, "")
    assert not (project / ".plimsoll").exists() and "not used" not in out


def test_zero_overrides_the_option(project: Path) -> None:
    (project / "test_suite.py").write_text("def test_a(): pass")
    assert run(project, "-m", "pytest", "--plimsoll", PLIMSOLL="0")[0::2] == (0, "")
    assert not (project / ".plimsoll").exists()
    status, _, err = run(project, "-m", "pytest", PLIMSOLL="2")
    assert status == 4 and "`2`" in err


TRACER = "import sys, pytest\nsys.settrace(lambda *a: None)\npytest.main(['--plimsoll'])\n"
PROFILER = "import cProfile, pytest\ncProfile.run(\"pytest.main(['--plimsoll'])\")\n"
PLUGINS = "import pytest\npytest.main(['--plimsoll'], plugins=[object()])\n"
COVERAGE = """
import types, sys, pytest
coverage = sys.modules["coverage"] = types.ModuleType("coverage")
coverage.Coverage = type("Coverage", (), {"current": staticmethod(lambda: object())})
pytest.main(["--plimsoll"])
"""


@pytest.mark.parametrize(("program", "text", "variables", "why"), [
    ("program.py", TRACER, {}, "a debugger or tracer"),
    ("program.py", PROFILER, {}, "a profiler"),
    ("program.py", COVERAGE, {}, "`coverage run`"),
    ("program.py", PLUGINS, {}, "plugin objects"),
    ("program.py", "import pytest\npytest.main(['--plimsoll'])\n", {"TEST_RUN_PIPE": "/tmp/pipe"}, "VS Code"),
    ("_jb_pytest_runner.py", "import pytest\npytest.main(['--plimsoll'])\n", {}, "PyCharm"),
    ("program.py", "import pytest\npytest.main(['--plimsoll'])\n", {"_PLIMSOLL_PROGRAM": "/none"}, "no program"),
])
def test_it_steps_aside_with_one_line(project: Path, program: str, text: str, variables: Dict[str, str], why: str) -> None:
    (project / "test_suite.py").write_text(WHERE)
    (project / program).write_text(text)
    _, out, _ = run(project, program, **variables)
    notices = [line for line in out.splitlines() if line.startswith("plimsoll:")]
    assert len(notices) == 1 and notices[0].startswith("plimsoll: not used, because ") and why in notices[0], out
    assert "'one process' == 'nowhere'" in out


@pytest.mark.parametrize(("line", "arguments", "expected"), [
    (["python", "-m", "pytest", "-x"], ["-x"], ([], None)),
    (["python", "-IBX", "dev", "-m", "pytest"], [], None),
    (["python", "-B", "-X", "dev", "-Werror", "-m", "pytest", "a"], ["a"], (["-B", "-X", "dev", "-Werror"], None)),
    (["python", "/env/bin/pytest"], [], ([], "/env/bin/pytest")),
    (["python", "-u", "/env/bin/py.test", "-q"], ["-q"], (["-u"], "/env/bin/py.test")),
    (["python", "-m", "cProfile", "-m", "pytest"], [], None),
    (["python", "/env/bin/coverage", "run", "-m", "pytest"], [], None),
    (["python", "-c", "import pytest; pytest.main()"], [], None),
    (["python", "program.py"], ["--plimsoll"], None),
    (["python", "-m", "pytest", "a"], ["b"], None),
])
def test_where_pytest_is_the_program(line: List[str], arguments: List[str], expected: Any) -> None:
    assert command.start_of(line, arguments) == (None if expected is None else command.Start(*expected))


def test_a_crash_counts_as_a_failure_and_is_named_beside_it(project: Path) -> None:
    (project / "test_suite.py").write_text(
        "import os, warnings\n"
        "def test_exits(): os._exit(3)\n"
        "def test_fails(): assert False\n"
        "def test_warns(): warnings.warn('here')\n")
    status, out, err = run(project, "-m", "pytest", "--plimsoll")
    assert status == 1, out + err
    assert re.search(r"^=+ 2 failed \(1 crashed\), 1 passed, 1 warning in [\d.]+s =+$", out.splitlines()[-1])
    assert not re.search(r"\d (passed|crashed)", "\n".join(line for line in err.splitlines() if " of 3 (" not in line))


@pytest.mark.parametrize("plugin", ["terminal", "capture", "logging", "cacheprovider", "junitxml", "warnings", "faulthandler"])
def test_a_plugin_of_pytest_that_is_blocked(project: Path, plugin: str) -> None:
    (project / "test_suite.py").write_text(SUITE)
    plain = run(project, "-m", "pytest", "-p", f"no:{plugin}")
    status, out, err = run(project, "-m", "pytest", "--plimsoll", "-p", f"no:{plugin}")
    assert (status, "Traceback" in err) == (plain[0], False), err
    if plugin == "terminal":
        assert "test session starts" not in out
    else:
        assert from_failures(out)[-1] == from_failures(plain[1])[-1]
