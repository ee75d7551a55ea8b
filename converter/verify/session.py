"""Everything that a verification makes in an engine has a name of its own, and is removed at the end."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from converter.verify.engines.model import Engine
from converter.verify.errors import VerifyError
from converter.verify.interrupts import held

PREFIX = "multistage-verify"


class Session:
    """Names of images and containers, noted before they are made, so that none is forgotten.

    Used as a context: what is left at its end is removed, whatever ended it, unless `keep`. Ctrl-C waits for
    that. `left` are the names that could not be removed, or were kept.
    """

    def __init__(self, engine: Engine, keep: bool = False) -> None:
        self.engine = engine
        self.keep = keep
        self.left: tuple[str, ...] = ()
        self.identity = secrets.token_hex(4)
        self._containers: list[str] = []
        self._images: list[str] = []

    def image(self, role: str) -> str:
        """The name for an image that is about to be built."""
        name = f"{PREFIX}:{self.identity}-{role}"
        self._images.append(name)
        return name

    @contextmanager
    def container(self, role: str) -> Iterator[str]:
        """The name for a container that is about to be made; it is removed when this is left."""
        name = f"{PREFIX}-{self.identity}-{role}-{len(self._containers) + 1}"
        self._containers.append(name)
        try:
            yield name
        finally:
            if not self.keep:
                with held():
                    self.engine.remove_container(name)
                    self._containers[self._containers.index(name)] = ""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        with held():
            containers = [name for name in self._containers if name]
            if self.keep:
                self.left = (*containers, *self._images)
                return
            kinds = (self.engine.remove_container, containers), (self.engine.remove_image, self._images)
            self.left = tuple(name for remove, names in kinds for name in names if not _removed(remove, name))
            _removed(lambda _: self.engine.tidy(), "")


def _removed(remove: Callable[[str], None], name: str) -> bool:
    """Whether something is gone; an engine that fails here must not hide what ended the session."""
    try:
        remove(name)
    except VerifyError:
        return False
    return True
