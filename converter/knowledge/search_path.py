"""Where programs are looked for if nobody says otherwise: the PATH of images that set none.

Source: `DefaultPathEnv` of moby; podman and buildah take the same.
"""

from __future__ import annotations

DEFAULT_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
DEFAULT_PATH = ":".join(DEFAULT_FOLDERS)
