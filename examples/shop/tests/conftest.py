"""Fixtures of all tests."""

from __future__ import annotations

import threading
import time
import urllib.request

import pytest
from shop.cart import Cart
from shop.catalog import assortment
from shop.server import ShopServer
from shop.state import StateManager


@pytest.fixture
def products():
    return assortment(50)


@pytest.fixture
def cart(products):
    cart = Cart()
    cart.add(products[3], 2)
    cart.add(products[7])
    return cart


@pytest.fixture(scope="module")
def server():
    """A real server on a free port, one for each module that asks for it."""
    shop = ShopServer()
    thread = threading.Thread(target=shop.serve_forever, daemon=True)
    thread.start()
    yield shop
    shop.shutdown()
    shop.server_close()
    thread.join()


@pytest.fixture
def get(server):
    def get(path: str) -> bytes:
        with urllib.request.urlopen(server.url + path, timeout=10) as answer:
            return answer.read()

    return get


@pytest.fixture
def keeps_its_state(request):
    """Save a state, work a while, read it back: what the tests of the saved state share."""
    def check(state: str) -> None:
        manager = StateManager()
        manager.save(request.node.nodeid, state)
        time.sleep(1.0)
        assert manager.load(request.node.nodeid) == state

    return check
