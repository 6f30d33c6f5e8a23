"""The built packages, installed as users install them. Started by bin/package-test."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Iterator, List

import pytest

HOME = Path(__file__).resolve().parents[3]
PACKAGES = Path(os.environ["_PLIMSOLL_PACKAGES"])
PYTHON = "/usr/bin/python3"
NOBODY = 65534
MEGABYTE = 1_000_000

needs_root = pytest.mark.skipif(os.getuid() != 0, reason="mount namespaces and other users need root")


def one(pattern: str) -> Path:
    found = sorted(PACKAGES.glob(pattern))
    assert len(found) == 1, f"{pattern}: {found}"
    return found[0]


def wheel() -> Path:
    return one("*manylinux*.whl")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user reaches; that of pytest is its user's alone."""
    path = Path(subprocess.check_output(["mktemp", "-d", "/tmp/plimsoll-package.XXXXXX"], text=True).strip())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def environment_of(place: Path, *packages: str) -> Path:
    """A virtual environment of the system's Python, with its pytest, and these packages from the local folder."""
    venv = place / "env"
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", "--system-site-packages", venv], check=True)
    pip(venv, "install", "--no-index", "--no-deps", f"--find-links={PACKAGES}", *packages)
    return venv


def pip(venv: Path, *line: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--python", venv / "bin" / "python", "-q", *line], check=True)


def bare(folder: Path, *line: object, user: int = NOBODY, home: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command as a user without a home of its own, where there is neither Java nor Maven."""
    hide = " && ".join(f"if [ -d {path} ]; then mount -t tmpfs none {path}; fi"
                       for path in ("/usr/lib/jvm", "/usr/share/maven", "/opt/java"))
    command = ["unshare", "--mount", "sh", "-c", f"{hide} && exec \"$@\"", "sh",
               "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
               "env", "-i", "PATH=/usr/bin:/bin", *([f"HOME={home}"] if home else []), *map(str, line)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


def example(place: Path, name: str = "shop", owner: int = NOBODY) -> Path:
    """A copy of an example that belongs to a user."""
    project = place / name
    shutil.copytree(HOME / "examples" / name, project, ignore=shutil.ignore_patterns(".plimsoll", "__pycache__", "node_modules"))
    for path in [project, *project.rglob("*")]:
        os.chown(path, owner, owner)
    return project


def test_sums_and_sizes() -> None:
    lines = (PACKAGES / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == 4
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((PACKAGES / name).read_bytes()).hexdigest() == digest
    assert wheel().stat().st_size <= 32 * MEGABYTE
    assert one("*.deb").stat().st_size <= 22 * MEGABYTE


def test_the_wheel_records_every_file() -> None:
    for path in (wheel(), one("*-py3-none-any.whl")):
        with zipfile.ZipFile(path) as archive:
            record = next(name for name in archive.namelist() if name.endswith("/RECORD"))
            listed = {line.split(",")[0] for line in archive.read(record).decode().splitlines()}
            assert listed == set(archive.namelist())


@needs_root
def test_wheel_without_java_as_an_ordinary_user(place: Path) -> None:
    venv, project = environment_of(place, "pytest-plimsoll"), example(place)
    assert bare(project, "java", "-version").returncode == 127
    ran = bare(project, venv / "bin" / "plimsoll", "run", "--json")
    document = json.loads(ran.stdout)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr
    assert str(venv) in ran.stderr  # the environment is not activated
    assert len(document["tests"]) == 207
    option = bare(project, venv / "bin" / "python", "-m", "pytest", "--plimsoll", "tests/test_cart.py")
    plain = bare(project, venv / "bin" / "python", "-m", "pytest", "tests/test_cart.py")
    assert (option.returncode, plain.returncode) == (0, 0), option.stdout + option.stderr
    assert option.stdout.splitlines()[-1].split(" in ")[0] == plain.stdout.splitlines()[-1].split(" in ")[0]
    assert ", budget " in option.stderr


@needs_root
def test_the_commands_of_the_image(place: Path) -> None:
    venv, project = environment_of(place, "pytest-plimsoll"), example(place)
    program = venv / "bin" / "plimsoll"
    version = bare(project, program, "--version")
    assert version.stdout.split() == ["plimsoll", wheel().name.split("-")[1]]
    # A configuration, a journal and the JSON of a run are read where classes come from the image.
    config = json.loads(bare(project, program, "config", "--json").stdout)
    assert config["file"].endswith(".toml")
    assert bare(project, program, "run", "tests/test_cart.py").returncode == 0
    again = bare(project, program, "run", "--resume")
    assert (again.returncode, "nothing to resume" in again.stderr) == (4, True), again.stderr
    for line in (["calibrate", "light", "--levels", "1,2", "--runs", "1"], ["report", "--md", "report.md"], ["doctor"], ["history"],
                 ["stages", "list"], ["diagnose", "--help"]):
        done = bare(project, program, *line)
        assert done.returncode in (0, 1) and "Exception" not in done.stderr, f"{line}: {done.stdout}{done.stderr}"
    assert (project / "report.md").stat().st_size > 0


@needs_root
def test_networkx(place: Path) -> None:
    venv = environment_of(place, "pytest-plimsoll")
    try:
        pip(venv, "install", "--no-deps", "networkx")
    except subprocess.CalledProcessError:
        pytest.skip("no index here has networkx")
    folder = place / "empty"
    folder.mkdir()
    os.chown(folder, NOBODY, NOBODY)
    line = [venv / "bin" / "python", "-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "networkx.classes"]
    plain = bare(folder, *line)
    ours = bare(folder, *line, "--plimsoll")
    assert ours.returncode == plain.returncode, ours.stdout[-2000:] + ours.stderr
    assert ours.stdout.splitlines()[-1].split(" in ")[0] == plain.stdout.splitlines()[-1].split(" in ")[0]


@needs_root
def test_two_users_at_once_from_a_place_that_they_cannot_write(place: Path) -> None:
    venv = environment_of(place, "pytest-plimsoll")
    from concurrent.futures import ThreadPoolExecutor

    users = (NOBODY, 12_345)
    projects = []
    for user in users:
        (place / str(user)).mkdir()
        projects.append(example(place / str(user), owner=user))
    with ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda pair: bare(pair[0], venv / "bin" / "plimsoll", "run", "tests/test_cart.py", user=pair[1]),
                             zip(projects, users)))
    assert [run.returncode for run in runs] == [0, 0], runs[0].stderr + runs[1].stderr


@needs_root
@pytest.mark.skipif(shutil.which("dpkg") is None, reason="no dpkg here")
def test_deb_installs_runs_and_leaves_nothing(place: Path) -> None:
    def files() -> List[str]:
        return sorted(str(path) for root in ("/usr/lib", "/usr/bin", "/usr/share/doc", "/etc")
                      for path in Path(root).rglob("*plimsoll*"))

    before = files()
    if before:
        pytest.skip("plimsoll is installed here")
    subprocess.run(["dpkg", "-i", one("*.deb")], check=True, capture_output=True)
    try:
        project = example(place)
        ran = bare(project, "/usr/bin/plimsoll", "run", "--python", PYTHON, "tests/test_cart.py")
        assert ran.returncode == 0, ran.stdout + ran.stderr
    finally:
        subprocess.run(["dpkg", "-r", "plimsoll"], check=True, capture_output=True)
    assert files() == before


@pytest.mark.parametrize("tag", ["macosx_11_0_arm64", "macosx_10_9_x86_64", "win_amd64", "musllinux_1_2_x86_64"])
def test_pip_picks_the_plugin_alone_for_other_systems(tmp_path: Path, tag: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-index", "--no-deps", f"--find-links={PACKAGES}",
                    "--only-binary=:all:", f"--platform={tag}", "-d", tmp_path, "pytest-plimsoll"], check=True)
    assert [path.name for path in tmp_path.iterdir()] == [one("*-py3-none-any.whl").name]


@needs_root
def test_the_plugin_alone_is_plain_pytest_and_one_line(place: Path) -> None:
    venv = environment_of(place, str(one("*-py3-none-any.whl")))
    project = example(place)
    done = bare(project, "env", "PYTEST_ADDOPTS=--plimsoll", venv / "bin" / "python", "-m", "pytest", "tests/test_cart.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len([line for line in done.stdout.splitlines() if line.startswith("plimsoll:")]) == 1


@pytest.mark.skipif(shutil.which("qemu-x86_64") is None or platform.machine() != "x86_64", reason="no qemu-x86_64 here")
@pytest.mark.parametrize("cpu", ["Nehalem", "Haswell"])
def test_older_processors(place: Path, cpu: str) -> None:
    """The options that matter to the cache are those of bin/lib/start.sh: QEMU runs a program, no script."""
    archive = one("plimsoll-*-linux-*.tar.gz")
    subprocess.run(["tar", "xzf", archive, "-C", place, "--strip-components=1"], check=True)
    start = (place / "start.sh").read_text()
    fixed = [word for word in start.split() if word.startswith("-XX:") and "$" not in word and '"' not in word]
    assert "-XX:-AOTAdapterCaching" in fixed
    done = subprocess.run(["qemu-x86_64", "-cpu", cpu, place / "runtime/bin/java", f"-XX:AOTCache={place}/plimsoll.aot",
                           "-Xlog:aot=off", "-Xlog:cds=off", *fixed, "--enable-native-access=plimsoll",
                           "-m", "plimsoll/dev.plimsoll.cli.Main", "--version"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stdout.startswith("plimsoll "), done.stdout + done.stderr
