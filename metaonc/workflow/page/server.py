"""A server for one page, for this computer's own browser alone: it knows a few answers and no files."""

from __future__ import annotations

import json
import secrets
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from typing import Any

HOST = "127.0.0.1"
MOST_BYTES = 8_000_000  # of what a page sends: a record of several traced curves has 200,000
SILENCE = 180.0  # seconds without a word of the page after which it is gone; a hidden page speaks once a minute
GOODBYE = 4.0  # seconds after it said goodbye, in which it may have been loaded anew
_WAIT = 30  # seconds for a request to arrive
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PageServer(ThreadingHTTPServer):
    """A server of one page on this computer, at a free port and at an address that cannot be guessed.

    Parameters
    ----------
    page
        The page.
    policy
        Its content security policy.
    answer
        Name of a question and what was sent -> the answer, as plain values.
    questions
        The names that there are.
    framed
        Whether another page of this computer, that of a notebook, may show it within itself; the policy says which.
    """

    daemon_threads = True

    def __init__(
        self,
        page: str,
        policy: str,
        answer: Callable[[str, Any], Mapping[str, Any]],
        questions: frozenset[str],
        *,
        framed: bool = False,
    ) -> None:
        super().__init__((HOST, 0), _Handler)
        self.page, self.policy, self.ask, self.questions = page.encode(), policy, answer, questions
        self.framed = framed
        self.token = secrets.token_urlsafe(32)
        self.origin = f"http://{HOST}:{self.server_address[1]}"
        self._lock = threading.Lock()
        self._heard: float | None = None  # not before the page was loaded
        self._allowed = SILENCE

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"{self.origin}/{self.token}/"

    def heard(self, *, goodbye: bool = False) -> None:
        """Note that the page spoke."""
        with self._lock:
            self._heard, self._allowed = monotonic(), GOODBYE if goodbye else SILENCE

    def is_over(self) -> bool:
        """Return whether the page was there and is gone."""
        with self._lock:
            return self._heard is not None and monotonic() - self._heard > self._allowed

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that did not wait for its answer; else what went wrong."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def run(self) -> None:
        """Serve until the page is gone or Ctrl-C is pressed."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
        thread.start()
        try:
            while not self.is_over():
                sleep(0.2)
        except KeyboardInterrupt:
            pass
        finally:
            self.shutdown()
            self.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """One request: refused unless it names this server as its host, comes from its page, and knows the token."""

    server: PageServer
    server_version, sys_version = "metaonc", ""
    timeout = _WAIT

    def log_message(self, *_: Any) -> None:
        """Say nothing: addresses hold the token."""

    def do_GET(self) -> None:
        """Answer with the page."""
        if self._known() != "":
            return self._refuse(404)
        framed = self.server.framed and self.headers.get("Sec-Fetch-Dest") == "iframe"
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") and not framed:
            return self._refuse(403)
        self.server.heard()
        return self._send(200, "text/html", self.server.page)

    def do_POST(self) -> None:
        """Answer a question of the page."""
        name = self._known()
        if self.headers.get("Origin") != self.server.origin:
            return self._refuse(403)
        if name is None or name not in self.server.questions | {"beat", "bye"}:
            return self._refuse(404)
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return self._refuse(411)
        if int(length) > MOST_BYTES:
            return self._refuse(413)
        self.server.heard(goodbye=name == "bye")
        if name in ("beat", "bye"):
            return self._send(204, "text/plain", b"")
        if self.headers.get("Content-Type") != "application/json":
            return self._refuse(415)
        try:
            asked = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            return self._refuse(400)
        answer = json.dumps(self.server.ask(name, asked), allow_nan=False).encode()
        return self._send(200, "application/json", answer)

    def _known(self) -> str | None:
        """Return what is asked for below the token; None where host or token are not this server's."""
        if self.headers.get("Host") != self.server.origin.removeprefix("http://"):
            return None
        empty, _, rest = self.path.partition("/")
        token, slash, name = rest.partition("/")
        known = secrets.compare_digest(token.encode(errors="replace"), self.server.token.encode())
        return name if known and slash and not empty else None

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._send(status, "text/plain", b"")

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if not self.server.framed:
            self.send_header("X-Frame-Options", "DENY")
        self.send_header("Content-Security-Policy", self.server.policy)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
