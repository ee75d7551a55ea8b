"""Whether it matters in which directory a member of a RUN runs."""

from __future__ import annotations

from converter.effects.model import Member
from converter.effects.places import Place, overlaps


def cares_about_directory(member: Member) -> bool:
    """Whether anything it does lies below the directory it runs in."""
    directory = member.before.directory
    if directory is None:
        return True
    if any(
        not w.startswith(("/", "-", "$")) and ("/" in w or "." in w)
        for i in member.invocations
        for w in i.arguments
    ):
        return True
    place = Place(directory, tree=True)
    effects = member.effects
    touched = [*effects.reads, *(w.place for w in effects.writes), *effects.deletes, *effects.attributes]
    return directory != "/" and any(overlaps(place, other) for other in touched)
