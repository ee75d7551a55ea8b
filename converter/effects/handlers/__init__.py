"""Handlers by name: small pure functions for what a table cannot say.

A module is only imported when one of its handlers is first used, since most files need few of them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from converter.effects.call import Handler

MODULES = {
    "accounts": (
        "account_change",
        "adduser",
        "group_change",
        "groupadd",
        "useradd",
        "userdel",
        "usermod",
    ),
    "archives": (
        "compress",
        "seven_zip",
        "tar",
    ),
    "cmake": ("cmake",),
    "configuring": (
        "configure",
        "meson_setup",
    ),
    "copying": (
        "copy",
        "install",
        "link",
        "mkdir",
        "rsync",
    ),
    "fetching": (
        "checkout",
        "curl",
        "git_clone",
        "git_here",
        "gpg",
        "openssl",
        "remote_copy",
        "wget",
    ),
    "interpreters": (
        "interpreter",
        "java",
        "nothing",
        "perl",
        "python",
        "python_run",
    ),
    "languages": (
        "bundle_config",
        "bundle_install",
        "composer_install",
        "composer_setup",
        "dotnet_build",
        "gem_install",
        "go_build",
        "go_install",
        "jar",
        "maven",
        "perl_configure",
        "phpize",
        "r_language",
    ),
    "making": (
        "make",
        "meson_install",
        "other_build",
    ),
    "nested": (
        "behind_dashes",
        "env",
        "find",
        "flock",
        "notifying",
        "program_after",
        "scl",
        "shell",
        "su",
        "sudo",
        "user_command",
        "xargs",
    ),
    "npm": (
        "bower",
        "npm_config",
        "npm_install",
        "npm_run",
        "yarn_install",
        "yarn_script",
        "yarn_version",
    ),
    "packages": (
        "apk_add",
        "apk_del",
        "apt_autoremove",
        "apt_install",
        "apt_remove",
        "build_dependencies",
        "missing_packages",
        "dpkg",
        "package_files",
        "pacman",
        "rpm",
        "rpm_group",
        "rpm_groups",
        "rpm_install",
    ),
    "projects": ("python_project",),
    "pypi": (
        "conda",
        "conda_env",
        "conda_installer",
        "maturin_develop",
        "pip_bootstrap",
        "pip_install",
        "pip_uninstall",
        "pip_wheel",
        "pipenv",
        "poetry",
        "setup_py",
        "uv_sync",
        "venv",
    ),
    "system": (
        "alternatives",
        "localedef",
    ),
    "text": (
        "checksum",
        "dd",
        "filter",
        "nodes",
        "rmdir_parents",
        "sed",
        "setcap",
        "tee",
        "test",
    ),
}
"""The handlers of each module."""

_MODULE_OF = {name: module for module, names in MODULES.items() for name in names}


@cache
def handler(name: str) -> Handler:
    """The handler that a table names; a KeyError is a table that names one which does not exist."""
    module = import_module(f"converter.effects.handlers.{_MODULE_OF[name]}")
    found: Handler = module.HANDLERS[name]
    return found
