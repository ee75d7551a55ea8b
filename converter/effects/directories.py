"""Whether it matters in which directory a member of a RUN runs."""

from __future__ import annotations

from converter.effects.model import Member
from converter.effects.places import within


def cares_about_directory(member: Member) -> bool:
    """Whether anything it does lies below the directory it runs in, or it is not known what it does.

    Relative paths are resolved where effects are evaluated, so the places tell; package managers and
    account tools never look at the directory.
    """
    effects = member.effects
    if effects.packages or effects.accounts:
        return False
    if effects.opaque:
        return True
    directory = member.before.directory
    words = [word for invocation in member.invocations for word in invocation.arguments]
    if any(word in (".", "..") or word.startswith(("./", "../")) for word in words):
        return True
    if directory is None:
        return any(
            not p.known for p in (*effects.reads, *effects.deletes, *(w.place for w in effects.writes))
        )
    # a relative path lies below the directory; what lies around it was named from the root
    touched = [*effects.reads, *(w.place for w in effects.writes), *effects.deletes, *effects.attributes]
    return directory != "/" and any(within(place.path, directory) for place in touched)
