"""Level 8: directories that the program expects to find: where it works, its volumes, homes, scratch space."""

from __future__ import annotations

from collections.abc import Iterator

from converter.knowledge.places import is_shared
from converter.verify.compare.finding import error, judged
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import is_state
from converter.verify.differences import Difference, LacksPath, Level
from converter.verify.images.model import Kind

_LEVEL = Level.DIRECTORIES
_SHOWN = 3


def compare_directories(pair: Pair) -> Iterator[Difference]:
    """Directories that are missing; what differs in those of both images is the level paths' question."""
    working = pair.before.working_dir or "/"
    yield from _missing(working, "the working directory", pair)
    for volume in sorted(pair.before.volumes):
        yield from _missing(volume, "the volume", pair)
        yield from _first_content(volume, pair)
    yield from _missing("/tmp", "the directory for temporary files", pair)
    yield from _missing("/var/tmp", "the directory for temporary files", pair, serious=False)
    for user in sorted(pair.accounts_before.users.values(), key=lambda user: user.name):
        if user.name in pair.accounts_after.users and _is_home(user.home):
            yield from _missing(
                user.home, f"the home of {user.name},", pair, serious=user.acts and user.uid != 0
            )


def _missing(path: str, what: str, pair: Pair, serious: bool = True) -> Iterator[Difference]:
    if not pair.original.is_directory(path) or pair.converted.is_directory(path):
        return
    entry = pair.original.entry(path)
    mode, owner = (entry.mode, f"{entry.uid}:{entry.gid}") if entry else (0o755, "0:0")
    yield judged(
        serious and path not in pair.intended.paths,
        _LEVEL,
        path,
        f"{what} {path} is missing",
        f"Make it in the final stage: mkdir -p {path} && chown {owner} {path} && chmod {mode:04o} {path}",
        lacks=(LacksPath(pair.original.real(path) or path),),
    )


def _first_content(volume: str, pair: Pair) -> Iterator[Difference]:
    """What a new volume is filled with."""
    real = pair.original.real(volume)
    if real is None or real == "/" or not pair.converted.is_directory(volume):
        return
    start = real + "/"
    lost = [
        path
        for path, entry in pair.lost()
        if path.startswith(start)
        and entry.kind is not Kind.DIRECTORY
        and not (is_state(path) and _is_log(path))
    ]
    if lost:
        shown = ", ".join(lost[:_SHOWN])
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        yield error(
            _LEVEL,
            lost[0],
            f"the volume {volume} starts without {shown}{more}",
            "Copy the first content of the volume from the builder, before VOLUME.",
            lacks=tuple(LacksPath(path) for path in lost),
        )


def _is_home(path: str) -> bool:
    """Whether a home is somebody's own: many accounts of the system have /bin or /dev."""
    return path.startswith("/") and (
        path.startswith(("/root", "/home/")) or not (is_shared(path) or is_state(path + "/"))
    )


def _is_log(path: str) -> bool:
    return path.endswith(".log") or "/__pycache__/" in path
