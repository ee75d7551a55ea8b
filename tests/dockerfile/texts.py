"""Strategies for hypothesis: Dockerfiles built bottom up from what readers stumble over."""

from __future__ import annotations

from hypothesis import strategies as st

BLANKS = st.sampled_from([" ", " ", "  ", "\t", " \t"])
WORDS = st.sampled_from(
    [
        "a",
        "/x",
        "k=v",
        "k='v w'",
        'k="v w"',
        "$x",
        "${x:-y}",
        "''",
        '"q r"',
        "\\ ",
        "\\'",
        "it's",
        '"',
        "é",
        "日本",
        "=",
        "#",
        "#x",
        "&&",
        "<<EOF",
        "<<-EOF",
        "<<'EOF'",
        '<<"E F"',
        "3<<X",
        "<<",
        "<<<x",
        "a<<EOF",
        ">/f",
        '["a", "b"]',
        '["a",',
        "[]",
        "[1]",
        "['a']",
        '["\\u00e9"]',
        "--",
        "--x",
        "${",
        "${a",
        "${a[0]}",
        "$(x)",
        "`x`",
        "AS",
        "\ufeff",
        "\x1c",
    ]
)
HEADS = st.sampled_from(
    [
        "RUN",
        "run",
        "RUN --mount=type=cache,target=/x",
        "RUN --network=none --",
        "COPY",
        "COPY --chown='a b' --link",
        "ADD",
        "COPY --from=b",
        "ENV k=v",
        "LABEL k=v",
        "ENV",
        "ARG",
        "CMD",
        "ENTRYPOINT",
        "SHELL",
        "HEALTHCHECK CMD",
        "HEALTHCHECK NONE",
        "HEALTHCHECK --interval=3s CMD",
        "ONBUILD RUN",
        "ONBUILD COPY",
        "USER",
        "WORKDIR",
        "EXPOSE",
        "VOLUME",
        "MAINTAINER",
        "STOPSIGNAL",
        "FROM a AS b",
        "comment",
        "\u00a0RUN",
        "\\\nRUN",
    ]
)
BETWEEN = st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n", "\n# c\n", "\n \t# c\n", "\n \n"])
LINE_ENDS = st.sampled_from([" \n", "\n", "\t\n", "\r\n"])
BODIES = st.sampled_from(["", "x\n", "\tx\n", "# c\n\n", "RUN y \\\n", "\r\n"])
CLOSINGS = st.sampled_from(["EOF", "\tEOF", "X", "E F", "EOF ", "EOF\r"])


@st.composite
def instructions(draw: st.DrawFn, escape: str) -> str:
    """One instruction, well formed or not, without its line end."""
    parts = [draw(HEADS)]
    for _ in range(draw(st.integers(0, 5))):
        parts.append(draw(BLANKS))
        turn = draw(st.integers(0, 7))
        if turn == 0:
            parts.append(escape + draw(BETWEEN))
        elif turn == 1:
            parts.append(escape * draw(st.integers(1, 3)) + draw(LINE_ENDS))
        parts.append(draw(WORDS))
    if any("<<" in part for part in parts):
        for _ in range(draw(st.integers(0, 3))):
            parts += ["\n", draw(BODIES), draw(CLOSINGS)]
    return "".join(parts)


@st.composite
def dockerfiles(draw: st.DrawFn) -> str:
    """A whole file."""
    escape = draw(st.sampled_from(["\\", "\\", "`"]))
    top = draw(st.sampled_from(["", "", "\ufeff", "# syntax=x\n", "# c\n", "\n"]))
    directive = "" if escape == "\\" else "# escape=`\n"
    found = draw(st.lists(instructions(escape), min_size=1, max_size=3))
    end = draw(
        st.sampled_from(["", "\n", escape, f" {escape}\n", f"{escape}\n\n", f"{escape}\n# c\n", "\n# c"])
    )
    body = "".join(each + draw(BETWEEN) for each in found[:-1]) + found[-1] + end
    return (directive + "FROM a\n" if not top else top + directive + "FROM a\n") + body
