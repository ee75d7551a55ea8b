"""Laws that hold for any input: nothing raises, places are sets of paths, nesting adds nothing."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from converter.dockerfile.model import HOLE
from converter.effects.model import merge
from converter.effects.places import Place, covers, overlaps
from converter.knowledge.commands import shipped
from converter.knowledge.loader import load_packed
from tests.effects.saying import effects_of, run, said

NAMES = sorted({*load_packed()["commands"], *load_packed()["names"]})
SUBCOMMANDS = sorted(
    {name for command in NAMES if (found := shipped().find(command)) for name in found.subcommands}
)
WORDS = st.one_of(
    st.sampled_from(SUBCOMMANDS),
    st.sampled_from(
        [
            "-",
            "--",
            "---",
            "-x",
            "-xzf",
            "-C",
            "-o",
            "-of",
            "-f",
            "-i",
            "-e",
            "-m",
            "-c",
            "-p",
            "-P",
            "-t",
            "-s",
            "-r",
            "-a",
            "-n",
            "--prefix",
            "--prefix=/p",
            "--output=",
            "-O",
            ".",
            "..",
            "/",
            "~",
            "./a",
            "../b",
            "/etc/x",
            "a/b/",
            "*.so",
            "'a b'",
            "''",
            "$UNSET",
            "$(id)",
            "a=b",
            "a=",
            "=b",
            "http://x/y?z=1",
            "git+https://x/y.git",
            "user@host:p.git",
            "name=1.2",
            "name/suite",
            "'{}'",
            "';'",
            "'\\;'",
            "+",
            "install",
            "user:group",
            "1000",
            "-Dt",
            "-la",
            "--no-cache",
            "--virtual",
            ".deps",
        ]
    ),
    st.text(alphabet="abz019/.-_=:@{}[]*?~+%,", max_size=8).map(lambda text: "'" + text + "'"),
)


@given(st.sampled_from(NAMES), st.lists(WORDS, max_size=7))
def test_no_command_raises(name: str, words: list[str]) -> None:
    effects = effects_of(f"{name} {' '.join(words)}")
    assert effects.phase is not None
    for write in effects.writes:
        assert write.place.path.startswith(("/", HOLE)), write


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    run(text)


COMMANDS = (
    "cd /x",
    "mkdir a",
    "touch b",
    "make",
    "apt-get update",
    "rm -r a",
    "x=1",
    "echo $x > f",
    "set -e",
    "curl -O u/v",
)
LINES = st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=6)


@given(LINES)
def test_members_of_a_plain_list_stand_in_order_and_give_back_the_whole(lines: list[str]) -> None:
    text = " && ".join(lines)
    found, _ = run(text)
    assert [text[member.span.start : member.span.end] for member in found] == lines
    whole, _ = run("{ " + text + "; }")
    assert said(merge(tuple(member.effects for member in found))) == said(whole[0].effects)


PARTS = st.lists(
    st.sampled_from(["a", "b", "a*", "*", "?", "[ab]", HOLE, "a" + HOLE]), min_size=1, max_size=3
)
PLACES = st.builds(lambda parts, tree: Place("/" + "/".join(parts), tree), PARTS, st.booleans())
NAMES_IN_PATHS = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4)
PLAIN = st.builds(lambda parts: Place("/" + "/".join(parts)), NAMES_IN_PATHS)


@given(PLACES, PLACES)
def test_overlapping_is_symmetric(one: Place, two: Place) -> None:
    assert overlaps(one, two) == overlaps(two, one)


@given(PLACES, PLACES)
def test_what_is_covered_overlaps(outer: Place, inner: Place) -> None:
    if covers(outer, inner):
        assert overlaps(outer, inner)


@given(PLACES, PLAIN)
def test_a_plain_path_is_covered_if_it_is_in_the_known_set(outer: Place, path: Place) -> None:
    if outer.known:
        assert covers(outer, path) == overlaps(outer, path) == _matches(outer, path.path)
    else:
        assert not covers(outer, path)


@given(PLACES, PLACES, PLAIN)
def test_sets_with_a_common_path_overlap(one: Place, two: Place, path: Place) -> None:
    if overlaps(one, path) and overlaps(two, path):
        assert overlaps(one, two)


def _matches(place: Place, path: str) -> bool:
    pattern = re.escape(place.path).replace(r"\*", "[^/]*").replace(r"\?", "[^/]").replace(r"\[ab\]", "[ab]")
    return re.fullmatch(pattern + ("(/.*)?" if place.tree else ""), path) is not None
