"""The two images of a comparison, with what all levels ask of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from converter.verify.compare.accounts import Accounts, accounts
from converter.verify.compare.ownership import Distribution, distribution
from converter.verify.images.lookup import Tree
from converter.verify.images.model import Configuration, Entry, Image


class Intended(Struct, frozen=True):
    """What a conversion changes on purpose: such differences are notes.

    `environment` are names of variables of the old base image's tool chain, `labels` those of its labels:
    where the base changed, `own_labels` are the names that the file itself sets, and all others are the base's.
    `paths` files and trees that the plan leaves behind although they look like the program's. `entrypoint`: the
    old base's ENTRYPOINT only wraps the command, and leaves with it. `random`: the ends of paths that steps name
    which make keys or other random content. `accounts`: names and numbers of accounts that steps say.
    """

    environment: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    own_labels: frozenset[str] | None = None
    paths: frozenset[str] = frozenset()
    entrypoint: bool = False
    random: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()


class Pair:
    """Original and conversion."""

    def __init__(self, original: Image, converted: Image, intended: Intended) -> None:
        self.original = Tree(original)
        self.converted = Tree(converted)
        self.intended = intended

    @property
    def before(self) -> Configuration:
        """The original's configuration."""
        return self.original.image.configuration

    @property
    def after(self) -> Configuration:
        """The conversion's configuration."""
        return self.converted.image.configuration

    @cached_property
    def distribution_before(self) -> Distribution:
        """The packages of the original's distribution."""
        return distribution(self.original)

    @cached_property
    def distribution_after(self) -> Distribution:
        """Those of the conversion."""
        return distribution(self.converted)

    @property
    def owned(self) -> Mapping[str, str]:
        """Paths that a package of the original's distribution brought."""
        return self.distribution_before.owners

    @property
    def owned_after(self) -> Mapping[str, str]:
        """The same for the conversion, whose package data may be gone: then those of the original count."""
        return self.distribution_after.owners or self.owned

    def of_other_version(self, path: str) -> bool:
        """Whether packages brought the path to both images, and not the same version of one package."""
        before = self.distribution_before.version_of(path)
        after = self.distribution_after.version_of(path)
        return before is not None and after is not None and before != after

    def is_delivered(self, path: str) -> bool:
        """Whether both images have a file as their distributions deliver it.

        An image without package data (distroless, BusyBox) cannot say so: there the original's word counts alone.
        """
        if not self.owned:
            return False
        return _is_delivered(path, self.original, self.distribution_before, self._contents_before) and (
            _is_delivered(path, self.converted, self.distribution_after, self._contents_after)
        )

    def came_with_packages(self, path: str) -> bool:
        """Whether a file of the original is owned by a package, or a copy of such a file."""
        return path in self.owned or self.original.entries[path].sha256 in self._contents_before

    def left_with_package(self, path: str) -> bool:
        """Whether it is a setting that only packages' scripts of the original make which the conversion has not."""
        makers = self.distribution_before.makers.get(path)
        return makers is not None and makers.isdisjoint(self.distribution_after.versions)

    @cached_property
    def _contents_before(self) -> frozenset[bytes]:
        return _contents(self.original, self.distribution_before)

    @cached_property
    def _contents_after(self) -> frozenset[bytes]:
        return _contents(self.converted, self.distribution_after)

    @cached_property
    def accounts_before(self) -> Accounts:
        """Users and groups of the original."""
        return accounts(self.original)

    @cached_property
    def accounts_after(self) -> Accounts:
        """Users and groups of the conversion."""
        return accounts(self.converted)

    @property
    def entrypoint_left(self) -> bool:
        """Whether the original's ENTRYPOINT left with its base image, as intended."""
        return self.intended.entrypoint and not self.after.entrypoint

    def is_made_at_random(self, path: str) -> bool:
        """Whether a step that makes random content names a file."""
        return any(path.endswith(end) for end in self.intended.random)

    def is_label_of_base(self, name: str) -> bool:
        """Whether a label came with the old base image and left with it, as intended."""
        own = self.intended.own_labels
        return name in self.intended.labels or (own is not None and name not in own)

    @cached_property
    def named_after(self) -> Mapping[str, list[str]]:
        """The conversion's paths by their last name."""
        found: dict[str, list[str]] = {}
        for path in self.converted.entries:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def in_both(self) -> Iterator[tuple[str, Entry, Entry]]:
        """Paths that both images have, sorted."""
        later = self.converted.entries
        for path, entry in self.original.entries.items():
            if (other := later.get(path)) is not None:
                yield path, entry, other

    def lost(self) -> Iterator[tuple[str, Entry]]:
        """Paths that only the original has, sorted."""
        later = self.converted.entries
        for path, entry in self.original.entries.items():
            if path not in later:
                yield path, entry

    @cached_property
    def promised(self) -> tuple[str, ...]:
        """Directories that the program works in: the working directory, volumes, homes, scratch space."""
        homes = [user.home for user in self.accounts_before.users.values() if user.acts]
        places = [self.before.working_dir or "/", *self.before.volumes, *homes, "/tmp", "/var/tmp"]
        return tuple(sorted({place.rstrip("/") for place in places} - {"", "/nonexistent", "/dev", "/bin"}))

    def is_promised(self, path: str) -> bool:
        """Whether a path is such a directory or lies in one."""
        return any(path == place or path.startswith(place + "/") for place in self.promised)


_SETTINGS = re.compile(r"/etc/(?!skel/)")


def _contents(tree: Tree, source: Distribution) -> frozenset[bytes]:
    """The contents of all files that packages brought outside /etc: their scripts copy some of them elsewhere."""
    files = (tree.entries.get(path) for path in source.owners if not _SETTINGS.match(path))
    return frozenset(entry.sha256 for entry in files if entry is not None and entry.size)


def _is_delivered(path: str, tree: Tree, source: Distribution, contents: frozenset[bytes]) -> bool:
    entry = tree.entries[path]
    if not source.owners:
        return True
    return source.delivered.get(path) == entry.md5.hex() or entry.sha256 in contents
