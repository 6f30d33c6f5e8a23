"""Long for the letters `load` in its name; see the lists in config/pytest-groups."""

import json

import pytest
from shop.orders import Order


@pytest.mark.parametrize("steps", range(4))
def test_history_grows_by_steps(steps):
    order = Order(1, 100)
    for _ in range(steps):
        order.advance()
    assert len(order.payload()["history"]) == steps + 1


def test_payload_is_json():
    for number in range(4_000):
        assert json.loads(json.dumps(Order(number, 5).payload()))["number"] == number
