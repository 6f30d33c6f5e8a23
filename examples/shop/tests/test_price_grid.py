"""Heavy by its marker alone."""

import pytest
from shop.cart import discount, with_tax


@pytest.mark.performance
def test_every_discount_with_every_tax():
    seen = {with_tax(discount(cents, 10), 20) for cents in range(300_000)}
    assert len(seen) > 250_000
