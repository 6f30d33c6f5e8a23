"""The JSON schema of the configuration, against a real validator and the real configuration files of the examples."""

import json
from pathlib import Path
from typing import Any, Dict

import pytest

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: the schema is not validated")
tomllib = pytest.importorskip("tomllib", reason="Python 3.11 reads TOML")

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "docs/reference/plimsoll.schema.json"  # JsonSchemaTest compares it with the program's


@pytest.fixture(scope="module")
def schema() -> Dict[str, Any]:
    return json.loads(SCHEMA.read_text("utf-8"))


def problems(schema: Dict[str, Any], toml: str) -> list:
    return list(jsonschema.Draft7Validator(schema).iter_errors(tomllib.loads(toml)))


def test_the_schema_is_one(schema: Dict[str, Any]) -> None:
    jsonschema.Draft7Validator.check_schema(schema)
    assert {"retries", "groups", "stages", "server", "profile"} <= set(schema["properties"])


def test_the_real_configurations_are_valid(schema: Dict[str, Any]) -> None:
    files = [*ROOT.glob("examples/**/plimsoll.toml"), *ROOT.glob("bench/**/plimsoll.toml")]
    files = [file for file in files if "node_modules" not in file.parts]
    assert files
    for file in files:
        assert problems(schema, file.read_text()) == [], file
    for file in ROOT.glob("examples/*/pyproject.toml"):
        table = tomllib.loads(file.read_text()).get("tool", {}).get("plimsoll")
        if table is not None:
            assert list(jsonschema.Draft7Validator(schema).iter_errors(table)) == [], file


@pytest.mark.parametrize("toml", [
    "workers = 4", 'workers = "auto"', 'memory = "60%"', "timeout = 30", 'timeout = "1m30s"', "retries = 0",
    'stages.browser = {playwright = [], needs = ["server"]}', 'groups.long = {paths = ["tests/**"], timeout = "none"}',
    'profile.ci = {workers = 2, groups = {heavy = {workers = 1}}}', 'groups.long.memory-by-path = {"a/**" = "2g"}',
])
def test_what_plimsoll_takes_is_valid(schema: Dict[str, Any], toml: str) -> None:
    assert problems(schema, toml) == []


@pytest.mark.parametrize("toml", [
    "worker = 4", "workers = 0", "workers = true", 'mode = "fast"', "retries = -1", 'groups.long = {path = []}',
    'groups.order = "heavy"', 'stages = ["a"]', 'profile.ci = {worker = 2}', 'require-containment = "yes"',
])
def test_what_plimsoll_refuses_is_not(schema: Dict[str, Any], toml: str) -> None:
    assert problems(schema, toml)
