"""Whether the build says that it makes static programs: only then an image without a C library is enough.

Every command that links has to say it: Go without cgo, Rust for a musl target or with a static C run time, a C
compiler with `-static`. One that does not say it may have made what the container starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.effects.model import Invocation, Member, Phase
from converter.graph.model import Analysis

C = frozenset(
    {"gcc", "g++", "cc", "c++", "clang", "clang++", "ld", "make", "gmake", "cmake", "ninja", "meson"}
)
NO_CGO = re.compile(r"\bCGO_ENABLED=[\"']?0\b")
STATIC_LINK = re.compile(r"(?<![^\s\"'=])-static(?:-pie)?(?![^\s\"'])")
STATIC_RUST = re.compile(r"-linux-musl|\+crt-static")


def is_static(analysis: Analysis) -> bool:
    """Whether all that is linked is linked statically, and something is."""
    text = analysis.dockerfile.source.text
    found = [
        verdict
        for step in analysis.steps
        if step.phase is Phase.BUILD
        for member in step.members
        for invocation in member.invocations
        for verdict in _links_statically(member, invocation, member.span.of(text))
    ]
    return bool(found) and all(found)


def _links_statically(member: Member, invocation: Invocation, text: str) -> Iterator[bool]:
    """Whether a command that links does so statically; nothing for one that does not link."""
    variables = member.before.variables
    said = " ".join(invocation.arguments)
    without_cgo = variables.get("CGO_ENABLED") == "0" or NO_CGO.search(text) is not None
    match invocation.name:
        case "go":
            command = invocation.arguments[0] if invocation.arguments else ""
            if command in ("build", "install") or (command == "get" and _fetches_program(invocation)):
                yield without_cgo or STATIC_LINK.search(said) is not None
        case "cargo" | "rustc":
            flags = (
                f"{said} {text} {variables.get('RUSTFLAGS', '')} {variables.get('CARGO_BUILD_TARGET', '')}"
            )
            if invocation.name == "rustc" or {"build", "install", "rustc"} & set(invocation.arguments[:2]):
                yield STATIC_RUST.search(flags) is not None
        case "musl-gcc":
            yield STATIC_LINK.search(said) is not None
        case name if name in C:
            flags = f"{said} {text} {variables.get('LDFLAGS', '')}"
            yield STATIC_LINK.search(flags) is not None or (without_cgo and name in ("make", "gmake"))
        case _:
            pass


def _fetches_program(invocation: Invocation) -> bool:
    """Whether `go get` may build a program of another module, rather than fetch what the own one needs."""
    words = [word for word in invocation.arguments[1:] if not word.startswith("-")]
    return "-d" not in invocation.arguments and any(not word.startswith(".") for word in words)
