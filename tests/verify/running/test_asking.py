"""Questions over the network, answered by small servers of this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from converter.verify.running import asking
from converter.verify.running.asking import ask_http, ask_tcp, is_open
from converter.verify.running.checks import Expected, Http, Tcp


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[tuple[str, int]]:
    """A server for one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            peer, _ = listener.accept()
            with peer:
                talk(peer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[:2]
        thread.join(5)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_tcp_until_the_expected_length() -> None:
    def talk(peer: socket.socket) -> None:
        assert peer.recv(10) == b"hello"
        peer.sendall(b"wor")
        peer.sendall(b"ld")
        peer.recv(1)  # keeps the connection open until the other side has what it expects

    with server(talk) as place:
        answer = ask_tcp(place, Tcp(place[1], "hello", Expected(expect="world")), (), 5)
    assert (answer.text, answer.unmet) == ("world", "")


def test_tcp_until_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS_OF_SILENCE", 0.05)

    def talk(peer: socket.socket) -> None:
        peer.sendall(b"tick 12")
        peer.recv(1)

    with server(talk) as place:
        assert ask_tcp(place, Tcp(1), (r"\d+",), 5).text == "tick …"


def test_tcp_that_never_ends_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(peer: socket.socket) -> None:
        try:
            while True:
                peer.sendall(b"x" * 1000)
        except OSError:
            pass

    monkeypatch.setattr(asking, "MAX_BYTES", 5000)
    with server(talk) as place:
        assert 5000 <= len(ask_tcp(place, Tcp(1), (), 5).text) < 200_000


def test_nobody_listens() -> None:
    port = free_port()
    assert not is_open(("127.0.0.1", port))
    answer = ask_tcp(("127.0.0.1", port), Tcp(port), (), 5)
    assert (answer.text, answer.unmet, answer.doubtful) == (
        "no answer: connection refused", "", "no answer: connection refused",
    )  # fmt: skip
    assert ask_http(("127.0.0.1", port), Http(port), (), 5).unmet == "no answer: connection refused"


def replying(status: str, body: str) -> Callable[[socket.socket], None]:
    def talk(peer: socket.socket) -> None:
        asked = peer.recv(4096).decode()
        assert asked.startswith("GET /x HTTP/1.1\r\n")
        assert "Host: localhost:80\r\n" in asked
        peer.sendall(
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n{body}".encode()
        )

    return talk


def test_http() -> None:
    with server(replying("200 OK", "at 12")) as place:
        answer = ask_http(place, Http(80, "/x", expected=Expected(contains="at")), (r"\d+$",), 5)
    assert (answer.question, answer.text) == ("http 80 GET /x", "200 text/plain\nat …")
    assert (answer.unmet, answer.doubtful) == ("", "")


def test_http_that_is_not_there() -> None:
    with server(replying("404 Not Found", "")) as place:
        assert ask_http(place, Http(80, "/x"), (), 5).doubtful == "status 404"
    with server(replying("404 Not Found", "")) as place:
        expected = ask_http(place, Http(80, "/x", expected=Expected(status=404)), (), 5)
    assert (expected.unmet, expected.doubtful) == ("", "")


def test_what_is_no_http() -> None:
    def talk(peer: socket.socket) -> None:
        peer.recv(4096)
        peer.sendall(b"SSH-2.0-x\r\n")

    with server(talk) as place:
        assert ask_http(place, Http(80, "/x"), (), 5).unmet.startswith("no answer: ")
