"""Questions over the network: bytes to a port and HTTP requests, each within limits of time and size."""

from __future__ import annotations

import http.client
import socket
from time import monotonic

from msgspec.structs import replace

from converter.verify.running.answers import Answer, judged
from converter.verify.running.checks import Http, Tcp

MAX_BYTES = 4 << 20
SECONDS_OF_SILENCE = 2.0
"""A peer that sends nothing for so long has said what it says."""

_PART = 1 << 16


def is_open(place: tuple[str, int]) -> bool:
    """Whether somebody accepts a connection."""
    try:
        socket.create_connection(place, timeout=1).close()
    except OSError:
        return False
    return True


def ask_tcp(place: tuple[str, int], check: Tcp, masks: tuple[str, ...], seconds: float) -> Answer:
    """Send the bytes, read what comes back until the expected length, the end, silence or a limit."""
    expected = None if check.expected.expect is None else len(check.expected.expect.encode())
    deadline = monotonic() + seconds
    received = bytearray()
    try:
        with socket.create_connection(place, timeout=min(5.0, seconds)) as peer:
            peer.sendall(check.send.encode())
            peer.settimeout(SECONDS_OF_SILENCE)
            while len(received) < (MAX_BYTES if expected is None else expected) and monotonic() < deadline:
                try:
                    part = peer.recv(_PART)
                except TimeoutError:
                    break
                if not part:
                    break
                received += part
    except OSError as error:
        return _no_answer(check.question, check.expected.expect is not None, error)
    return judged(check.question, received.decode(errors="replace"), check.expected, masks)


def ask_http(place: tuple[str, int], check: Http, masks: tuple[str, ...], seconds: float) -> Answer:
    """Make one request; the answer is status, content type and body."""
    connection = http.client.HTTPConnection(*place, timeout=seconds)
    headers = {"Host": f"localhost:{check.port}", **dict(check.headers)}
    try:
        connection.request(check.method, check.path, check.body.encode() or None, headers)
        response = connection.getresponse()
        body = response.read(MAX_BYTES).decode(errors="replace")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _no_answer(check.question, True, error)
    finally:
        connection.close()
    heading = f"{response.status} {response.headers.get('Content-Type')}\n"
    answer = judged(check.question, body, check.expected, masks, response.status, heading)
    if check.expected.status is None and response.status >= 400:
        return replace(answer, doubtful=f"status {response.status}")
    return answer


def _no_answer(question: str, expected: bool, error: Exception) -> Answer:
    said = (
        error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    ) or "the time is over"
    text = f"no answer: {said.lower()}"
    return Answer(question, text, unmet=text if expected else "", doubtful=text)
