"""Words of engines and what they mean."""

from __future__ import annotations

import pytest

from converter.verify.engines.faults import fault, last_words, network, surroundings
from converter.verify.engines.model import FailingStep


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("MS701", "Cannot connect to the Docker daemon at tcp://127.0.0.1:9. Is the docker daemon running?"),
        ("MS701", "error during connect: Get http://x/version: command [ssh ...] has exited with exit status 255"),
        ("MS701", "Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock"),
        ("MS701", 'Error: unable to connect to Podman socket: Get "http://d/_ping": dial unix /n.sock: no such file'),
        ("MS701", "rpc error: code = Unavailable desc = transport is closing"),
        ("MS701", "unexpected EOF"),
        ("MS702", "#9 12.1 cp: error writing '/x': No space left on device"),
        ("MS702", "Error: committing container: write /var/lib/containers/x: no space left on device"),
        ("MS703", '#3 ERROR: failed to do request: Head "https://r.example/v2/b/manifests/1": dial tcp: no such host'),
        ("MS703", 'Get "https://r.example/v2/": net/http: request canceled (Client.Timeout exceeded)'),
        ("MS703", 'Error: initializing source docker://b:1: pinging container registry r.example: i/o timeout'),
        ("MS703", 'failed to solve: b:1: failed to resolve source metadata for r.example/b:1: TLS handshake timeout'),
        ("MS706", "Error response from daemon: the moon is full"),
        ("MS706", ""),
    ],
)  # fmt: skip
def test_what_is_wrong(code: str, said: str) -> None:
    found = fault("docker", "build", f"some line\n{said}\n").diagnostic
    assert found.code == code
    assert found.help
    assert "\n" not in found.message


@pytest.mark.parametrize(
    "said",
    [
        "#6 1.204 curl: Get https://r.example/v2/: connection refused\nexecutor failed running: exit code: 7",
        "#6 0.5 Cannot connect to the Docker daemon\nexecutor failed running [/bin/sh -c docker ps]: exit code: 1",
        "failed to solve: b:1: not found",
        "manifest for b:1 not found: manifest unknown: manifest unknown",
        "E: Unable to locate package gccc",
        "",
    ],
)
def test_what_a_step_printed_is_the_steps_own_matter(said: str) -> None:
    assert surroundings("docker", said) is None


def test_only_the_end_counts() -> None:
    assert surroundings("docker", "no space left on device\n" + "line\n" * 60) is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("a\nError response from daemon: b\n\n", "b"),
        ("ERROR: failed to solve: x", "failed to solve: x"),
        ("#3 ERROR: x", "x"),
        (" \n", "it said nothing"),
        ("x" * 600, "x" * 500),
    ],
)
def test_last_words(said: str, words: str) -> None:
    assert last_words(said) == words


@pytest.mark.parametrize(
    ("said", "failed"),
    [
        ("  Temporary failure resolving 'deb.debian.org'", True),
        ("curl: (6) Could not resolve host: example.org", True),
        ("curl: (28) Connection timed out after 300000 milliseconds", True),
        ("curl: (22) The requested URL returned error: 503", True),
        ("E: Failed to fetch http://deb.example/x.deb  502  Bad Gateway [IP: 10.0.0.1 80]", True),
        ("2026-11-28 10:00:01 ERROR 504: Gateway Time-out.", True),
        ("npm ERR! code ETIMEDOUT", True),
        ("WARNING: fetching https://dl.example/x: temporary error (try again later)", True),
        ("net/http: TLS handshake timeout", True),
        ("curl: (22) The requested URL returned error: 404", False),
        ("E: Unable to locate package libfoo502", False),
        ("x.c:503: error: expected ';'", False),
        ("500 tests passed, 1 failed", False),
        ("make: *** [all] Error 2", False),
    ],
)
def test_the_network_failed(said: str, failed: bool) -> None:
    found = network(FailingStep("RUN make", "exit code: 1", ("some line", said)))
    assert (found is not None) is failed
    if found is not None:
        assert found.diagnostic.code == "MS733"
        assert "at RUN make" in found.diagnostic.message
