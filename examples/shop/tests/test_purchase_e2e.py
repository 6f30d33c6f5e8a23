from shop.cart import Cart
from shop.catalog import SearchIndex, assortment
from shop.orders import OrderBook


def test_from_search_to_door():
    index = SearchIndex(assortment(4_000))
    cart = Cart()
    for product in index.find("brass lamp")[:5]:
        cart.add(product)
    order = OrderBook().place(cart)
    while order.step != "sent":
        order.advance()
    assert order.history == ["placed", "paid", "packed", "sent"]
