"""Level 9: files that libraries open by a fixed name, so that no program of the image names them."""

from __future__ import annotations

from collections.abc import Iterator

from converter.verify.compare.finding import warning
from converter.verify.compare.pair import Pair
from converter.verify.differences import Difference, LacksPath, Level

_DATA = (
    (
        "certificates of authorities",
        ("/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"),
        "ca-certificates",
    ),
    ("the time zones", ("/usr/share/zoneinfo",), "tzdata"),
    ("the local time zone", ("/etc/localtime",), "tzdata"),
    ("the names of services", ("/etc/services",), "netbase"),
    ("the names of protocols", ("/etc/protocols",), "netbase"),
    ("the order of name services", ("/etc/nsswitch.conf",), "base-files or libc-bin"),
    ("the types of files by suffix", ("/etc/mime.types",), "media-types or mailcap"),
    (
        "the types of files by content",
        ("/usr/share/mime/magic", "/usr/share/mime/mime.cache"),
        "shared-mime-info",
    ),
    ("locales", ("/usr/lib/locale/locale-archive", "/usr/lib/locale/C.utf8"), "locales"),
    ("character sets", ("/usr/lib/*/gconv/gconv-modules",), "libc6"),
    ("fonts", ("/usr/share/fonts",), "the fonts-… package that the original has"),
    ("the terminal descriptions", ("/lib/terminfo", "/usr/share/terminfo", "/etc/terminfo"), "ncurses-base"),
    ("the shell", ("/bin/sh",), "a base image with a shell"),
    ("env", ("/usr/bin/env",), "coreutils or busybox"),
)
_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def compare_shared(pair: Pair) -> Iterator[Difference]:
    """Data that the original has and the conversion has not, by whatever name."""
    for what, paths, package in _DATA:
        known = [path for path in paths if _there(path, pair, later=False)]
        if known and not any(_there(path, pair, later=True) for path in paths):
            yield warning(
                Level.SHARED_DATA,
                known[0],
                f"{what}: {known[0]} is missing",
                f"Install {package} in the final stage if the program or a library of it uses this.",
                lacks=(LacksPath(pair.original.real(known[0]) or known[0]),),
            )
    yield from _certificates(pair)


def _certificates(pair: Pair) -> Iterator[Difference]:
    """Other certificates, as where an authority of one's own was installed in the builder only."""
    before, after = pair.original.entry(_BUNDLE), pair.converted.entry(_BUNDLE)
    if before and after and before.sha256 != after.sha256:
        yield warning(
            Level.SHARED_DATA,
            _BUNDLE,
            f"{_BUNDLE} trusts other authorities ({before.size} and {after.size} bytes)",
            "Install the authority's certificate in the final stage and run update-ca-certificates.",
        )


def _there(path: str, pair: Pair, later: bool) -> bool:
    tree = pair.converted if later else pair.original
    head, star, tail = path.partition("*")
    if not star:
        return tree.exists(path)
    return any(tree.exists(f"{head}{name}{tail}") for name in tree.children.get(head.rstrip("/"), []))
