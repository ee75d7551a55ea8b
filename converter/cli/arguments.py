"""Options that several verbs share, and what they come to together with environment and config file."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from converter import config
from converter.config import NO_CONTEXT, Settings
from converter.errors import UsageError
from converter.files.reading import STANDARD_INPUT


def add_dockerfile(parser: argparse.ArgumentParser) -> None:
    """The one positional argument of `convert` and `explain`."""
    parser.add_argument(
        "dockerfile", metavar="DOCKERFILE", nargs="?", default="Dockerfile",
        help="the file to read, - for standard input (default: ./Dockerfile)",
    )  # fmt: skip


def add_conversion(parser: argparse.ArgumentParser) -> None:
    """What changes the conversion itself, and where further settings come from."""
    group = parser.add_argument_group("conversion")
    context = group.add_mutually_exclusive_group()
    context.add_argument(
        "--context", metavar="DIR", help="the build context (default: the Dockerfile's folder)"
    )
    context.add_argument("--no-context", action="store_true", help="convert without a build context")
    group.add_argument(
        "--build-arg", metavar="KEY[=VALUE]", action="append", help="as in docker build; may be repeated"
    )
    group.add_argument(
        "--final-base", metavar="BASE",
        help="auto (default), same, slim, smallest, distroless, scratch or an image, for the final stage",
    )  # fmt: skip
    group.add_argument(
        "--optimize", metavar="LIST", type=names(config.OPTIMIZE),
        help="improvements that change artifacts: " + ",".join(config.OPTIMIZE),
    )  # fmt: skip
    group.add_argument(
        "--strict", action="store_const", const=True, help="use proven facts only, no conventions"
    )
    source = parser.add_argument_group("settings").add_mutually_exclusive_group()
    source.add_argument(
        "--config",
        metavar="FILE",
        help=f"settings (default: the nearest {config.FILE_NAME} or pyproject.toml)",
    )
    source.add_argument("--no-config", action="store_true", help="read no config file")


def add_reporting(parser: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    """How much is said, and in what form."""
    group = parser.add_argument_group("report")
    group.add_argument("--format", choices=formats, help="the report's form (default: text)")
    amount = group.add_mutually_exclusive_group()
    amount.add_argument("-q", "--quiet", action="store_true", help="report only what stops a conversion")
    amount.add_argument("-v", "--verbose", action="store_true", help="report the verdict of each step too")
    add_common(group)


def add_common(parser: argparse._ActionsContainer) -> None:
    """Options of every verb."""
    parser.add_argument("--color", choices=config.COLORS, help="colour on terminals (default: auto)")
    parser.add_argument("--debug", action="store_true", help="print a traceback for an internal error")


def settings(arguments: argparse.Namespace, folder: str) -> Settings:
    """Flags over environment over the config file for a Dockerfile in `folder`. Raises UsageError."""
    named = named_config(arguments)
    return config.layered(without_config(arguments), config.nearest(folder) if named is None else named)


def without_config(arguments: argparse.Namespace) -> Settings:
    """Flags over environment."""
    return config.layered(flags(arguments), config.from_environment(os.environ))


def named_config(arguments: argparse.Namespace) -> Settings | None:
    """The settings of the config file that was named, none at all, or None for "the nearest"."""
    if arguments.no_config:
        return Settings()
    if arguments.config is not None:
        return config.from_file(arguments.config)
    if config.is_true(os.environ.get(config.PREFIX + "NO_CONFIG", "")):
        return Settings()
    named = os.environ.get(config.PREFIX + "CONFIG")
    return config.from_file(named) if named else None


def folder_of(dockerfile: str) -> str:
    """The folder from which a config file is looked for."""
    return "." if dockerfile == STANDARD_INPUT else os.path.dirname(dockerfile) or "."


def flags(arguments: argparse.Namespace) -> Settings:
    """The settings that were given as options; verbs without an option leave it unsaid."""
    given = vars(arguments)
    context = NO_CONTEXT if given.get("no_context") else given.get("context")
    if context and not os.path.isdir(context):
        raise UsageError(f"--context {context}: there is no such folder")
    return Settings(
        final_base=given.get("final_base"),
        build_args=_build_args(given.get("build_arg")),
        optimize=given.get("optimize"),
        strict=given.get("strict"),
        context=context,
        format=given.get("format"),
        color=given.get("color"),
        jobs=given.get("jobs"),
        fail_on=given.get("fail_on"),
    )


def _build_args(given: list[str] | None) -> tuple[tuple[str, str], ...] | None:
    """KEY=VALUE pairs; a KEY alone takes the environment's value, and has none where it is unset there."""
    pairs = []
    for argument in given or ():
        key, mark, value = argument.partition("=")
        if not key:
            raise UsageError(f"--build-arg {argument}: a name is missing before =")
        if mark or key in os.environ:
            pairs.append((key, value if mark else os.environ[key]))
    return tuple(pairs) or None


def names(choices: tuple[str, ...]) -> Callable[[str], frozenset[str]]:
    """An argument type: a list of choices, separated by commas."""

    def read(text: str) -> frozenset[str]:
        given = frozenset(filter(None, text.split(",")))
        if unknown := sorted(given.difference(choices)):
            raise argparse.ArgumentTypeError(
                f"unknown: {', '.join(unknown)} (choose from {', '.join(choices)})"
            )
        return given

    return read
