"""A server under test that behaves as some real ones do. usage: server.py MODE PORT

stdin: ends with exit code 7 when its standard input is closed, as bundlers in watch mode do.
localhost6: listens on ::1 alone, as a Node server told `localhost` may.
tls: answers over TLS with a certificate that it has signed itself (cert.pem and key.pem in the current folder).
"""
import http.server
import os
import socket
import ssl
import sys
import threading

mode, port = sys.argv[1], int(sys.argv[2])


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args):
        pass


class Server6(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


if mode == "stdin":
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(7)), daemon=True).start()
server = Server6(("::1", port), Answer) if mode == "localhost6" else http.server.ThreadingHTTPServer(("127.0.0.1", port), Answer)
if mode == "tls":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("cert.pem", "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
