import pytest
from shop.catalog import Product, SearchIndex, fold

ODD_NAMES = [
    "Ånkar",
    "錨 と 綱",
    "якорь",
    "rope with   spaces ",
    "a::b::c",
    "first line\nsecond line",
    "tab\tand [brackets] and / and \\",
    "x" * 300,
    "emoji ⚓ 👩‍👧",
    "",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_product_keeps_its_name(name):
    assert Product(1, name, 100).name == name


@pytest.mark.parametrize("name", ODD_NAMES, ids=ODD_NAMES)
def test_product_is_found_by_its_name(name):
    product = Product(1, name, 100)
    assert SearchIndex([product]).find(name) == [product]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ÅNKAR", "ankar"), ("  two   words ", "two words"), ("Straße", "strasse")],
)
def test_folding(text, folded):
    assert fold(text) == folded


def test_price_is_never_negative():
    with pytest.raises(ValueError, match="never negative"):
        Product(1, "rope", -1)


def test_catalog_is_kept(keeps_its_state):
    keeps_its_state("catalog of spring")
