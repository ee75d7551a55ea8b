"""A Dockerfile is replaced whole or not at all: a file beside it takes its place in one step."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from converter.errors import UsageError


def replace(path: str, data: bytes, within: str | None = None) -> None:
    """Write `data` to `path`, which is afterwards either as before or complete.

    An existing file keeps its mode and owner. A symlink is followed; with `within`, the folder that was
    given, only to a place inside it. Raises UsageError.
    """
    target = os.path.realpath(path)
    reason = obstacle(path, within)
    if reason is not None:
        raise UsageError(reason)
    try:
        old = os.stat(target) if os.path.lexists(target) else None
        if old is None or stat.S_ISREG(old.st_mode):
            _replace_regular(target, data, old)
        else:  # a device or a pipe has no half state to avoid; a directory is an error that open reports
            with open(target, "wb") as file:
                file.write(data)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error


def obstacle(path: str, within: str | None = None) -> str | None:
    """Why a file may not be replaced, as far as that can be told without trying; None if nothing forbids it."""
    target = os.path.realpath(path)
    if within is not None and not inside(target, within):
        return f"{path}: a symlink to {target}, outside {within}, is not followed"
    try:
        mode = os.stat(target).st_mode
    except OSError:
        return None
    if stat.S_ISREG(mode) and not mode & 0o222:
        # for root too: the mode is its owner's word
        return f"{path}: cannot be written: it is read-only"
    return None


def inside(path: str, folder: str) -> bool:
    """Whether a path, its symlinks followed, lies in a folder."""
    real = os.path.realpath(folder)
    return os.path.realpath(path).startswith(real.rstrip(os.sep) + os.sep)


def _replace_regular(target: str, data: bytes, old: os.stat_result | None) -> None:
    import tempfile

    handle, name = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target))
    try:
        with open(handle, "wb") as file:
            file.write(data)
            _take_over(file.fileno(), old)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:  # Ctrl-C too leaves no file behind
        with suppress(OSError):
            os.unlink(name)
        raise


def _take_over(handle: int, old: os.stat_result | None) -> None:
    """Give the new file the old one's owner, where that is allowed, and its mode."""
    if old is None:
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
        return
    with suppress(PermissionError):
        os.fchown(handle, old.st_uid, old.st_gid)
    os.fchmod(handle, stat.S_IMODE(old.st_mode))
