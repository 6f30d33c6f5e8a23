import json
import urllib.error
import urllib.request

import pytest


def order(server, wanted):
    request = urllib.request.Request(
        server.url + "/orders",
        data=json.dumps(wanted).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_order_has_tax(server):
    assert order(server, [[3, 2]])["cents"] == (server.products[3].cents * 2 * 120 + 50) // 100


def test_empty_order_is_refused(server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        order(server, [])
    assert refused.value.code == 422
    refused.value.close()


@pytest.mark.parametrize("amount", [1, 2, 5, 10])
def test_many_orders(server, amount):
    before = server.orders.revenue()
    for number in range(100):
        order(server, [[number, amount]])
    assert server.orders.revenue() > before
