"""An original and a good conversion of it, with something for every level of the comparison to look at."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from converter.verify.images.archive import read_image
from converter.verify.images.model import Image
from tests.verify.archives import Described, Directory, File, Files, Link, Node, docker_archive
from tests.verify.elf_files import elf

LOADER = "lib64/ld-linux-x86-64.so.2"
LIBS = "usr/lib/x86_64-linux-gnu"
PURE = "usr/local/lib/python3.11/site-packages"
SETCAP = "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0"


def program(*needed: str, **more: Any) -> File:
    """A program of this distribution that loads the named libraries and the C library."""
    return File(
        elf([*needed, "libc.so.6"], interpreter=f"/{LOADER}", required={"libc.so.6": ["GLIBC_2.34"]}, **more),
        0o755,
    )


def library(soname: str, *needed: str, **more: Any) -> File:
    return File(elf([*needed, "libc.so.6"], soname=soname, **more))


def text(content: str, mode: int = 0o644, uid: int = 0, gid: int = 0) -> File:
    return File(content.encode(), mode, uid, gid)


BASE: Files = {
    "bin": Link("usr/bin"),
    "lib": Link("usr/lib"),
    "lib64": Link("usr/lib64"),
    "usr/bin/dash": program(),
    "usr/bin/sh": Link("dash"),
    "usr/bin/env": program(),
    "usr/bin/cat": program(),
    "usr/bin/perl": program(),
    "usr/bin/python3": program(),
    "usr/bin/gunicorn": text("#!/usr/bin/python3\n", 0o755),
    f"usr/{LOADER}": File(elf(soname="ld-linux-x86-64.so.2", defined=["GLIBC_2.2.5"]), 0o755),
    f"{LIBS}/libc.so.6": File(elf(soname="libc.so.6", defined=["GLIBC_2.2.5", "GLIBC_2.34"])),
    "etc/passwd": text("root:x:0:0:root:/root:/bin/sh\ngames:x:5:60::/usr/games:/usr/sbin/nologin\n"),
    "etc/group": text("root:x:0:\ngames:x:60:\n"),
    "etc/os-release": text('ID=debian\nVERSION_ID="12"\n'),
    "etc/ld.so.conf": text("include /etc/ld.so.conf.d/*.conf\n"),
    "etc/ld.so.conf.d/local.conf": text("/usr/local/lib\n"),
    "etc/services": text("http 80/tcp\n"),
    "etc/nsswitch.conf": text("passwd: files\nhosts: files mdns4_minimal [NOTFOUND=return] dns\n"),
    "etc/default/app": text("delivered\n"),
    "root": Directory(0o700),
    "root/.profile": text("mesg n\n"),
    "tmp": Directory(0o1777),
    "var/tmp": Directory(0o1777),
    "var/log/dpkg.log": text("base\n"),
    "usr/share/base-files/dot.profile": text("mesg n\n"),
    "var/lib/dpkg/status": text(
        "Package: base-files\nVersion: 12\n\nPackage: tools\nVersion: 1\n"
        "Conffiles:\n /etc/default/app bb8f59c7a19ef4ee7d0f1e1b13c8e7a0\n"
    ),
    "var/lib/dpkg/info/base-files.list": text("/.\n/usr/share/base-files/dot.profile\n/etc/services\n"),
    "var/lib/dpkg/info/tools.postinst": text("#!/bin/sh\nadduser --system --group _tools\n", 0o755),
    "var/spool/tools": Directory(0o750, 102, 103),
    "var/lib/dpkg/info/tools.list": text(
        "/bin/dash\n/bin/sh\n/bin/cat\n/usr/bin/env\n/usr/bin/perl\n/usr/bin/python3\n/usr/bin/gunicorn\n/etc/default/app\n"
    ),
}
"""A distribution, as the final base has it."""

BUILDER: Files = {
    "usr/bin/gcc": program(),
    "usr/bin/curl": program("libcurl.so.4"),
    f"{LIBS}/libcurl.so.4": library("libcurl.so.4"),
    f"{LIBS}/libcrypt.a": File(b"!<arch>\n"),
    f"{LIBS}/libcurl.so": Link("libcurl.so.4"),
    "usr/include/curl.h": text("int x;\n"),
    "var/lib/dpkg/info/gcc.list": text(
        f"/usr/bin/gcc\n/usr/include/curl.h\n/{LIBS}/libcrypt.a\n/{LIBS}/libcurl.so\n"
    ),
    "var/lib/dpkg/info/curl.list": text(f"/usr/bin/curl\n/{LIBS}/libcurl.so.4\n"),
    "var/log/dpkg.log": text("builder\n"),
    "root/.cache/pip/x": text("cached\n"),
    "home/app/.npm/_cacache/x": text("cached\n"),
    "usr/local/go/bin/go": program(),
    "usr/local/include/own.h": text("int y;\n"),
    "etc/passwd": text(
        "root:x:0:0:root:/root:/bin/sh\ngames:x:5:60::/usr/games:/usr/sbin/nologin\n"
        "builder:x:101:101::/nonexistent:/bin/false\n_tools:x:102:103::/var/spool/tools:/bin/false\napp:x:990:990::/home/app:/bin/sh\n"
    ),
    "etc/group": text("root:x:0:\ngames:x:60:\nbuilder:x:101:\n_tools:x:103:\napp:x:990:\nmedia:x:991:app\n"),
    "src/main.c": text("int main(){}\n"),
    "src/main.o": File(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\1\0" + bytes(60)),
    "src/Makefile": text("all:\n"),
    "src/server": program("libown.so.2"),
    f"{PURE}/wheel": Directory(),
    f"{PURE}/wheel-0.40.0.dist-info/METADATA": text("Name: wheel\n"),
    f"{PURE}/wheel/__init__.py": text(""),
}
"""What only the builder has."""

APPLICATION: Files = {
    "usr/local/bin/server": program("libown.so.2", rpath="$ORIGIN/../private"),
    "usr/local/bin/tool": program(),
    "usr/local/bin/pinger": File(elf(["libc.so.6"], interpreter=f"/{LOADER}"), 0o755, capabilities=SETCAP),
    "usr/local/private/libown.so.2": library("libown.so.2.1", "libdeep.so.1", defined=["OWN_2"]),
    "usr/local/lib/libdeep.so.1.5": library("libdeep.so.1"),
    "usr/local/lib/libdeep.so.1": Link("libdeep.so.1.5"),
    "usr/local/bin/entry.sh": text(
        '#!/bin/sh\nset -e\nif [ "$1" = serve ]; then\n  . /app/lib/common.sh\n  exec tool "$@"\nfi\n'
        'gunicorn &\nexec "$@"\n',
        0o755,
    ),
    "app/lib/common.sh": text("#!/bin/sh\ncat /etc/app/app.ini\n"),
    "app/main.py": text("import flask\nfrom yaml import load\n"),
    "app/requirements.txt": text("Flask==3.0\npyyaml\n"),
    "app/report.pl": text("#!/usr/bin/perl\nprint 1;\n", 0o755),
    "app/server.js": text("const express = require('express')\n"),
    "app/package.json": text('{"dependencies": {"express": "4"}}'),
    "app/node_modules/express/package.json": text(
        '{"name": "express", "dependencies": {"qs": "6", "bcrypt": "5"}}'
    ),
    "app/node_modules/express/index.js": text("module.exports = 1\n"),
    "app/node_modules/qs/package.json": text('{"name": "qs"}'),
    "app/node_modules/bcrypt/package.json": text('{"name": "bcrypt"}'),
    "app/node_modules/bcrypt/lib/binding/bcrypt.node": File(elf(["libc.so.6"])),
    "app/templates/index.html": text("<html>\n"),
    "app/templates/error.html": text("<html>!\n"),
    "app/data/words.json": text("[]\n"),
    "app/data/more.json": text("[1]\n"),
    "app/data/third.json": text("[2]\n"),
    "app/static/logo.svg": text("<svg/>\n"),
    f"{PURE}/flask/__init__.py": text("import click\n"),
    f"{PURE}/Flask-3.0.0.dist-info/METADATA": text("Name: Flask\nRequires-Dist: click>=8\n\nlong\n"),
    f"{PURE}/click/__init__.py": text(""),
    f"{PURE}/click-8.1.dist-info/METADATA": text("Name: click\n"),
    f"{PURE}/yaml/__init__.py": text(""),
    f"{PURE}/yaml/_yaml.cpython-311-x86_64-linux-gnu.so": File(elf(["libc.so.6"])),
    f"{PURE}/PyYAML-6.0.dist-info/METADATA": text("Name: PyYAML\n"),
    "usr/local/lib/php/extensions/no-debug-non-zts-20220829/pdo.so": File(elf(["libc.so.6"])),
    "usr/local/etc/php/conf.d/pdo.ini": text("extension=pdo\n"),
    "usr/local/etc/php/conf.d/zip.ini": text("extension=zip\n"),
    "etc/app/app.ini": text("[app]\nport = 1\n", 0o640, 0, 990),
    "etc/app/mods-available/rewrite.load": text("LoadModule rewrite\n"),
    "etc/app/mods-available/ssl.load": text("LoadModule ssl\n"),
    "etc/app/mods-enabled/rewrite.load": Link("../mods-available/rewrite.load"),
    "etc/app/mods-enabled/ssl.load": Link("../mods-available/ssl.load"),
    "etc/default/app": text("edited by the author\n"),
    "usr/local/bin/current": Link("server"),
    "home/app": Directory(0o750, 990, 990),
    "home/app/.theme": text("y\n", 0o600, 990, 990),
    "home/app/.apprc": text("x\n", 0o600, 990, 990),
    "data": Directory(0o750, 990, 990),
    "data/first.db": text("rows\n", 0o600, 990, 990),
    "work": Directory(0o755, 990, 990),
    "usr/share/zoneinfo/UTC": File(b"TZif"),
    "etc/ssl/certs/ca-certificates.crt": text("-----BEGIN\n"),
}
"""What the program needs; a conversion copies it, or its packages bring it."""

ACCOUNTS: Files = {
    "etc/passwd": text(
        "root:x:0:0:root:/root:/bin/sh\ngames:x:5:60::/usr/games:/usr/sbin/nologin\n"
        "_tools:x:102:103::/var/spool/tools:/bin/false\napp:x:990:990::/home/app:/bin/sh\n"
    ),
    "etc/group": text("root:x:0:\ngames:x:60:\n_tools:x:103:\napp:x:990:\nmedia:x:991:app\n"),
}

CONFIG: Mapping[str, Any] = {
    "Cmd": ["serve"],
    "Entrypoint": ["entry.sh"],
    "User": "app",
    "WorkingDir": "/work",
    "ExposedPorts": {"8080/tcp": {}},
    "Volumes": {"/data": {}},
    "Healthcheck": {"Test": ["CMD", "pinger", "localhost"], "Interval": 30_000_000_000},
    "StopSignal": "SIGQUIT",
    "Shell": ["/bin/sh", "-ec"],
    "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "GOPATH=/go"],
    "Labels": {"maintainer": "somebody"},
}


@dataclass
class Draft:
    """An image that a test may still change; `files` by path without a leading slash."""

    files: dict[str, Node]
    config: dict[str, Any] = field(default_factory=lambda: dict(CONFIG))

    def image(self) -> Image:
        return read_image(io.BytesIO(docker_archive(Described([self.files], self.config))))

    def remove(self, *paths: str) -> None:
        """Take paths away, with all below them."""
        for path in paths:
            below = [known for known in self.files if known == path or known.startswith(path + "/")]
            assert below, path
            for known in below:
                del self.files[known]


def original() -> Draft:
    return Draft({**BASE, **BUILDER, **APPLICATION})


def conversion() -> Draft:
    """As a person would write it: the final base, the accounts, what the program needs, in packages or copied."""
    final = Draft(
        {
            **BASE,
            **APPLICATION,
            **ACCOUNTS,
            "usr/local/bin/server": program("libown.so.2", rpath="$ORIGIN/../private", padding=b"again"),
        }
    )
    final.config["Env"] = [item for item in CONFIG["Env"] if not item.startswith("GOPATH")]
    return final
