"""A price list that is read as a whole: 600 MB."""

from array import array

import pytest

pytestmark = pytest.mark.performance

PRICES = 75_000_000


def test_six_hundred_megabytes_of_prices():
    prices = array("d", [9.95]) * PRICES
    prices[-1] = 1.0
    assert len(prices) * prices.itemsize == 600_000_000
    assert min(prices[PRICES - 10 :]) == 1.0


def test_many_small_products():
    from shop.catalog import assortment

    products = assortment(60_000)
    assert len({product.number for product in products}) == 60_000
