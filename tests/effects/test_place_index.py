"""The index finds what trying each place would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from converter.dockerfile.model import HOLE
from converter.effects.place_index import PlaceIndex
from converter.effects.places import Place, overlaps

NAMES = st.sampled_from(["a", "b", "ab", "*", "b*", HOLE, "a" + HOLE])
PLACES = st.builds(
    Place, st.lists(NAMES, max_size=3).map(lambda names: "/" + "/".join(names)), tree=st.booleans()
)


@given(st.lists(PLACES, max_size=8), st.lists(PLACES, max_size=3))
def test_the_index_finds_what_trying_each_place_would(places: list[Place], wanted: list[Place]) -> None:
    index = PlaceIndex()
    for step, place in enumerate(places):
        index.add(step, [place])
    found = {step for step, place in enumerate(places) if any(overlaps(place, each) for each in wanted)}
    assert index.meeting(wanted) == found
