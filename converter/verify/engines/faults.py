"""What can be wrong with an engine and its surroundings, told from its words: one diagnostic each.

The words are those of docker 20.10 to 28, podman 4.3 and buildah 1.28, and of the Go libraries they share.
"""

from __future__ import annotations

import re

from converter.diagnostics import Severity, diagnostic
from converter.verify.engines.model import FailingStep
from converter.verify.errors import VerifyError

_OUTPUT_OF_A_STEP = re.compile(r"^#\d+ \d+\.\d+ ")
"""How BuildKit's plain progress marks what a step printed, as opposed to its own words."""

_LAST_LINES = 40

_DISK_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)

_UNREACHABLE = re.compile(
    r"cannot connect to the docker daemon|error during connect|failed to connect to the docker API"
    r"|permission denied while trying to connect|unable to connect to podman|cannot connect to podman"
    r"|code = Unavailable|error reading from server|transport is closing|^unexpected EOF$"
    r"|is the docker daemon running",
    re.IGNORECASE | re.MULTILINE,
)

_ASKS_A_REGISTRY = (
    r"(?:https?://[^\s\"]*/v2/|failed to do request|pinging container registry|initializing source"
    r"|failed to resolve|failed to authorize|fetch (?:anonymous|oauth) token|error pulling image|registry)"
)
_NO_ANSWER = (
    r"(?:no such host|i/o timeout|timeout|connection refused|connection reset|network is unreachable"
    r"|no route to host|deadline exceeded|context canceled|server misbehaving|temporary failure|\bEOF\b"
    r"|\b50[0234]\b)"
)
_REGISTRY = re.compile(f"{_ASKS_A_REGISTRY}.*{_NO_ANSWER}", re.IGNORECASE)

_NETWORK = re.compile(
    r"could not resolve (?:host|')|temporary failure (?:in name resolution|resolving)|name or service not known"
    r"|connect(?:ion)?(?: to \S+)? timed out|(?:operation|handshake|read) timed out|(?:tls|ssl) handshake timeout"
    r"|i/o timeout|connection reset by peer|network is unreachable|no route to host|unable to connect to \S+:http"
    r"|failed to connect to \S+ port|temporary error \(try again later\)|EAI_AGAIN|ETIMEDOUT|ECONNRESET"
    r"|unexpected eof while reading|gnutls_handshake\(\) failed|the remote end hung up unexpectedly|early EOF"
    r"|(?:http(?:/[\d.]+)?|error|status|code|err:?)\W{0,2}50[0234]\b"
    r"|\b50[0234] +(?:bad gateway|service|gateway|internal server)",
    re.IGNORECASE,
)
"""How apt, apk, dnf, curl, wget, git, pip, npm, Go and the like say that a server could not be reached or failed."""


def missing(engine: str) -> VerifyError:
    """The engine is not installed."""
    help = (f"install {engine}, or name another engine with --engine",)
    return _error("MS700", f"{engine} is not installed", help)


def unreachable(engine: str, said: str) -> VerifyError:
    """The engine is installed, but does not answer."""
    variable = "CONTAINER_HOST" if engine == "podman" else "DOCKER_HOST"
    help = (f"start its service, or check {variable} and your permission to use it",)
    return _error("MS701", f"{engine} does not answer: {last_words(said)}", help)


def out_of_time(doing: str, seconds: float) -> VerifyError:
    """A command took longer than its limit."""
    help = ("give it more time with --timeout SECONDS",)
    return _error("MS705", f"{doing} took longer than {seconds:g} seconds", help)


def cannot(engine: str, what: str, *help: str) -> VerifyError:
    """The engine is not able to do what was asked for."""
    return _error("MS707", f"{engine} cannot {what}", help)


def fault(engine: str, doing: str, said: str) -> VerifyError:
    """The fault behind a command that failed, as far as its words tell."""
    return surroundings(engine, said) or _error(
        "MS706",
        f"{engine}: {doing} failed: {last_words(said)}",
        ("run the engine's own command to see more",),
    )


def surroundings(engine: str, said: str) -> VerifyError | None:
    """What is wrong around the engine, or None where it is not that."""
    lines = [row for row in said.splitlines()[-_LAST_LINES:] if row.strip()]
    own = [row for row in lines if not _OUTPUT_OF_A_STEP.match(row)]
    if any(_DISK_FULL.search(row) for row in lines):
        help = (f"make room where {engine} keeps its images, or remove images that are not needed",)
        return _error("MS702", f"the disk that {engine} uses is full", help)
    if any(_UNREACHABLE.search(row) for row in own):
        return unreachable(engine, said)
    if found := next((row for row in own if _REGISTRY.search(row)), None):
        help = ("check the network and the image's name, or load the base image into the engine",)
        return _error("MS703", f"a registry does not answer: {last_words(found)}", help)
    return None


def network(step: FailingStep) -> VerifyError | None:
    """The network's fault that ended a step, or None where nothing that it printed last tells of one."""
    found = next((row for row in (*step.output, step.reason) if _NETWORK.search(row)), None)
    if found is None:
        return None
    help = ("check the network, and verify again: neither Dockerfile is to blame",)
    at = f" at {step.instruction}" if step.instruction else ""
    return _error(
        "MS733", f"the network failed while the conversion was built{at}: {last_words(found)}", help
    )


def last_words(said: str) -> str:
    """The last line with words, without the engine's own heading."""
    lines = [row.strip() for row in said.splitlines() if row.strip()]
    words = re.sub(r"^(?:#\d+ )?(?:ERROR|Error)(?: response from daemon)?: ", "", lines[-1] if lines else "")
    return words[:500] or "it said nothing"


def _error(code: str, message: str, help: tuple[str, ...]) -> VerifyError:
    return VerifyError(diagnostic(code, Severity.ERROR, message, help=help))
