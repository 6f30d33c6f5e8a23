"""The wheel as users install it. A part of bin/test; the whole of it is bin/package-test."""

from __future__ import annotations

import json
from pathlib import Path

from installed import bare, environment_of, example, needs_root, wheel


@needs_root
def test_wheel_without_java_as_an_ordinary_user(place: Path) -> None:
    venv, project = environment_of(place, "pytest-plimsoll"), example(place)
    assert bare(project, "java", "-version").returncode == 127
    version = bare(project, venv / "bin" / "plimsoll", "--version")
    assert version.stdout.split() == ["plimsoll", wheel().name.split("-")[1]]
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
