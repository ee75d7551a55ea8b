"""The base images of both stages."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.model import PackageAction, Phase, WriteKind
from converter.effects.places import Place, covers
from converter.graph.model import Analysis, RootKind, Step
from converter.knowledge.image_choices import has_narrower, runtime_sibling, slim_sibling, without_toolchain
from converter.knowledge.images import (
    BaseImage,
    Kind,
    base_image,
    install_for,
    loses,
)
from converter.knowledge.libraries import ECOSYSTEM_LANGUAGE, may_call_compiler
from converter.knowledge.packages import PackageKind, kind, programs
from converter.knowledge.places import is_shared
from converter.knowledge.programs import (
    interpreter_of,
    is_builtin,
    is_interpreted,
    is_shell,
    makes_one_product,
    service_places,
)
from converter.options import Options
from converter.plan.bases.bare import asked_for, smallest
from converter.plan.evidence.toolbox import runs_toolchain
from converter.plan.marks import Marks
from converter.plan.packages.files import rests_on_base
from converter.plan.split import Bases

SYSTEM = frozenset(
    """sleep cat ls rm mkdir chown chmod cp mv ln sed grep awk tail head tee date id hostname env test true
    false""".split()  # noqa: SIM905
)
STRIPPED = ("/usr/share/doc", "/usr/share/man", "/usr/share/locale", "/usr/share/info")


class Refusal(Struct, frozen=True):
    """A base that was asked for and cannot be used."""

    reason: str


def languages_used(
    analysis: Analysis, marks: Marks, live_libraries: Iterable[Step], copied: tuple[str, ...]
) -> frozenset[str]:
    """Languages whose interpreter the final stage needs: of what it starts, runs, or holds packages for.

    `copied` are the paths that come from the builder.
    """
    found = {
        language
        for name in (*analysis.runtime.names, *analysis.runtime.program_names())
        if (language := interpreter_of(name))
    }
    for step in analysis.steps:
        if step.index in marks.final and step.is_run:
            found |= {language for tool in step.effects.tools if (language := interpreter_of(tool))}
    for step in live_libraries:
        found |= {
            ECOSYSTEM_LANGUAGE.get(c.ecosystem, "")
            for c in step.effects.libraries
            if c.global_ or _arrive(analysis, step, copied)
        }
    if _starts_unpacked(analysis):
        found |= {*filter(is_interpreted, analysis.base.languages)}
    return frozenset(found - {"", "shell"})


def _arrive(analysis: Analysis, step: Step, copied: tuple[str, ...]) -> bool:
    """Whether packages that a step installs are copied: they may have programs, which need the interpreter.

    Those in a tree that is built later are what it is built with (a bundler's), and only come along.
    """
    found = [
        write.place
        for write in analysis.live_writes[step.index]
        if write.place.tree and write.kind in (WriteKind.TREE, WriteKind.INSTALL)
    ]
    built = any(
        s.phase is Phase.BUILD and any(covers(read, place) for read in s.effects.reads for place in found)
        for s in analysis.steps[step.index + 1 :]
    )
    return any(
        covers(Place(path, tree=True), place) and (not built or covers(place, Place(path, tree=True)))
        for place in found
        for path in copied
    )


def _starts_unpacked(analysis: Analysis) -> bool:
    """Whether the container starts something of a tree that was downloaded ready: maybe a script for an interpreter."""
    fetched = [
        write.place
        for step in analysis.steps
        if step.is_run and step.phase in (Phase.FETCH, Phase.FOLLOW)
        for write in step.effects.writes
        if write.place.tree and not is_shared(write.place.path)
    ]
    started = (r.place for r in analysis.runtime.roots if r.kind is RootKind.COMMAND)
    return any(covers(tree, place) for place in started for tree in fetched)


def choose_bases(
    analysis: Analysis,
    marks: Marks,
    options: Options,
    languages: frozenset[str],
    copied: tuple[str, ...],
    product: bool,
) -> Bases | Refusal:
    """The images; `copied` are the paths that come from the builder, `product`: all of it stands alone."""
    base = analysis.base
    text = analysis.stage.image.text
    same = Bases(text, text, "the author's base stays")
    asked = options.final_base
    if asked == "same":
        return same
    if asked not in ("auto", "slim", "smallest", "distroless", "scratch"):
        return _asked(analysis, asked, text)
    if asked in ("distroless", "scratch"):
        found = asked_for(analysis, marks, asked, copied)
        return Refusal(found) if isinstance(found, str) else found
    if asked == "smallest" and (bare := smallest(analysis, marks, copied)) is not None:
        return bare
    if not copied or (analysis.runtime.opaque and asked == "auto") or _reads_documentation(analysis, marks):
        return same
    if base.kind is Kind.SERVICE or base.kind is Kind.UNKNOWN:
        return same
    if any(map(runs_toolchain, analysis.runtime.programs)):
        return same
    found = _narrower(analysis, languages, product) or same
    return same if found.drops and rests_on_base(analysis, marks) else found


def _narrower(analysis: Analysis, languages: frozenset[str], product: bool) -> Bases | None:
    """The base without the tool chain, or the slim variant."""
    base, text = analysis.base, analysis.stage.image.text
    narrower = (
        _without_language(analysis, base, languages)
        if product or base.kind in (Kind.TOOLCHAIN, Kind.LANGUAGE)
        else None
    )
    if narrower is not None and text == base.reference:
        return narrower
    slim = slim_sibling(base)
    final = _spelled(text, base.reference, slim) if slim is not None else None
    if slim is None or final is None:
        return None
    return Bases(text, final, "the slim variant of the same tag", True, False, loses(base, base_image(slim)))


def _without_language(analysis: Analysis, base: BaseImage, languages: frozenset[str]) -> Bases | None:
    """A base without the tool chain: none of the image's own languages is used, or a narrower run time is enough."""
    text = analysis.stage.image.text
    own = set(base.languages)
    if (base.kind is Kind.LANGUAGE and own & languages) or (
        base.kind is Kind.TOOLCHAIN and own & languages & {"java", "dotnet", "swift", "erlang"}
    ):
        sibling = runtime_sibling(base)
        if sibling is None or (sibling.other_distribution and not _needs_only_java(analysis)):
            return None
        return _changed(
            base, sibling.builder, sibling.final, text, sibling.note or "a run time of the same version"
        )
    if own & languages or (base.kind is Kind.LANGUAGE and not _known_to_run_without(analysis, base)):
        return None
    choice = without_toolchain(base)
    if choice is None or _starts_lost(analysis, base, base_image(choice.final)):
        return None
    if "nvcc" in loses(base, base_image(choice.final)) and _compiles_kernels(analysis):
        return None
    return _changed(
        base,
        choice.builder,
        choice.final,
        text,
        choice.note or "nothing in the final stage uses the tool chain",
    )


def _starts_lost(analysis: Analysis, base: BaseImage, final: BaseImage) -> bool:
    """Whether the container starts a program of the base that the narrower one lacks and no package brings (`go`)."""
    started = {program.text for program in analysis.runtime.programs} & set(loses(base, final))
    return any(install_for(name, final.family) is None for name in started)


def _compiles_kernels(analysis: Analysis) -> bool:
    """Whether Python packages of the file may call NVIDIA's compiler while they run."""
    text = analysis.dockerfile.source.text
    return any(
        ECOSYSTEM_LANGUAGE.get(change.ecosystem) == "python" and may_call_compiler("nvcc", change.names, text)
        for step in analysis.steps
        for change in step.effects.libraries
    )


def _needs_only_java(analysis: Analysis) -> bool:
    """Whether a Java program may move to another distribution: no package is kept, no path of the JVM is named."""
    installs = any(c.action is PackageAction.INSTALL for s in analysis.steps for c in s.effects.packages)
    named = any(word.startswith(("/usr/lib/jvm", "/opt/java")) for word in analysis.runtime.names)
    return not installs and not named


def _builds_against_libraries(analysis: Analysis) -> bool:
    """Whether packages with headers are installed, so that the program may load libraries of the release."""
    return any(
        kind(c.manager, p.name) is PackageKind.DEVELOPMENT
        for s in analysis.steps
        for c in s.effects.packages
        for p in c.names
    )


def _known_to_run_without(analysis: Analysis, base: BaseImage) -> bool:
    """Whether everything that the container starts is known not to be a program of the base's language.

    It is a service or a program of a package, of the system, of another language, or what a compiler made.
    """
    packaged = {
        program
        for step in analysis.steps
        for change in step.effects.packages
        for package in change.names
        for program in programs(change.manager, package.name)
    }
    compiled = any(
        makes_one_product(tool)
        for step in analysis.steps
        for tool in step.effects.tools
        if step.phase is Phase.BUILD
    )
    for program in analysis.runtime.programs:
        name = program.name
        if HOLE in program.text:
            continue  # `exec "$@"`: the words of CMD, which are looked at too
        if name in packaged or service_places(name) is not None or is_shell(name) or interpreter_of(name):
            continue
        if (
            is_builtin(name)
            or name in SYSTEM
            or any(f"{name}, run by" in p.label for p in analysis.runtime.programs)
        ):
            continue
        if "/" in program.text and any(
            program.text in p.label and ", run by" in p.label for p in analysis.runtime.programs
        ):
            continue  # a script that was read
        if not compiled:
            return False
    return True


def _changed(base: BaseImage, builder: str, final: str, text: str, reason: str) -> Bases:
    return Bases(
        builder if builder != base.reference else text,
        final,
        reason,
        True,
        True,
        loses(base, base_image(final)),
    )


def _spelled(text: str, reference: str, other: str) -> str | None:
    """The image as the author would write it: the suffix goes behind variables; None where it is no suffix."""
    if text == reference:
        return other
    return text + other[len(reference) :] if other.startswith(reference + "-") else None


def final_image(analysis: Analysis, bases: Bases) -> BaseImage:
    """The image of the final stage; a variable in its name may stand for another release in the next build."""
    final = base_image(reference_of(analysis, bases.final)) if bases.narrowed else analysis.base
    return replace(final, suite=None) if "$" in bases.final else final


def reference_of(analysis: Analysis, text: str) -> str:
    """An image after expansion of the author's spelling; as written where a variable has no known value."""
    written, reference = analysis.stage.image.text, analysis.base.reference
    if HOLE in reference or not text.startswith(written):
        return text
    return reference + text[len(written) :]


def _asked(analysis: Analysis, asked: str, text: str) -> Bases | Refusal:
    other = base_image(asked)
    base = analysis.base
    alike = other.family == base.family or other.family == "unknown"
    if not alike:
        return Refusal(f"{asked} is of another distribution ({other.family}) than {text} ({base.family})")
    return Bases(text, asked, "asked for", True, other.repository != base.repository, loses(base, other))


def _reads_documentation(analysis: Analysis, marks: Marks) -> bool:
    """Whether the final stage names what slim images leave out."""
    for step in analysis.steps:
        if step.index in marks.final:
            touched = [*step.effects.reads, *step.effects.deletes, *(w.place for w in step.effects.writes)]
            if any(p.path.startswith(STRIPPED) for p in touched):
                return True
    return any(r.place.path.startswith(STRIPPED) for r in analysis.runtime.roots)


def unpinned(analysis: Analysis) -> tuple[str, ...]:
    """What helps where a tool chain's tag moves between releases, so that no smaller base of the same can be named."""
    base = analysis.base
    if base.kind is not Kind.TOOLCHAIN or has_narrower(base) or analysis.runtime.opaque:
        return ()
    return (
        f"write in FROM which release {base.reference} stands for: then a smaller image of it can be the base",
    )
