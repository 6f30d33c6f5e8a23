"""./plimsoll and bin/build, on a copy of the checkout whose Maven builds a program that echoes."""

import os
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[3]
MAVEN = """#!/bin/sh
echo built >> "$PWD/builds"
sleep 1
mkdir -p target/classes
"$JAVA_HOME/bin/javac" -d target/classes src/main/Echo.java &&
  "$JAVA_HOME/bin/jar" --create --file target/plimsoll.jar --main-class Echo -C target/classes .
"""
ECHO = """
public class Echo {
  public static void main(String[] args) {
    System.out.println(String.join("|", args));
    System.exit(args.length);
  }
}
"""


def find_jdk():
    done = subprocess.run(
        ["sh", "-c", f". {HOME}/bin/lib/jdk.sh && find_jdk"], capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "check out"
    shutil.copytree(HOME / "bin", folder / "bin")
    shutil.copy(HOME / "plimsoll", folder / "plimsoll")
    (folder / "src" / "main").mkdir(parents=True)
    (folder / "src" / "main" / "Echo.java").write_text(ECHO)
    (folder / "pom.xml").write_text("<project/>")
    (folder / "path").mkdir()
    maven = folder / "path" / "mvn"
    maven.write_text(MAVEN)
    maven.chmod(0o755)
    return folder


def environment(checkout, **more):
    jdk = find_jdk()
    assert jdk, "the tests need a JDK 25: bin/setup --tests"
    path = f"{checkout / 'path'}:{os.environ['PATH']}"
    return {**os.environ, "JAVA_HOME": jdk, "PATH": path, **more}


def start(checkout, *args, script=None, cwd="/", **more):
    return subprocess.Popen(
        [str(script or checkout / "plimsoll"), *args],
        cwd=cwd,
        env=environment(checkout, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(checkout, *args, **more):
    process = start(checkout, *args, **more)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def builds(checkout):
    return len((checkout / "builds").read_text().splitlines())


def test_builds_once_and_passes_arguments_and_exit_code(checkout):
    status, out, err = run(checkout, "a b", "", "*", "-x")
    assert (status, out) == (4, "a b||*|-x\n")
    assert "building" in err
    assert run(checkout, "again")[:2] == (1, "again\n")
    assert builds(checkout) == 1


def test_the_build_finds_a_jdk_by_itself_when_the_usual_one_is_old(checkout, tmp_path):
    old = tmp_path / "jdk-17"
    (old / "bin").mkdir(parents=True)
    (old / "release").write_text('JAVA_VERSION="17.0.9"\n')
    for name in ("java", "javac"):
        (old / "bin" / name).write_text("#!/bin/sh\nexit 1\n")
        (old / "bin" / name).chmod(0o755)
    path = f"{checkout / 'path'}:{find_jdk()}/bin:{os.environ['PATH']}"
    more = {"JAVA_HOME": str(old), "PATH": path, "PLIMSOLL_JAVA": str(old / "bin" / "java")}
    status, _, err = run(checkout, script=checkout / "bin" / "build", **more)
    assert (status, builds(checkout)) == (0, 1), err


def test_two_starts_at_once_build_once(checkout):
    both = [start(checkout, "one"), start(checkout, "two")]
    results = [process.communicate(timeout=120)[0] for process in both]
    assert results == ["one\n", "two\n"]
    assert builds(checkout) == 1


def test_a_newer_source_is_built_again(checkout):
    run(checkout, "x")
    source = checkout / "src" / "main" / "Echo.java"
    source.write_text(ECHO.replace('"|"', '"+"'))
    later = time.time() + 5
    os.utime(source, (later, later))
    assert run(checkout, "a", "b")[1] == "a+b\n"
    assert builds(checkout) == 2


def test_what_python_compiled_is_no_newer_source(checkout):
    modules = checkout / "src" / "main" / "python" / "plimsoll_pytest"
    modules.mkdir(parents=True)
    run(checkout, "x")
    (modules / "__pycache__").mkdir()
    later = time.time() + 5
    os.utime(modules, (later, later))
    assert run(checkout, "x")[:2] == (1, "x\n")
    assert run(checkout, script=checkout / "bin" / "build")[0] == 0
    assert builds(checkout) == 1


def test_through_links_and_from_any_folder(checkout, tmp_path):
    first = tmp_path / "first link"
    first.symlink_to(checkout / "plimsoll")
    (tmp_path / "folder").mkdir()
    second = tmp_path / "folder" / "second"
    second.symlink_to("../first link")
    assert run(checkout, "x", script=second, cwd=tmp_path / "folder")[:2] == (1, "x\n")


def test_a_build_that_fails_is_said_and_tried_again(checkout):
    source = checkout / "src" / "main" / "Echo.java"
    source.write_text("this is no Java")
    status, out, err = run(checkout, "x")
    assert (status, out) == (11, "")
    assert "error: the build failed" in err
    assert "build.log" in err
    source.write_text(ECHO)
    assert run(checkout, "x")[:2] == (1, "x\n")


@pytest.mark.skipif(os.getuid() == 0, reason="root can write everywhere")
def test_a_checkout_that_cannot_be_written_is_used_as_it_is(checkout):
    run(checkout, "x")
    for path in [checkout, *checkout.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        assert run(checkout, "y")[:2] == (1, "y\n")
    finally:
        for path in [checkout, *checkout.rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IWUSR)


def test_no_java_is_a_clear_message(checkout, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for tool in ("sh", "sed", "readlink", "dirname", "find", "head"):
        (bare / tool).symlink_to(shutil.which(tool))
    launcher = checkout / "plimsoll"
    launcher.write_text(launcher.read_text().replace("/usr/lib/jvm", "/none").replace("/opt/java", "/none"))
    status, _, err = run(checkout, "x", PATH=str(bare), JAVA_HOME="", HOME="/none")
    assert status == 11
    assert err.startswith("error: no Java 25 or newer was found")
    assert "hint: run bin/setup" in err
