"""A read Dockerfile to an analysed one: states, facts of the base, steps, run-time roots."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from converter.context import Context
from converter.dockerfile.model import Dockerfile
from converter.dockerfile.pragmas import FilePragmas
from converter.dockerfile.state import image_reference, states
from converter.effects.facts import facts_of
from converter.graph.model import Analysis, Step
from converter.graph.roots import runtime_of
from converter.graph.script_text import Texts
from converter.graph.steps import steps_of
from converter.knowledge.images import BaseImage, Kind, base_image, state_of
from converter.knowledge.package_kinds import DISTRIBUTIONS, FAMILIES
from converter.observed import NOTHING_OBSERVED, Observed

PLAIN = (Kind.OS, Kind.LANGUAGE, Kind.TOOLCHAIN)
"""What images are for that have no entry scripts which a file may add something to."""
FAMILY = {"debian": "debian", "ubuntu": "debian", "alpine": "alpine", "rpm": "rpm"}


def analyse(
    dockerfile: Dockerfile,
    said: FilePragmas,
    context: Context | None,
    build_args: Mapping[str, str],
    observed: Observed = NOTHING_OBSERVED,
) -> Analysis:
    """The analysis of a file with one stage."""
    stage = dockerfile.stages[0]
    first = dockerfile.instructions.index(stage)
    base = base_image(image_reference(dockerfile, stage, build_args))
    before = states(dockerfile, lambda reference: state_of(base_image(reference)), build_args)
    facts = facts_of(
        family=FAMILY.get(base.family, ""),
        language=_language(base, dockerfile),
        # what a variable names may be another version in the next build
        version=None if "$" in stage.image.text else base.version or None,
        env=base.env,
        context=context,
        homes=base.homes,
    )
    steps, written = steps_of(
        dockerfile, before, first, facts, context, said.instructions, observed, base.kind in PLAIN
    )
    if base.family in ("unknown", "distroless"):
        base = replace(base, family=_family_seen(steps) or base.family)
    runtime = runtime_of(
        steps,
        before[-1],
        base,
        facts,
        Texts(context, written),
        dockerfile.source,
        said.file.run,
        {
            **dict.fromkeys(said.file.keep_paths, "the keep-path pragma"),
            **{path: "the comparison of both images" for paths in observed.paths.values() for path in paths},
        },
    )
    return Analysis(dockerfile, stage, base, steps, before[-1], runtime, observed)


def _family_seen(steps: tuple[Step, ...]) -> str:
    """The distribution of an image that no table knows, by the first package manager that the file calls, or ''.

    Images without a package manager have siblings with one.
    """
    managers = (change.manager for step in steps for change in step.effects.packages)
    return next((DISTRIBUTIONS[FAMILIES[m]] for m in managers if m in FAMILIES), "")


def _language(base: BaseImage, dockerfile: Dockerfile) -> str:
    """The language whose official layout the base has, or '' for the distribution's own.

    A file that names /etc/php/X.Y says that its PHP is Debian's, whatever the image is called; one that sets
    PHP_INI_DIR as the official images do builds PHP like them.
    """
    language = base.languages[0] if base.languages else ""
    if language == "php" and re.search(r"/etc/php/\d", dockerfile.source.text):
        return ""
    if not language and re.search(r"\bPHP_INI_DIR[ =]/usr/local/etc/php\b", dockerfile.source.text):
        return "php"
    return language
