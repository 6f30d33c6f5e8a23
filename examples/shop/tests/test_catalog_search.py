"""One index for all tests of this module: it takes a moment to make."""

import pytest
from shop.catalog import SearchIndex, assortment


@pytest.fixture(scope="module")
def index():
    return SearchIndex(assortment(15_000))


@pytest.mark.parametrize("word", ["anchor", "ROPE", "brass", "bell 7", "nothing of this name"])
def test_finds_only_what_has_the_word(index, word):
    assert all(word.lower() in product.name for product in index.find(word))


def test_finds_one(index):
    assert [product.number for product in index.find("lamp 14994")] == [14994]


def test_order_is_by_number(index):
    numbers = [product.number for product in index.find("anchor 1")]
    assert numbers == sorted(numbers)
