"""Scratch and distroless as final base: what has to be known of a program before it stands there.

It is proven static, or a build showed all that the dynamic linker loads for it; and nothing that starts or stays
needs a shell or an interpreter. What installs shared data, makes an account or brings a library is no obstacle:
its result is copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from converter.dockerfile.model import Add, Copy, User
from converter.effects.model import PackageAction, Phase, WriteKind
from converter.effects.places import within
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage, base_image, has_user
from converter.knowledge.package_kinds import CERTIFICATES
from converter.knowledge.packages import PackageKind, kind, programs
from converter.knowledge.programs import interpreter_of, is_shell
from converter.plan.bases.shared_files import BUNDLE, MIME_TYPES, has_mime_types, shared_files
from converter.plan.bases.static_programs import is_static
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.packages.discovery import COMMENT
from converter.plan.split import Bases, Insertion, Packages, Stage

DISTROLESS = "gcr.io/distroless/static-debian12"
SCRATCH = "scratch"
LIBRARIES = "/run-time-libraries"
"""The builder's folder for libraries: copied one by one, a folder that is a link would become a folder."""
BARE = ("scratch", "distroless")
"""Families without a shell."""
_BROUGHT = frozenset({CERTIFICATES, "tzdata", "netbase", "media-types", "mime-support", "mailcap"})
"""Packages of shared data."""
_ACCOUNT_TOOLS = frozenset({"useradd", "adduser", "groupadd", "addgroup", "usermod"})
_LEAVING = (
    PackageKind.BUILD, PackageKind.DEVELOPMENT, PackageKind.VCS, PackageKind.DOC, PackageKind.DEBUG,
)  # fmt: skip
_ZONES = "/usr/share/zoneinfo"


def smallest(analysis: Analysis, marks: Marks, copied: tuple[str, ...]) -> Bases | None:
    """The smallest bare base that is shown to be enough; None where none is. `copied` comes from the builder.

    Scratch has no directory for temporary files, so it is taken only where nobody looks at the result.
    """
    if not copied or needs_shell(analysis, marks) is not None:
        return None
    seen = analysis.observed.built
    libraries = loaded(analysis, copied)
    if libraries is None and (seen or not is_static(analysis)):
        return None
    image = DISTROLESS if seen else SCRATCH
    if image in analysis.observed.unfit:
        return None
    how = "all that the program loads is known" if libraries else "the program is static"
    return _bases(analysis, image, how, libraries or ())


def asked_for(analysis: Analysis, marks: Marks, image: str, copied: tuple[str, ...]) -> Bases | str:
    """A bare base that the user asks for, or why it cannot be."""
    why = needs_shell(analysis, marks)
    if why is not None:
        return f"{why}, and {image} has neither shell nor interpreter"
    libraries = loaded(analysis, copied)
    if libraries is None and not is_static(analysis):
        return (
            "nothing proves that the program is static: build it with CGO_ENABLED=0, -static or a musl target"
        )
    how = "asked for, and " + (
        "all that the program loads is known" if libraries else "the program is static"
    )
    return _bases(analysis, SCRATCH if image == SCRATCH else DISTROLESS, how, libraries or ())


def _bases(analysis: Analysis, image: str, reason: str, libraries: tuple[str, ...]) -> Bases:
    return Bases(analysis.stage.image.text, image, reason, True, True, (), libraries)


def loaded(analysis: Analysis, copied: tuple[str, ...]) -> tuple[str, ...] | None:
    """What the linker loads from outside the copies, for all copied programs; None where that is not known."""
    observed = analysis.observed
    brought = (*copied, *_replayed(analysis))
    if not observed.starts or not all(
        path in observed.programs and _covered(path, brought) for path in observed.starts
    ):
        return None
    files = {
        file
        for path, needed in observed.programs.items()
        if _covered(path, brought)
        for file in needed
        if not _covered(file, brought)
    }
    return tuple(sorted(files))


def _covered(path: str, places: Iterable[str]) -> bool:
    return any(within(path, place) for place in places)


def _replayed(analysis: Analysis) -> Iterator[str]:
    """What COPY brings as it is."""
    for step in analysis.steps:
        if isinstance(step.instruction, (Copy, Add)):
            yield from (w.place.path for w in step.effects.writes if w.place.exact and w.place.path != "/")


def needs_shell(analysis: Analysis, marks: Marks) -> str | None:
    """Why the final stage needs a shell or an interpreter, or None."""
    for program in analysis.runtime.programs:
        if is_shell(program.name) or interpreter_of(program.name):
            return f"{program.label} runs {program.name}"
    for step in analysis.steps:
        if step.index in marks.final and step.is_run and not step.state_only and step.phase is not Phase.NONE:
            if not _is_copied(analysis, step):
                line = analysis.dockerfile.source.line(step.span.start)
                return f"line {line} has to run in the final stage"
    return None


def _is_copied(analysis: Analysis, step: Step) -> bool:
    """Whether the result of a step that would stay can be copied instead, or is not needed without a shell."""
    effects = step.effects
    if step.pragmas.keep or effects.opaque:
        return False
    if effects.accounts:
        return _ACCOUNT_TOOLS.issuperset(effects.tools) and not effects.packages
    changes = effects.packages
    if not changes or effects.attributes or effects.accounts:
        return False
    if any(w.kind is not WriteKind.BOOK for w in effects.writes):
        return False
    return all(
        change.action is not PackageAction.UPGRADE
        and (change.action is not PackageAction.INSTALL or change.complete)
        and all(
            change.action is not PackageAction.INSTALL or _leaves(analysis, change.manager, package.name)
            for package in change.names
        )
        for change in changes
    )


def _leaves(analysis: Analysis, manager: str, name: str) -> bool:
    """Whether a package need not be installed where all that is loaded is copied."""
    found = kind(manager, name)
    if name in _BROUGHT or found in _LEAVING:
        return True
    brings = set(programs(manager, name))
    if found is PackageKind.USE:
        return bool(
            brings
            & {t for s in analysis.steps if s.phase in (Phase.BUILD, Phase.LIBRARY) for t in s.effects.tools}
        )
    return name.startswith("lib") and brings <= {name}


def without_packages(analysis: Analysis, marks: Marks, packages: Packages) -> Packages:
    """The packages of a bare final stage: none; what is copied instead runs in the builder."""
    for step in analysis.steps:
        if step.index in marks.final and step.is_run and not step.state_only and _is_copied(analysis, step):
            if any(c.action is PackageAction.INSTALL for c in step.effects.packages) or step.effects.accounts:
                marks.to_builder(step.index, "what it brings to the final stage is copied")
            else:
                marks.to_builder(step.index, "the final stage installs nothing")
    names = tuple(dict.fromkeys((*packages.leaving, *packages.final)))
    leaving = tuple(name for name in names if name in packages.build)
    return Packages(build=packages.build, leaving=leaving)


def carried(
    analysis: Analysis, marks: Marks, bases: Bases, packages: Packages, builder: str
) -> tuple[Insertion, ...]:
    """What a bare base lacks: accounts, certificates, time zones, mime types, and the libraries of the programs.

    Of others, the files that no package brings to the programs which read them.
    """
    final = base_image(bases.final) if bases.narrowed else analysis.base
    if final.family not in BARE:
        return shared_files(analysis, marks, packages, final, builder)
    lines = [f"COPY --from={builder} {text}" for text in _shared(analysis, final)]
    found = [Insertion(Stage.FINAL, -1, "\n".join(lines), "# Shared data of the system")] if lines else []
    if bases.libraries:
        last = max(marks.builder)
        text = f"RUN mkdir {LIBRARIES} && cd /{_gathering(analysis.observed.links, bases.libraries)}"
        found.append(Insertion(Stage.BUILDER, last, as_root(analysis, last, text), COMMENT))
        found.append(Insertion(Stage.FINAL, -1, f"COPY --from={builder} {LIBRARIES} /", COMMENT))
    return tuple(found)


def _gathering(links: tuple[str, ...], files: tuple[str, ...]) -> str:
    """The commands that copy links of folders as links, and files by their names, behind a `cd /`.

    Relative names: some versions of cp lose the way to the folders of absolute ones.
    """
    lines = []
    for option, paths in (("--no-dereference", links), ("--dereference", files)):
        names = "".join(f" \\\n\t\t{path.lstrip('/')}" for path in paths)
        if names:
            lines.append(
                f" \\\n\t&& cp {option} --parents --preserve=all --target-directory={LIBRARIES}{names}"
            )
    return "".join(lines)


def _shared(analysis: Analysis, final: BaseImage) -> Iterator[str]:
    if final.family == "scratch" or _names_account(analysis, final):
        yield "/etc/passwd /etc/group /etc/"
    if final.family != "distroless":  # which all have both
        yield from _data(analysis)
    if has_mime_types(analysis):
        yield f"{MIME_TYPES} {MIME_TYPES}"


def _data(analysis: Analysis) -> Iterator[str]:
    old = analysis.base
    packages = {p.name for s in analysis.steps for c in s.effects.packages for p in c.names}
    if old.certificates or CERTIFICATES in packages:
        yield f"{BUNDLE} {BUNDLE}"
    if old.tzdata or "tzdata" in packages:
        yield f"{_ZONES} {_ZONES}"


def _names_account(analysis: Analysis, final: BaseImage) -> bool:
    """Whether the file makes accounts, or names one that the base does not have."""
    for step in analysis.steps:
        names = list(step.effects.owners)
        if isinstance(step.instruction, User):
            names += step.instruction.name.text.split(":")
        if step.effects.accounts or any(n and not n.isdecimal() and not has_user(final, n) for n in names):
            return True
    user = analysis.final_state.user.split(":")[0]
    return bool(user) and not user.isdecimal() and not has_user(final, user)
