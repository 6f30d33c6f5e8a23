"""The shop over HTTP, for one machine."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .cart import Cart
from .catalog import SearchIndex, assortment
from .orders import OrderBook


class ShopServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, products: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.products = assortment(products)
        self.index = SearchIndex(self.products)
        self.orders = OrderBook()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: ShopServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        if self.path.startswith("/search/"):
            found = self.server.index.find(self.path[len("/search/") :])
            self._answer(200, [p.name for p in found])
        elif self.path == "/stream":
            self._stream()
        else:
            self._answer(404, {"error": "there is nothing here"})

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for product in self.server.products:
            line = json.dumps({"name": product.name, "cents": product.cents}).encode() + b"\n"
            self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def do_POST(self) -> None:
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        cart = Cart()
        for number, amount in wanted:
            cart.add(self.server.products[number], amount)
        try:
            self._answer(201, self.server.orders.place(cart).payload())
        except ValueError as error:
            self._answer(422, {"error": str(error)})
