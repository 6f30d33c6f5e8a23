"""Orders and their way from the cart to the door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .cart import Cart, with_tax

STEPS = ("placed", "paid", "packed", "sent")


@dataclass
class Order:
    number: int
    cents: int
    step: str = "placed"
    history: list[str] = field(default_factory=lambda: ["placed"])

    def advance(self) -> str:
        position = STEPS.index(self.step)
        if position + 1 == len(STEPS):
            raise RuntimeError(f"order {self.number} was sent already")
        self.step = STEPS[position + 1]
        self.history.append(self.step)
        return self.step

    def payload(self) -> dict[str, object]:
        return {"number": self.number, "cents": self.cents, "history": list(self.history)}


class OrderBook:
    def __init__(self, tax: int = 20) -> None:
        self._tax = tax
        self._orders: list[Order] = []

    def place(self, cart: Cart) -> Order:
        if not len(cart):
            raise ValueError("an empty cart cannot be ordered")
        order = Order(len(self._orders) + 1, with_tax(cart.cents(), self._tax))
        self._orders.append(order)
        return order

    def __iter__(self) -> Iterator[Order]:
        return iter(self._orders)

    def revenue(self) -> int:
        return sum(order.cents for order in self._orders)
