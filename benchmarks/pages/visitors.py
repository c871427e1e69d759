"""Visitors of the server: connections that stay open, a sign-in through the form, a closed loop of requests."""

from __future__ import annotations

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.pages.server import HOST

FIELD = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
TIMEOUT = 60.0


@dataclass
class Visitor:
    """One connection. The server is behind no proxy here, so the visitor itself says that the outside is https."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body of one request; cookies are kept."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT)
        headers = {"X-Forwarded-Proto": "https", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"https://{HOST}:{self.port}",
            }
        self._connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self._connection.getresponse()
        found = answer.read()
        for header in answer.headers.get_all("Set-Cookie", ()):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return answer.status, found

    def sign_in(self, path: str, username: str, password: str) -> None:
        """Through the page that people use; RuntimeError when it does not let us in."""
        _status, page = self.ask(path)
        token = FIELD.search(page)
        if token is None:
            raise RuntimeError("the login page has no form")
        form = {"csrfmiddlewaretoken": token[1].decode(), "login": username, "password": password}
        status, answer = self.ask(path, form)
        if status != 302 or "sessionid" not in self.cookies:
            raise RuntimeError(f"{username} could not sign in: HTTP {status}\n{answer[:2000].decode(errors='replace')}")

    def leave(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass(frozen=True)
class Bounds:
    """A measurement ends at whichever comes first."""

    requests: int
    seconds: float


@dataclass(frozen=True)
class Taken:
    """What a closed loop of some clients found; times in milliseconds."""

    clients: int
    requests: int
    median: float
    p95: float
    per_second: float


class PageFailedError(RuntimeError):
    """A page did not answer 200."""


def _percentile(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]


def closed_loop(port: int, path: str, cookies: dict[str, str], *, clients: int, bounds: Bounds) -> Taken:
    """``clients`` connections, each asking again as soon as it was answered."""
    times: list[float] = []
    faults: list[str] = []
    began = time.perf_counter()

    def visit() -> None:
        visitor = Visitor(port, dict(cookies))
        try:
            while len(times) < bounds.requests and time.perf_counter() - began < bounds.seconds and not faults:
                start = time.perf_counter()
                status, body = visitor.ask(path)
                if status != 200:
                    faults.append(f"HTTP {status}: {body[:200].decode(errors='replace')}")
                times.append(time.perf_counter() - start)
        except (OSError, http.client.HTTPException) as error:
            faults.append(repr(error))
        finally:
            visitor.leave()

    threads = [threading.Thread(target=visit, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    if faults:
        raise PageFailedError(faults[0])
    times.sort()
    return Taken(
        clients, len(times), _percentile(times, 0.5) * 1e3, _percentile(times, 0.95) * 1e3, len(times) / elapsed
    )
