"""The built packages, installed as users install them. Started by bin/package-test."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Iterator

import pytest

from installed import HOME, MEGABYTE, NOBODY, PACKAGES, PYTHON, bare, environment_of, example, needs_root, one, pip, wheel


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


#: Two tests of which the first makes the second fail, and one that kills Plimsoll in the first run.
PROJECT = {
    "plimsoll.toml": "timeout = '5m'\n",
    "state.py": "left = []\n",
    "conftest.py": "import sys; sys.path.insert(0, '.')\n",
    "tests/test_one.py": "def test_one(): pass\n",
    "tests/test_two.py": "def test_two(): pass\n",
    "pair/test_a.py": "import state\ndef test_leaves(): state.left.append(1)\n",
    "pair/test_b.py": "import state\ndef test_finds_nothing(): assert not state.left\n",
    "other/test_kill.py": """
import os, signal
def test_kills():
    if not os.path.exists("killed"):
        open("killed", "w").close()
        pid = os.getpid()
        while not os.readlink(f"/proc/{pid}/exe").endswith("/runtime/bin/java"):
            pid = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
        os.kill(pid, signal.SIGKILL)
        signal.pause()
""",
}


def project_of(place: Path) -> Path:
    """A small project that belongs to a user without a home."""
    project = place / "project"
    for name, text in PROJECT.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in [project, *project.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    return project


@pytest.fixture(params=["wheel", "deb", "tar.gz"])
def program(request: pytest.FixtureRequest, place: Path) -> Iterator[Path]:
    """The command of each package, as it is installed."""
    if request.param == "wheel":
        yield environment_of(place, "pytest-plimsoll") / "bin" / "plimsoll"
    elif request.param == "tar.gz":
        subprocess.run(["tar", "xzf", one("plimsoll-*-linux-*.tar.gz"), "-C", place], check=True)
        (place / "plimsoll").symlink_to(next(place.glob("plimsoll-*/bin/plimsoll")))
        yield place / "plimsoll"
    else:
        # Unpacked only: test_debian.py installs it, in a system of its own.
        subprocess.run(["dpkg-deb", "-x", one("*.deb"), place / "deb"], check=True)
        yield place / "deb/usr/bin/plimsoll"


@needs_root
def test_each_command_works_from_each_package(place: Path, program: Path) -> None:
    project = project_of(place)

    def done(*line: object, code: int = 0, **variables: str) -> "subprocess.CompletedProcess[str]":
        settings = {"PLIMSOLL_PYTHON": PYTHON, "PLIMSOLL_CALIBRATE_LEVELS": "1,2", "PLIMSOLL_CALIBRATE_RUNS": "1", **variables}
        result = bare(project, "env", *(f"{name}={value}" for name, value in settings.items()), program, *line)
        assert result.returncode == code and "Exception" not in result.stderr, f"{line}: {result.stdout}{result.stderr}"
        return result

    assert done("--version").stdout.split() == ["plimsoll", wheel().name.split("-")[1]]
    # Where classes come from the image: a configuration, the JSON of a run, a journal.
    assert json.loads(done("config", "--json").stdout)["file"].endswith("plimsoll.toml")
    assert [test["outcome"] for test in json.loads(done("run", "tests", "-n", "2", "--json").stdout)["tests"]] == ["passed"] * 2
    done("run", "tests/test_one.py", "other", "-n", "1", code=-signal.SIGKILL)
    resumed = done("run", "--resume")
    assert "2 passed" in resumed.stdout.splitlines()[-1] + resumed.stderr, resumed.stdout + resumed.stderr
    done("calibrate", "light", "--allow-failing")
    assert "PROVEN" in done("diagnose", "pair/test_b.py::test_finds_nothing", "--", "-p", "no:cacheprovider").stdout
    done("report", "--md", "report.md", "--html", "report.html")
    assert (project / "report.md").stat().st_size and (project / "report.html").stat().st_size
    done("history"), done("doctor"), done("workers"), done("apply", "--dry-run")


@needs_root
@pytest.mark.skipif(not (HOME / "examples/web/node_modules").is_dir(), reason="bin/setup-web did not run in this checkout")
@pytest.mark.skipif(not shutil.which("chromium", path="/usr/bin"), reason="no Chromium of the system")
def test_stages_of_a_browser_suite(place: Path, program: Path) -> None:
    project = place / "web"
    shutil.copytree(HOME / "examples/web", project, symlinks=True, ignore=shutil.ignore_patterns(".plimsoll", "test-results"))
    # Root, because Chromium's sandbox is not to be had for others in most containers.
    node = str(Path(shutil.which("node") or "").parent)
    ran = bare(project, "env", f"PATH={node}:/usr/bin:/bin", "PLAYWRIGHT_PORT=4319", program, "stages", "run", "--from", "latency",
               "--json", user=0, home=str(place))
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    assert {test["outcome"] for test in json.loads(ran.stdout)["tests"]} <= {"passed", "skipped"}


@needs_root
@pytest.mark.skipif(not (HOME / "examples/web/node_modules").is_dir(), reason="bin/setup-web did not run in this checkout")
@pytest.mark.skipif(not shutil.which("chromium", path="/usr/bin"), reason="no Chromium of the system")
def test_npx_runs_a_browser_suite(place: Path) -> None:
    """The npm package, installed from its file into a project as its users do, without a registry."""
    archive = place / f"plimsoll-{wheel().name.split('-')[1]}.tgz"
    subprocess.run([HOME / "bin/package-npm", "--packages", PACKAGES, "--output", place], check=True, capture_output=True)
    project = place / "web"
    shutil.copytree(HOME / "examples/web", project, symlinks=True, ignore=shutil.ignore_patterns(".plimsoll", "test-results"))
    folders = f"PATH={Path(shutil.which('node') or '').parent}:/usr/bin:/bin"

    def done(*line: object) -> "subprocess.CompletedProcess[str]":
        # Root, because Chromium's sandbox is not to be had for others in most containers.
        return bare(project, "env", folders, "npm_config_offline=true", "PLAYWRIGHT_PORT=4321", *line, user=0, home=str(place))

    installed = done("npm", "install", "--save-dev", "--no-audit", "--no-fund", archive)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert json.loads((project / "package.json").read_text())["devDependencies"]["plimsoll"].endswith(archive.name)
    assert done("npx", "plimsoll", "--version").stdout.split() == ["plimsoll", wheel().name.split("-")[1]]
    ran = done("npx", "plimsoll", "stages", "run", "--from", "latency", "--json")
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    assert {test["outcome"] for test in json.loads(ran.stdout)["tests"]} <= {"passed", "skipped"}
    assert done("npx", "plimsoll", "stages", "run", "no-such-stage").returncode == 4  # the program's own exit code


@needs_root
@pytest.mark.skipif(not shutil.which("buildah"), reason="no buildah")
@pytest.mark.skipif(not shutil.which("mmdebstrap"), reason="no mmdebstrap")
def test_the_image_to_copy_from(place: Path) -> None:
    """The Dockerfile, built without a registry; an image of Debian with pytest copies the program from it and runs a suite."""
    system = place / "debian.tar"
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", "--include=python3-pytest", "bookworm", system], check=True)
    shutil.copytree(HOME / "examples/shop", place / "shop")
    lines = (HOME / "packaging/Dockerfile").read_text().splitlines()
    user = [line.lstrip("# ") for line in lines if re.match(r"#\s+(FROM|COPY|ENV) ", line)]
    assert [line.split()[0] for line in user] == ["FROM", "COPY", "ENV"]
    (place / "Dockerfile").write_text("\n".join([
        "FROM scratch AS debian", "ADD debian.tar /", "FROM debian", *user[1:], "COPY shop /shop", "WORKDIR /shop", "RUN plimsoll run --json > run.json"]))

    def buildah(*line: object) -> str:
        store = ["--root", place / "images", "--runroot", place / "containers", "--storage-driver", "vfs"]
        done = subprocess.run(["buildah", *store, *line], env={**os.environ, "BUILDAH_ISOLATION": "chroot"}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout.strip()

    buildah("bud", "--build-arg", f"MACHINE={platform.machine()}", "-f", HOME / "packaging/Dockerfile", "-t", "plimsoll", PACKAGES)
    buildah("bud", "--pull-never", "-f", place / "Dockerfile", "-t", "suite", place)
    container = buildah("from", "--pull-never", "suite")
    document = json.loads((Path(buildah("mount", container)) / "shop/run.json").read_text())
    assert len(document["tests"]) == 207 and document["exitCode"] == 0
    buildah("rm", container)


@needs_root
def test_the_readme_installs_and_runs(place: Path) -> None:
    """What the README says, in a new environment; the wheel lies where `bin/package` puts it."""
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    install = next(line for line in readme.splitlines() if line.startswith("pip install "))
    venv = place / "env"
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", "--system-site-packages", venv], check=True)
    (place / "target").mkdir()
    (place / "target/packages").symlink_to(PACKAGES)
    words = [word.replace("/path/to/plimsoll", str(place)) for word in install.split()[1:]]
    subprocess.run([sys.executable, "-m", "pip", "--python", venv / "bin" / "python", *words], check=True)
    project = example(place)
    for first in (["plimsoll", "run", "tests/test_cart.py"], ["python", "-m", "pytest", "--plimsoll", "tests/test_cart.py"]):
        ran = bare(project, venv / "bin" / first[0], *first[1:])
        assert ran.returncode == 0, ran.stdout + ran.stderr


@needs_root
def test_a_file_system_that_nobody_can_write(place: Path) -> None:
    """Plimsoll and the project are read-only, and there is no home: only the history is missing."""
    venv, project = environment_of(place, "pytest-plimsoll"), project_of(place)
    read_only = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\""
    ran = bare(project, venv / "bin" / "plimsoll", "run", "tests/test_one.py",
               around=["unshare", "--mount", "sh", "-ec", read_only, str(place)])
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
    assert not (project / ".plimsoll").exists()


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
    closing = [run.stdout.splitlines()[-1].strip("=").split(" in ")[0] for run in (ours, plain)]
    assert closing[0] == closing[1]


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
