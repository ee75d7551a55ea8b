"""Questions about what base images hold: commands, accounts, a shell, the C library."""

from __future__ import annotations

from collections.abc import Mapping

from converter.knowledge.image_model import BaseImage
from converter.knowledge.image_tables import distributions

_LINUX = ("debian", "ubuntu", "alpine", "rpm", "arch", "busybox")


def has_command(image: BaseImage, name: str) -> bool | None:
    """Whether an image holds a command; None where it is not known."""
    if image.family == "scratch":
        return False
    if name in image.has:
        return True
    if name in image.lacks:
        return False
    if name in ("sh", "bash") and image.family == "distroless":
        return False if not has_shell(image) else None
    return None


def is_basic(name: str) -> bool:
    """Whether every system with a shell has a command."""
    commands: Mapping[str, list[str]] = distributions()["commands"]
    return name in commands["everywhere"]


def has_user(image: BaseImage, name: str) -> bool:
    """Whether an account or group is there from the start; of unknown distributions only what all have."""
    if image.family == "scratch":
        return False
    accounts: Mapping[str, list[str]] = distributions()["accounts"]
    return name in image.users or name in accounts.get(image.family, accounts["everywhere"])


def system_homes(family: str) -> Mapping[str, str]:
    """The homes of accounts that a distribution or its packages bring, of those that have another than /home/NAME."""
    homes: Mapping[str, Mapping[str, str]] = distributions()["homes"]
    return homes.get("debian" if family == "ubuntu" else family, {})


def has_shell(image: BaseImage) -> bool:
    """Whether there is a shell; images that are not known count as having one."""
    if image.family == "scratch":
        return False
    return image.family != "distroless" or "debug" in image.tag or image.tag.endswith("-dev")


def loses(old: BaseImage, new: BaseImage) -> tuple[str, ...]:
    """Commands that only the old image is known to have; none where the new one is not known at all."""
    if not new.has and new.family not in ("scratch", "distroless"):
        return ()
    return tuple(sorted(old.has - new.has))


def install_for(command: str, family: str) -> str | None:
    """The package that brings a command to a distribution family, or None."""
    brings: Mapping[str, Mapping[str, str]] = distributions()["brings"]
    return brings.get("debian" if family == "ubuntu" else family, {}).get(command)


def same_libc(one: BaseImage, two: BaseImage) -> bool:
    """Whether both have the same kind of C library: musl, glibc, or none known."""
    return _libc(one) == _libc(two)


def _libc(image: BaseImage) -> str:
    match image.family:
        case "alpine":
            return "musl"
        case "debian" | "ubuntu" | "rpm" | "arch":
            return "glibc"
        case "distroless":
            return "" if "static" in image.repository else "glibc"
        case _:
            return ""
