"""Where programs and libraries are looked for if nobody says otherwise.

Source of the PATH of images that set none: `DefaultPathEnv` of moby; podman and buildah take the same.
"""

from __future__ import annotations

import posixpath

DEFAULT_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
DEFAULT_PATH = ":".join(DEFAULT_FOLDERS)
LIBRARY_FOLDERS = ("/usr/local/lib", "/usr/lib", "/lib", "/usr/lib64", "/usr/local/lib64")
HEADER_FOLDERS = ("/usr/include", "/usr/local/include")


def is_looked_through(path: str) -> bool:
    """Whether a file lies where shells, loaders and compilers look for programs, libraries and headers."""
    folder = posixpath.dirname(path)
    return folder in (*DEFAULT_FOLDERS, *LIBRARY_FOLDERS, *HEADER_FOLDERS)
