"""Level 9: files that libraries open by a fixed name, so that no program of the image names them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from converter.verify.compare.finding import note, warning
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
_READERS = {
    "fonts": re.compile(
        r"lib(?:fontconfig|freetype|fontmanager|pango|cairo|Xft|gd|skia|mupdf|poppler|MagickCore|Qt\dGui)[\w.+-]*"
        r"|java|chrom\w*|firefox\w*|(?:pdf|xe|lua)?(?:la)?tex|gs|inkscape|soffice\.bin|ffmpeg"
        r"|matplotlib|PIL|reportlab|fontTools|canvas|puppeteer|playwright|pdfkit|tcpdf|dompdf|prawn"
    ),
    "the types of files by content": re.compile(
        r"lib(?:gio|Qt\dCore|KF\dCore)[\w.+-]*|xdg(?:-mime)?|mimemagic|mimemagic-.*"
    ),
}
"""Libraries, programs and packages of languages that read such data. Where none is left, nobody misses it."""
_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def compare_shared(pair: Pair) -> Iterator[Difference]:
    """Data that the original has and the conversion has not, by whatever name."""
    lost: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for what, paths, package in _DATA:
        known = [path for path in paths if _there(path, pair, later=False)]
        if known and not any(_there(path, pair, later=True) for path in paths):
            lost[package].append((what, known[0]))
    for package, members in lost.items():
        yield _difference(package, members, pair)
    yield from _certificates(pair)


def _difference(package: str, members: list[tuple[str, str]], pair: Pair) -> Difference:
    """What is missing of one package, as one difference."""
    paths = [path for _, path in members]
    verb = "are" if len(paths) > 1 else "is"
    return (warning if any(_is_read(what, pair) for what, _ in members) else note)(
        Level.SHARED_DATA,
        paths[0],
        f"{' and '.join(what for what, _ in members)}: {', '.join(paths)} {verb} missing",
        f"Install {package} in the final stage if the program or a library of it uses this.",
        lacks=tuple(LacksPath(pair.original.real(path) or path) for path in paths),
    )


def _is_read(what: str, pair: Pair) -> bool:
    """Whether the conversion has something that may read such data."""
    readers = _READERS.get(what)
    return readers is None or any(map(readers.fullmatch, pair.named_after))


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
