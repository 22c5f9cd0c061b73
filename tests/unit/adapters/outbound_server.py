"""Servers for tests of calls to other systems: plain HTTP, TLS with a good certificate, with another name's, and one that wants a client's.

usage: outbound_server.py DIR    makes keys in DIR, prints four ports, serves until somebody posts /quit or its parent ends.
"""
import ctypes, http.server, os, ssl, subprocess, sys, threading

DIR = sys.argv[1]


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, cwd=DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def authority(name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")


def signed(name, alternative, by="ca"):
    with open(f"{DIR}/{name}.ext", "w") as f:
        f.write(f"subjectAltName={alternative}\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        if path == "/quit":
            threading.Thread(target=os._exit, args=(0,)).start()
        if path == "/hook":
            with open(f"{DIR}/hook.log", "ab") as f:
                f.write(f"{self.headers.get('Authorization')} {self.headers.get('Idempotency-Key')} ".encode() + body + b"\n")
            return self.say(int(open(f"{DIR}/hook.status").read()), b"")
        if path == "/redirect":
            return self.say(302, b"", Location="/echo")
        if path == "/silent":
            open(f"{DIR}/silent", "w").close()
            return self.rfile.read(1)
        if path == "/huge":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 65536)
        seen = "".join(f"{k.lower()}: {v}\n" for k, v in self.headers.items())
        return self.say(201, f"{self.command} {self.path}\n{seen}\n".encode() + body)

    def say(self, status, body, **more):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


def serve(certificate=None, client=False):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{DIR}/{certificate}.pem", f"{DIR}/{certificate}.key")
        if client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(f"{DIR}/ca.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG
authority("ca")
authority("stranger")
signed("here", "DNS:localhost,IP:127.0.0.1")
signed("elsewhere", "DNS:elsewhere.example")
signed("caller", "DNS:caller.example")
print(serve(), serve("here"), serve("elsewhere"), serve("here", client=True), flush=True)
threading.Event().wait()
