"""Small suites that use a plugin as its documentation shows, and where the plugin comes from."""

from __future__ import annotations

from typing import Dict, NamedTuple, Tuple


class Scenario(NamedTuple):
    """A plugin: the packages that make it work, what pytest is given, the files of a project that uses it, and where it
    comes from: Debian, pip or a commit of its repository, with the folders there that Python imports it from."""

    plugin: str
    packages: Tuple[str, ...]
    arguments: Tuple[str, ...]
    files: Dict[str, str]
    debian: bool = True
    commit: str = ""
    folders: Tuple[str, ...] = ()


def debian(plugin: str, files: Dict[str, str], *arguments: str, needs: Tuple[str, ...] = ()) -> Scenario:
    return Scenario(plugin, (f"python3-{plugin}", *needs), arguments, files)


def wheel(plugin: str, files: Dict[str, str], *arguments: str, needs: Tuple[str, ...] = ()) -> Scenario:
    return Scenario(plugin, (plugin, *needs), arguments, files, debian=False)


def checkout(plugin: str, commit: str, folder: str, module: str, files: Dict[str, str], *arguments: str,
             needs: Tuple[str, ...] = ()) -> Scenario:
    return Scenario(plugin, needs, ("-p", module, *arguments), files, debian=False, commit=commit, folders=(folder,))


MIXED = {"test_a.py": "import pytest\n@pytest.mark.parametrize('x', range(8))\ndef test_a(x): assert x != 5\n"}
#: Passes when it is run for the second time in its process.
SECOND_TIME = "seen = []\ndef {name}({argument}):\n    seen.append(1)\n    assert len(seen) > 1\n"

SCENARIOS = [
    debian("pytest-forked", {"test_a.py": "import os\nHERE = os.getpid()\ndef test_own(): assert os.getpid() != HERE\n"
                             "def test_fails(): assert 0\ndef test_dies(): os.kill(os.getpid(), 11)\n"
                             "def test_after(): pass\n"}, "--forked", needs=("python3-py",)),
    debian("flaky", {"test_a.py": "from flaky import flaky\nseen = []\n@flaky\ndef test_a():\n    seen.append(1)\n"
                     "    assert len(seen) > 1\n@flaky(max_runs=2)\ndef test_b(): assert 0\ndef test_c(): pass\n"}),
    debian("pytest-rerunfailures", {"test_a.py": SECOND_TIME.format(name="test_a", argument="")
                                    + "def test_b(): assert 0\n"}, "--reruns", "2"),
    debian("pytest-repeat", MIXED, "--count", "3"),
    debian("pytest-order", {"test_a.py": "import pytest\nseen = []\n@pytest.mark.order(2)\ndef test_b(): pass\n"
                            "@pytest.mark.order(1)\ndef test_a(): pass\ndef test_c(): assert 0\n"}),
    debian("pytest-random-order", MIXED, "--random-order", "--random-order-seed=7"),
    debian("pytest-instafail", MIXED, "--instafail"),
    debian("pytest-sugar", MIXED, needs=("python3-termcolor", "python3-packaging")),
    debian("pytest-subtests", {"test_a.py": "def test_a(subtests):\n    for i in range(3):\n"
                               "        with subtests.test(i=i): assert i != 1\ndef test_b(): pass\n"},
           needs=("python3-attr",)),
    debian("pytest-dependency", {"test_a.py": "import pytest\n@pytest.mark.dependency()\ndef test_a(): assert 0\n"
                                 "@pytest.mark.dependency(depends=['test_a'])\ndef test_b(): pass\ndef test_c(): pass\n"},
           "--dist", "loadfile"),
    debian("pytest-lazy-fixture", {"test_a.py": "import pytest\n@pytest.fixture\ndef one(): return 1\n"
                                   "@pytest.mark.parametrize('x', [pytest.lazy_fixture('one')])\n"
                                   "def test_a(x): assert x == 1\n"}),
    debian("pytest-datadir", {"test_a.py": "def test_a(datadir): assert (datadir / 'x').read_text() == 'told'\n",
                              "test_a/x": "told"}),
    debian("pytest-regressions", {"test_a.py": "def test_a(data_regression): data_regression.check({'a': 1})\n"
                                  "def test_b(data_regression): data_regression.check({'a': 2})\n",
                                  "test_a/test_a.yml": "a: 1\n", "test_a/test_b.yml": "a: 1\n"},
           needs=("python3-pytest-datadir", "python3-yaml", "libyaml-0-2")),
    debian("pytest-bdd", {"test_a.py": "from pytest_bdd import given, scenarios, then\nscenarios('a.feature')\n"
                          "@given('one', target_fixture='one')\ndef one(): return 1\n"
                          "@then('it is one')\ndef is_one(one): assert one == 1\n",
                          "a.feature": "Feature: a\n  Scenario: b\n    Given one\n    Then it is one\n"},
           needs=("python3-parse", "python3-parse-type", "python3-glob2", "python3-mako", "python3-markupsafe")),
    debian("pytest-django", {"settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = ['django.contrib.contenttypes',"
                             " 'django.contrib.auth']\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3',"
                             " 'NAME': 'base'}}\n",
                             "test_a.py": "import pytest\nfrom django.contrib.auth.models import User\n"
                             "@pytest.mark.django_db\n@pytest.mark.parametrize('x', range(6))\ndef test_a(x):\n"
                             "    User.objects.create(username='one')\n    assert User.objects.count() == 1\n"},
           "--ds=settings", needs=("python3-django", "python3-asgiref", "python3-sqlparse", "python3-tz")),
    debian("pytest-twisted", {"test_a.py": "import pytest_twisted\nfrom twisted.internet import defer, reactor, task\n"
                              "@pytest_twisted.inlineCallbacks\ndef test_a():\n"
                              "    got = yield task.deferLater(reactor, 0.01, lambda: 1)\n    assert got == 1\n"
                              "def test_b(): return defer.fail(ValueError())\n"},
           needs=("python3-twisted", "python3-attr", "python3-constantly", "python3-hyperlink", "python3-incremental",
                  "python3-zope.interface", "python3-automat", "python3-idna", "python3-typing-extensions",
                  "python3-greenlet", "python3-decorator", "python3-six")),
    debian("pytest-tornado", {"test_a.py": "import pytest\nfrom tornado import gen\n@pytest.mark.gen_test\ndef test_a():\n"
                              "    yield gen.sleep(0.01)\n"}, needs=("python3-tornado",)),
    debian("pytest-httpserver", {"test_a.py": "import urllib.request\ndef test_a(httpserver):\n"
                                 "    httpserver.expect_request('/').respond_with_data('told')\n"
                                 "    assert urllib.request.urlopen(httpserver.url_for('/')).read() == b'told'\n"},
           needs=("python3-werkzeug", "python3-markupsafe")),
    wheel("pytest-asyncio", {"test_a.py": "import asyncio, pytest\n@pytest.mark.asyncio\nasync def test_a():\n"
                             "    await asyncio.sleep(0)\n@pytest.mark.asyncio\nasync def test_b(): assert 0\n"}),
    wheel("anyio", {"test_a.py": "import anyio, pytest\n@pytest.mark.anyio\nasync def test_a(): await anyio.sleep(0)\n"
                    "@pytest.mark.anyio\nasync def test_b(): assert 0\n"}, needs=("trio",)),
    debian("pytest-benchmark", {"test_a.py": "def test_a(benchmark): benchmark(lambda: 1)\ndef test_b(): assert 0\n"},
           needs=("python3-cpuinfo",)),
    wheel("pytest-cov", {"mine.py": "def one(): return 1\ndef two(): return 2\n",
                         "test_a.py": "import mine\ndef test_a(): assert mine.one() == 1\ndef test_b(): assert 0\n"},
          "--cov=mine", "--cov-context=test", "--cov-fail-under=60"),
    wheel("hypothesis", {"test_a.py": "from hypothesis import given, settings, strategies as st\n"
                         "@given(st.integers())\ndef test_a(x): assert isinstance(x, int)\n"
                         "@settings(derandomize=True)\n@given(st.integers())\ndef test_b(x): assert x < 100\n"}),
    wheel("pytest-mock", {"test_a.py": "import os\ndef test_a(mocker):\n    mocker.patch('os.getcwd', return_value='x')\n"
                          "    assert os.getcwd() == 'x'\ndef test_b(): assert os.getcwd() != 'x'\n"}),
    wheel("pytest-timeout", {"test_a.py": "import time\ndef test_a(): time.sleep(60)\ndef test_b(): pass\n"},
          "--timeout=1"),
    debian("pyfakefs", {"test_a.py": "import os\ndef test_a(fs):\n    fs.create_file('/x/y', contents='told')\n"
                       "    assert open('/x/y').read() == 'told'\ndef test_b(): assert not os.path.exists('/x/y')\n"}),
    wheel("freezegun", {"test_a.py": "import time\nfrom freezegun import freeze_time\n@freeze_time('2012-01-14')\n"
                        "def test_a(): assert time.gmtime().tm_year == 2012\n"
                        "def test_b(): assert time.gmtime().tm_year > 2020\n"}),
    Scenario("pytest-qt", ("python3-pytestqt", "python3-pyqt5", "python3-pyqt5.sip", "libqt5core5a", "libqt5dbus5", "libqt5gui5",
                           "libqt5network5", "libqt5printsupport5", "libqt5test5", "libqt5widgets5", "libpcre2-16-0", "libmd4c0"),
             (), {"conftest.py": "import os\nos.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
                  "os.environ['QT_PLUGIN_PATH'] = os.environ['LD_LIBRARY_PATH'] + '/qt5/plugins'\n",
                  "test_a.py": "from PyQt5.QtCore import QTimer\nfrom PyQt5.QtWidgets import QLineEdit\n"
                  "def test_keys(qtbot):\n    edit = QLineEdit()\n    qtbot.addWidget(edit)\n"
                  "    qtbot.keyClicks(edit, 'told')\n    assert edit.text() == 'told'\n"
                  "def test_signal(qtbot):\n    timer = QTimer()\n"
                  "    with qtbot.waitSignal(timer.timeout): timer.start(1)\ndef test_fails(qtbot): assert 0\n"}),
    wheel("pytest-html", MIXED, "--html=report.html"),
    checkout("pytest-json-report", "c6f0bc93a174770e04b965e459d339a880005e78", ".", "pytest_jsonreport.plugin", MIXED,
             "--json-report"),
    checkout("pytest-trio", "f0168502bc3340f22b8b80ed388efa1a26883aa8", ".", "pytest_trio.plugin",
             {"test_a.py": "import pytest, trio\n@pytest.mark.trio\nasync def test_a(): await trio.sleep(0)\n"
              "@pytest.mark.trio\nasync def test_b(nursery):\n    nursery.start_soon(trio.sleep, 0)\n    assert 0\n"},
             needs=("trio", "outcome")),
    checkout("pytest-reportlog", "7469011d2356f04970f04c2ebba2f5b5ce16d2f7", "src", "pytest_reportlog.plugin", MIXED,
             "--report-log=log"),
    checkout("pytest-randomly", "94aba4ad675e863b65f024ab924688e595fa8a3f", "src", "pytest_randomly", MIXED,
             "--randomly-seed=1"),
    checkout("pytest-split", "19abca7cc357247632cf033e0f38314339a63fb3", "src", "pytest_split.plugin", MIXED,
             "--splits=2", "--group=1"),
    checkout("syrupy", "a9e4fd9beeb94359d1f924bdfd54f05da85e5898", "src", "syrupy",
             {"test_a.py": "def test_a(snapshot): assert 1 == snapshot\ndef test_b(snapshot): assert 2 == snapshot\n",
              "__snapshots__/test_a.ambr": "# serializer version: 1\n# name: test_a\n  1\n# ---\n# name: test_b\n  3\n# ---\n"}),
]
