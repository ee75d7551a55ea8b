"""Which paths a comparison looks at, and how much a difference there matters.

*State* is what package managers, linkers and interpreters write for themselves: it differs between any two
builds, and no program of the image depends on its bytes. *Builder places* hold tool chains, headers, sources and
caches: a conversion exists to leave them behind. *Application places* are all others that no package of the
distribution brought, with /etc: what the author put there is what the image is for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from converter.knowledge.places import holds_sources, is_header, is_home_cache, scratch_place
from converter.verify.compare.pair import Pair

_STATE = re.compile(
    r"/(?:proc|sys|dev|run|boot)(?:/|$)|/(?:\.dockerenv|\.dockerinit)$"
    r"|/var/(?:log|cache|backups|spool/cron|run|lock)/"
    r"|/var/lib/(?:dpkg|apt|apk|rpm|dnf|yum|ucf|systemd|pam|python|dbus|misc|gems-cache|shells\.state|ghc|sgml-base|php/modules|xml-core|polkit-1|emacsen-common|aspell|ieee-data|dictionaries-common|nginx/\w+$"
    r"|apache2/(?:conf|module|site)/(?:en|dis)abled_by_\w+|alternatives|binfmts|defoma|doc-base|initscripts|insserv|logrotate"
    r"|man-db|p?locate|mlocate|tex-common|update-notifier|update-rc\.d)(?:/|$)"
    r"|/(?:usr/)?lib/(?:apk/|sysimage/|rpm/)"
    r"|/etc/(?:passwd|group|shadow|gshadow|subuid|subgid)-?$"
    r"|/etc/(?:ld\.so\.cache|machine-id|\.pwd\.lock|hostname|hosts|resolv\.conf|mtab|mailcap|\.updated|shells)$"
    r"|/etc/(?:apt|dpkg|apk|ca-certificates|ssl/certs|ssl/private|pki|rc\d\.d|alternatives|emacs|debian_version|issue(?:\.net)?|dictionaries-common|pam\.d/common-[\w-]+$|yum|yum\.repos\.d|dnf|rpm|xml|sgml|systemd)(?:/|$)"
    r"|/etc/ca-certificates\.conf|/var/mail$|/usr/local/share/ca-certificates"
    r"|/root/\.(?:wget-hsts|bash_history|config|lesshst|node_repl_history|python_history|gnupg|local/share/(?:pnpm|virtualenv|yarn))(?:/|$)"
    r"|/usr/share/(?:doc|doc-base|man|info|lintian|locale|bug|menu|debconf|groff|perl5/debconf|mime/|applications/\w+\.cache|icons/[^/]+/icon-theme\.cache|bash-completion|zsh|gtk-doc|pixmaps)(?:/|$)"
    r"|/usr/share/python3/runtime\.d|/(?:[^/]+/)*__pycache__(?:/|$)|.*\.py[co]$"
)
_LEFTOVER_SUFFIX = re.compile(
    r".*(?:\.(?:o|lo|la|a|obj|gcda|gcno|d|dep|in|am|m4|ac|pc|cmake|mk|ninja|c|cc|cpp|cxx|h|hh|hpp|hxx|i|s|asm|y|l|go|rs"
    r"|rlib|rmeta|hs|cabal|java|kt|scala|sbt|groovy|gradle|cs|csproj|fsproj|vbproj|sln|swift|pyx|pxd|pyi|ts|tsx"
    r"|jsx|vue|svelte|scss|sass|less|coffee|map|md|rst|adoc|markdown|1|3|5|8|patch|diff|orig|rej|log|tmp|swp|lock|pod)"
    r"|~)"
)
_LEFTOVER_NAME = re.compile(
    r"(?:(?:GNU)?[Mm]akefile.*|CMake.*|configure.*|config\.(?:status|log|guess|sub|h.*)|libtool|aclocal.*|autom4te.*|install-sh|missing"
    r"|depcomp|compile|ltmain\.sh|go\.(?:mod|sum|work)|Cargo\..*|build\.(?:xml|rs|sh)|pom\.xml|gradlew.*|mvnw.*|tsconfig.*|webpack\..*|vite\.config.*"
    r"|rollup\..*|babel\.config.*|\.babelrc|\.eslint.*|\.prettier.*|jest\..*|yarn\.lock|package-lock\.json|pnpm-.*|\.npmrc|\.yarnrc.*|setup\.(?:py|cfg)|MANIFEST.*"
    r"|tox\.ini|pytest\.ini|\.coveragerc|Dockerfile.*|docker-compose.*|compose\.ya?ml|\.docker.*|\.git.*|\.travis.*|\.editorconfig|\.github|\.circleci|\.vscode|\.idea"
    r"|README.*|LICEN[CS]E.*|COPYING.*|NOTICE.*|AUTHORS.*|CHANGE.*|HISTORY.*|NEWS.*|TODO.*|CONTRIBUTING.*|INSTALL|THANKS|BUGS|VERSION)"
)
_LEFTOVER_DIRECTORY = re.compile(
    r"\.deps|\.libs|obj|target|tests?|specs?|__tests__|docs?|examples?|benchmarks?|CMakeFiles|debug|autom4te\.cache"
    r"|\.git|\.github|\.circleci|\.vscode|\.idea|\.svn|\.hg"
)
_LIBRARY = re.compile(
    r"/(?:node_modules|(?:site|dist)-packages|gems|vendor/bundle)/|/(?:usr/)?(?:local/)?lib/(?:python|ruby|perl)[\d.]*/"
)
_OPTIONAL = re.compile(
    r".*/lib/python[\d.]+/(?:lib-dynload/(?:_tkinter|nis|_g?dbm|ossaudiodev|_test\w*|_?xx\w*|_ctypes_test)\.[^/]+"
    r"|(?:ensurepip|idlelib|lib2to3|tkinter|turtledemo|test|config-[^/]+)(?:/.*)?)"
)
_PACKAGES = re.compile(
    r".*/(?:node_modules(?:/@[^/]+|/\.bin)?|(?:site|dist)-packages|gems/(?:[\d.]+/)?(?:gems|specifications|extensions/.*|doc))"
)
_DISTRIBUTION = re.compile(r"/(?:usr/(?!local/)|s?bin/|lib(?:32|64|x32)?/|var/(?:lib|cache|log|spool)/)")


def is_state(path: str) -> bool:
    """Whether the path is state of package managers and the like."""
    return _STATE.match(path) is not None


@lru_cache(maxsize=65536)
def in_builder_place(directory: str) -> bool:
    """Whether a directory belongs to a tool chain, or holds headers, manuals, caches or scratch files.

    A place of sources (/usr/src, /build) is none: a program may run where it was built.
    """
    inside = directory + "/x"
    scratch = scratch_place(inside) is not None and not holds_sources(inside)
    return scratch or is_header(directory) or is_home_cache(inside)


def is_leftover(path: str) -> bool:
    """Whether a file's name is that of what a build reads or leaves: sources, objects, build files, documentation."""
    name = path.rpartition("/")[2]
    return _LEFTOVER_SUFFIX.fullmatch(name) is not None or _LEFTOVER_NAME.fullmatch(name) is not None


def is_leftover_name(name: str) -> bool:
    """Whether a name, whatever its suffix, is that of a build file, a project's settings or documentation."""
    return _LEFTOVER_NAME.fullmatch(name) is not None


def is_leftover_directory(name: str) -> bool:
    """Whether a directory of this name holds such files only: tests, documentation, objects."""
    return _LEFTOVER_DIRECTORY.fullmatch(name) is not None


def is_application(path: str, pair: Pair) -> bool:
    """Whether it is an application place of the original."""
    if path.startswith("/etc/"):
        return True
    return path not in pair.owned and not _DISTRIBUTION.match(path)


def in_library(path: str) -> bool:
    """Whether a path lies among packages that a language's package manager installed."""
    return _LIBRARY.search(path) is not None


def holds_packages(directory: str) -> bool:
    """Whether the members of a directory are whole packages of a language."""
    return _PACKAGES.fullmatch(directory) is not None


def is_optional(path: str) -> bool:
    """Whether it is a part of an interpreter that its slim images lack: Tk, NIS, tests, the installer of pip."""
    return _OPTIONAL.fullmatch(path) is not None


def in_distribution(path: str) -> bool:
    """Whether it lies where only the distribution's packages put things."""
    return _DISTRIBUTION.match(path) is not None
