"""What a conversion changes on purpose, told by the base images of original and conversion."""

from __future__ import annotations

from converter.knowledge.images import base_image
from converter.verify.compare.pair import Intended


def intended_by_bases(original: str, converted: str) -> Intended:
    """The variables and the wrapping ENTRYPOINT that the original's base sets and the conversion's base does not.

    Both are references as in FROM. An unknown image sets nothing that is known, so nothing is excused. Who asks for
    `scratch` gets no directory for temporary files: nothing there could make it.
    """
    before, after = base_image(original), base_image(converted)
    names = (name for name, value in before.env.items() if after.env.get(name) != value and name != "PATH")
    return Intended(
        environment=frozenset(names),
        paths=frozenset({"/tmp", "/var/tmp"}) if converted == "scratch" else frozenset(),
        entrypoint=before.pass_through_entrypoint and not after.entrypoint,
    )
