"""A cart and what it costs."""

from __future__ import annotations

from .catalog import Product


class Cart:
    def __init__(self) -> None:
        self._amounts: dict[Product, int] = {}

    def add(self, product: Product, amount: int = 1) -> None:
        if amount < 1:
            raise ValueError("an amount is at least 1")
        self._amounts[product] = self._amounts.get(product, 0) + amount

    def remove(self, product: Product) -> None:
        del self._amounts[product]

    def __len__(self) -> int:
        return sum(self._amounts.values())

    def items(self) -> list[tuple[Product, int]]:
        return list(self._amounts.items())

    def cents(self) -> int:
        return sum(product.cents * amount for product, amount in self._amounts.items())


def discount(cents: int, percent: int) -> int:
    """The price less a discount, rounded half up to whole cents."""
    if not 0 <= percent <= 100:
        raise ValueError("a discount is between 0 and 100 %")
    return (cents * (100 - percent) + 50) // 100


def with_tax(cents: int, percent: int) -> int:
    return (cents * (100 + percent) + 50) // 100


def euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d} €"
