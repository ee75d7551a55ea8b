"""What a conversion lacks becomes what the next one adds."""

from __future__ import annotations

import pytest

from converter.diagnostics import Severity
from converter.observed import Observed
from converter.verify.differences import Difference, Lack, LacksId, LacksPath, LacksVariable, Level
from converter.verify.repair import Origins, additions, repaired

ORIGINS = Origins(
    owners={"/usr/lib/libodbc.so.2": "libodbc2"},
    instruction={"/srv/data": 4, "/srv/file": 4, "/opt/x": 2}.get,
    is_directory=lambda path: path == "/srv/data",
)


def lacking(*lacks: Lack) -> tuple[Difference, ...]:
    return (Difference(Level.PATHS, Severity.ERROR, "x", "y", (), "MS712", lacks),)


@pytest.mark.parametrize(
    ("lack", "wanted", "words"),
    [
        (LacksPath("/usr/lib/libodbc.so.2"), Observed(packages=("libodbc2",)), "package libodbc2"),
        (LacksPath("/srv/data"), Observed(paths={4: ("/srv/data/",)}), "path /srv/data/"),
        (LacksPath("/opt/x"), Observed(paths={2: ("/opt/x",)}), "path /opt/x"),
        (LacksVariable("A", "b c"), Observed(env={"A": "b c"}), "ENV A"),
        (LacksId("user", "app", 998), Observed(users={"app": 998}), "user app 998"),
        (LacksId("group", "app", 997), Observed(groups={"app": 997}), "group app 997"),
    ],
)
def test_a_lack_is_added(lack: Lack, wanted: Observed, words: str) -> None:
    found = repaired(Observed(), lacking(lack), ORIGINS)
    assert found == wanted
    assert additions(Observed(), found) == (words,)


def test_what_nobody_made_cannot_be_added() -> None:
    assert repaired(Observed(), lacking(LacksPath("/nowhere")), ORIGINS) == Observed()


def test_more_is_added_to_what_is_known_and_nothing_twice() -> None:
    known = Observed(packages=("libodbc2", "zip"), paths={4: ("/srv/file",)})
    lacks = lacking(LacksPath("/srv/data"), LacksPath("/srv/file"), LacksPath("/usr/lib/libodbc.so.2"))
    found = repaired(known, lacks, ORIGINS)
    assert found == Observed(packages=("libodbc2", "zip"), paths={4: ("/srv/data/", "/srv/file")})
    assert additions(known, found) == ("path /srv/data/",)
