"""What the shop sells, and a search over it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    number: int
    name: str
    cents: int

    def __post_init__(self) -> None:
        if self.cents < 0:
            raise ValueError("a price is never negative")


def fold(text: str) -> str:
    """A name as it is searched for: without case and accents, blanks as one space."""
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


class SearchIndex:
    """Finds products by any three letters in a row."""

    def __init__(self, products: list[Product]) -> None:
        self._products = {product.number: product for product in products}
        self._numbers: dict[str, set[int]] = defaultdict(set)
        for product in products:
            for part in self._parts(fold(product.name)):
                self._numbers[part].add(product.number)

    @staticmethod
    def _parts(text: str) -> set[str]:
        return {text[i : i + 3] for i in range(max(1, len(text) - 2))}

    def find(self, text: str) -> list[Product]:
        wanted = fold(text)
        found = [self._numbers.get(part, set()) for part in self._parts(wanted)]
        numbers = set.intersection(*found) if found else set()
        hits = (self._products[number] for number in numbers)
        return sorted((p for p in hits if wanted in fold(p.name)), key=lambda p: p.number)


def assortment(count: int) -> list[Product]:
    """A made-up assortment, the same at each call."""
    things = ["rope", "anchor", "lamp", "compass", "barrel", "sail", "bell", "chart"]
    kinds = ["small", "large", "brass", "oak", "spare", "old"]
    return [
        Product(i, f"{kinds[i % len(kinds)]} {things[i % len(things)]} {i}", 100 + i * 7 % 9000)
        for i in range(count)
    ]
