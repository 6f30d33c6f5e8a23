import pytest
from shop.state import StateManager


@pytest.fixture
def manager(tmp_path):
    return StateManager(tmp_path / "state.json")


def test_state_after_restart(keeps_its_state):
    keeps_its_state("state after a restart")


def test_nothing_saved(manager):
    assert manager.load("Ada") is None


def test_saved_state_is_loaded(manager):
    manager.save("Ada", "1")
    assert manager.load("Ada") == "1"


def test_two_owners(manager):
    manager.save("Ada", "1")
    manager.save("Grace", "2")
    assert (manager.load("Ada"), manager.load("Grace")) == ("1", "2")


def test_state_manager_persistence(keeps_its_state):
    keeps_its_state("state of the shop")
