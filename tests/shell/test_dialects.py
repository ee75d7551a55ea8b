"""SHELL instructions: which shells are ours, and what their options set."""

from __future__ import annotations

import pytest

from converter.shell.dialects import is_shell, shell_command


@pytest.mark.parametrize(
    ("words", "dialect", "options"),
    [
        (("/bin/sh", "-c"), "sh", ()),
        (("sh", "-c"), "sh", ()),
        (("/bin/ash", "-eo", "pipefail", "-c"), "sh", ("errexit", "pipefail")),
        (("dash", "-ec"), "sh", ("errexit",)),
        (("/bin/busybox", "sh", "-c"), "sh", ()),
        (("/bin/bash", "-c"), "bash", ()),
        (("/bin/bash", "-o", "pipefail", "-c"), "bash", ("pipefail",)),
        (("/bin/bash", "-euxo", "pipefail", "-c"), "bash", ("errexit", "nounset", "pipefail", "xtrace")),
        (("/bin/bash", "-e", "-o", "pipefail", "-c"), "bash", ("errexit", "pipefail")),
        (("/bin/bash", "-O", "extglob", "-c"), "bash", ("extglob",)),
        (("bash", "--login", "-c"), "bash", ("login",)),
        (("bash", "-lc"), "bash", ("login",)),
        (("bash", "+e", "+o", "posix", "-c"), "bash", ()),
        (("/usr/bin/env", "bash", "-c"), "bash", ()),
        (("/usr/bin/env", "-i", "A=b", "bash", "-c"), "bash", ()),
        (("zsh", "-c"), "bash", ()),
        (("/bin/ksh", "-c"), "bash", ()),
    ],
)
def test_shells(words: tuple[str, ...], dialect: str, options: tuple[str, ...]) -> None:
    found = shell_command(words)
    assert found is not None
    assert (found.dialect, sorted(found.options)) == (dialect, sorted(options))
    assert found.errexit == ("errexit" in options)
    assert found.pipefail == ("pipefail" in options)
    assert is_shell(words) == dialect


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("powershell", "-Command"),
        ("cmd", "/S", "/C"),
        ("python", "-c"),
        ("conda", "run", "-n", "base", "/bin/bash", "-c"),
        ("/bin/bash",),
        ("/bin/bash", "script.sh"),
        ("/usr/bin/env",),
        ("/bin/sh", "-e"),
    ],
)
def test_others(words: tuple[str, ...]) -> None:
    assert shell_command(words) is None
    assert is_shell(words) is None
