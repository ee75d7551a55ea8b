"""What proves that a program is static, so that it runs without a C library."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.options import Options
from converter.outcome import Converted, Refused


@pytest.mark.parametrize(
    ("base", "lines", "static"),
    [
        ("golang:1.22", "RUN CGO_ENABLED=0 go build -o /x .", True),
        ("golang:1.22", "RUN CGO_ENABLED='0' GOOS=linux go build -o /x .", True),
        ("golang:1.22", "ENV CGO_ENABLED 0\nRUN go build -o /x .", True),
        ("golang:1.22", "RUN go get -v ./... && CGO_ENABLED=0 go build -o /x .", True),
        ("golang:1.22", """RUN go build -ldflags '-extldflags "-static"' -o /x .""", True),
        ("golang:1.22", "RUN go build -o /x .", False),
        ("golang:1.22", "# CGO_ENABLED=0\nRUN go build -o /x .", False),
        ("golang:1.22", "RUN CGO_ENABLED=0 go build -o /y ./y\nRUN go build -o /x .", False),
        (
            "rust:1.75",
            "RUN cargo build --target x86_64-unknown-linux-musl && cp target/x86_64-unknown-linux-musl/debug/x /x",
            True,
        ),
        ("rust:1.75", "RUN cargo install --path . --root /x", False),
        ("gcc:12", "RUN gcc -O2 -static -o /x x.c", True),
        ("gcc:12", "RUN make LDFLAGS=-static && cp app /x", True),
        ("gcc:12", "RUN gcc -O2 -static-libgcc -o /x x.c", False),
        ("gcc:12", "RUN ./configure --enable-static && make && cp app /x", False),
    ],
)
def test_scratch_is_for_static_programs(base: str, lines: str, static: bool) -> None:
    text = f'FROM {base}\nWORKDIR /src\nCOPY . .\n{lines}\nWORKDIR /\nCMD ["/x"]\n'
    outcome = convert(text, options=Options(final_base="scratch"))
    match outcome:
        case Converted():
            assert static
        case Refused(reason=reason):
            assert not static
            assert reason.code == "MS509"
        case _:
            pytest.fail(str(outcome))


@pytest.mark.parametrize(
    ("base", "line", "program"),
    [
        ("golang:1.22", "RUN go build -o /x .", "/x"),
        ("rust:1.75", "RUN cargo install --path . --root /x", "/x/bin/x"),
    ],
)
def test_programs_of_any_compiler_are_stripped(base: str, line: str, program: str) -> None:
    text = f'FROM {base}\nWORKDIR /src\nCOPY . .\n{line}\nWORKDIR /\nCMD ["{program}"]\n'
    outcome = convert(text, options=Options(optimize=frozenset({"strip"})))
    assert isinstance(outcome, Converted), outcome
    assert "-exec strip --strip-unneeded" in outcome.dockerfile.partition("\n\nFROM ")[0]
