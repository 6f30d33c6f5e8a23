"""What other tools start: the GitHub action, the GitLab component and the pre-commit hook, with the wheel. A part of bin/test.

Their files are read, never copied here: the steps of action.yml run as GitHub's runner starts them, the component runs in
gitlab-ci-local, and pre-commit itself runs the hook.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, Dict

import pytest

from installed import HOME, PYTHON, example, wheel

NODE_TOOLS = HOME / "src/test/node/node_modules/.bin"
DOCUMENT = (HOME / "docs/integrations.md").read_text(encoding="utf-8")

needs_yaml = pytest.mark.skipif(
    subprocess.run([PYTHON, "-c", "import yaml"], capture_output=True).returncode != 0, reason="no python3-yaml")
needs_node_tools = pytest.mark.skipif(not NODE_TOOLS.is_dir(), reason="bin/setup-web did not run in this checkout")


def yaml(path: Path) -> Any:
    script = "import json, sys, yaml; json.dump(list(yaml.safe_load_all(open(sys.argv[1]))), sys.stdout)"
    return json.loads(subprocess.check_output([PYTHON, "-c", script, path], text=True))


def block(start: str) -> str:
    """A block of the documentation, from the line that starts so."""
    match = re.search(rf"^    {re.escape(start)}.*\n(?:    .*\n)*", DOCUMENT, re.M)
    assert match, start
    return re.sub(r"^    ", "", match[0], flags=re.M)


@pytest.fixture
def shell(place: Path) -> Dict[str, str]:
    """The variables of a shell with a new virtual environment, with pip and the pytest of these tests."""
    venv = place / "env"
    done = subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", venv], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"no virtual environment with pip: {done.stdout[-200:]}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB", "GITLAB", "CI", "PLIMSOLL", "PYTEST"))}
    runtime = place / "runtime"
    runtime.mkdir(mode=0o700)
    return {**kept, "PATH": f"{venv / 'bin'}:{kept['PATH']}", "HOME": str(place), "XDG_RUNTIME_DIR": str(runtime)}


def committed(project: Path) -> None:
    for line in (["init", "-q", "-b", "main"], ["add", "--all"], ["-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-qm", "all"]):
        subprocess.run(["git", *line], cwd=project, check=True)


def cases(report: Path) -> int:
    return len(ElementTree.parse(report).findall(".//testcase"))


#: The schema of action-validator 0.6.0 lacks `permissions: attestations`, which release.yml needs.
WORKFLOWS = sorted({path.name for path in (HOME / ".github/workflows").iterdir()} - {"release.yml"})


@needs_node_tools
@pytest.mark.parametrize("path", ["action.yml", *(f".github/workflows/{name}" for name in WORKFLOWS)])
def test_files_of_github_match_the_schema(path: str) -> None:
    done = subprocess.run([NODE_TOOLS / "action-validator", HOME / path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_yaml
@pytest.mark.parametrize("failing", [False, True])
def test_the_steps_of_the_github_action(place: Path, shell: Dict[str, str], failing: bool) -> None:
    project = example(place, owner=os.getuid())
    if failing:
        (project / "tests/test_cart.py").write_text("def test_fails(): assert 1 == 2\n")
    given = {"wheel": str(wheel()), "arguments": "run -k 'fails or cart' --junit plimsoll.xml", "working-directory": str(project)}
    [action] = yaml(HOME / "action.yml")
    inputs = {name: given.get(name, described.get("default")) for name, described in action["inputs"].items()}
    assert set(given) == set(inputs)

    def value(text: str) -> str:
        return re.sub(r"\$\{\{ inputs\.([\w-]+) }}", lambda match: str(inputs[match[1]]), text)

    codes = []
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        script = place / "step.sh"
        script.write_text(value(step["run"]))
        variables = {name: value(text) for name, text in step.get("env", {}).items()}
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", script], cwd=value(step.get("working-directory", str(place))),
                              env={**shell, "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(place / "summary.md"), **variables},
                              capture_output=True, text=True, timeout=300)
        codes.append(done.returncode)
        assert done.returncode == int(failing and "plimsoll" in step["run"]), done.stdout + done.stderr
    assert codes == [0, int(failing)]
    assert cases(project / "plimsoll.xml") > 0
    assert (place / "summary.md").read_text()
    assert ("::error file=" in done.stderr) == failing


@needs_node_tools
@pytest.mark.skipif(shutil.which("rsync") is None, reason="gitlab-ci-local needs rsync")
def test_the_gitlab_component_in_a_pipeline(place: Path, shell: Dict[str, str]) -> None:
    project = example(place, owner=os.getuid())
    shutil.copytree(HOME / "templates", project / "templates")
    (project / "requirements.txt").touch()
    include = block("include:").replace("@REVISION", "@$CI_COMMIT_SHA")
    url = re.search(r"'(https://[^']+\.whl)'", include)
    assert url
    (project / ".gitlab-ci.yml").write_text(include.replace(url[1], str(wheel())))
    committed(project)
    subprocess.run(["git", "remote", "add", "origin", "git@gitlab.localhost:YOUR/plimsoll.git"], cwd=project, check=True)
    done = subprocess.run([NODE_TOOLS / "gitlab-ci-local", "--force-shell-executor", "--home", place / "gitlab"], cwd=project, env=shell,
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert cases(project / "plimsoll.xml") == 207


@pytest.mark.skipif(shutil.which("pre-commit") is None, reason="no pre-commit")
def test_the_pre_commit_hook(place: Path, shell: Dict[str, str]) -> None:
    subprocess.run(["pip", "install", "-q", "--no-index", wheel()], env=shell, check=True)
    hooks = place / "hooks"
    hooks.mkdir()
    shutil.copy(HOME / ".pre-commit-hooks.yaml", hooks)
    committed(hooks)
    revision = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=hooks, text=True).strip()
    project = example(place, owner=os.getuid())
    config = block("repos:").replace("https://YOUR.HOST/plimsoll", str(hooks)).replace("REVISION", revision)
    (project / ".pre-commit-config.yaml").write_text(config)
    committed(project)

    def commit(*names: str) -> "subprocess.CompletedProcess[str]":
        subprocess.run(["git", "add", *names], cwd=project, check=True)
        return subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-m", "change"], cwd=project, env=shell,
                              capture_output=True, text=True, timeout=300)

    checked = subprocess.run(["pre-commit", "validate-manifest", HOME / ".pre-commit-hooks.yaml"], env=shell, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    subprocess.run(["pre-commit", "install"], cwd=project, env=shell, check=True, capture_output=True)
    (project / "notes.txt").write_text("no test\n")
    skipped = commit("notes.txt")
    assert (skipped.returncode, "(no files to check)Skipped" in skipped.stderr) == (0, True), skipped.stderr
    (project / "tests/test_new.py").write_text("def test_new(): pass\n")
    refused = commit("tests/test_new.py")
    assert refused.returncode == 1 and "tests/test_new.py" in refused.stderr, refused.stderr
    subprocess.run(["plimsoll", "groups", "sync"], cwd=project, env=shell, check=True, capture_output=True)
    accepted = commit("tests/test_new.py", "config/pytest-groups")
    assert accepted.returncode == 0 and "Passed" in accepted.stderr, accepted.stderr
