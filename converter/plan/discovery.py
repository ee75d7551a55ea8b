"""Run-time libraries that no table can name: the builder lists them after the build."""

from __future__ import annotations

from msgspec import Struct

from converter.dockerfile.model import User
from converter.effects.model import PackageAction
from converter.graph.model import Analysis
from converter.knowledge.images import BaseImage
from converter.plan.marks import Marks
from converter.plan.split import Artifact, Edit, Insertion, Stage
from converter.shell.dialects import shell_command
from converter.shell.model import Pipeline
from converter.span import Span

LIST = "/run-time-packages"
COMMENT = "# Libraries that the copied programs load"


def debian_list(paths: tuple[str, ...], pipefail: bool = False) -> str:
    """The builder's RUN that writes the names of the packages whose libraries programs below `paths` need.

    `ldd` names the libraries, dpkg their packages; what lies below the paths themselves is left out.
    Libraries are matched with and without /usr, since dpkg knows them by the path they were packed with.
    """
    search = "xargs -r dpkg-query --search"
    if pipefail:  # a library that no package brings would end the build
        search = f"{{ {search} || true; }}"
    own = " || ".join(f'index(so, "{path.rstrip("/")}/") == 1' for path in paths)
    return (
        f"RUN find {' '.join(paths)} -type f \\( -perm /111 -o -name '*.so*' -o -name '*.node' \\)"
        " -exec ldd '{}' ';' 2>/dev/null \\\n"
        f'\t| awk \'/=> \\// {{ so = $(NF-1); if ({own}) next; gsub("^/(usr/)?", "", so); print "*" so }}\' \\\n'
        f"\t| sort -u | {search} | cut -d: -f1 | sort -u > {LIST}"
    )


def copied_list(builder: str) -> str:
    """The final stage's line that brings the list."""
    return f"COPY --from={builder} {LIST} /tmp/"


def debian_install(builder: str, beside: tuple[str, ...] = ()) -> str:
    """The final stage's lines that install what the builder listed, where no install of the author takes them."""
    names = " ".join([*beside, f"$(cat /tmp{LIST})"])
    return (
        f"{copied_list(builder)}\n"
        "RUN apt-get update \\\n"
        f"\t&& apt-get install -y --no-install-recommends {names} \\\n"
        f"\t&& rm -rf /var/lib/apt/lists/* /tmp{LIST}"
    )


def alpine_install(paths: tuple[str, ...]) -> str:
    """The final stage's RUN that installs the libraries of copied programs by their `so:` names."""
    own = " ".join(paths)
    return (
        "RUN apk add --no-cache $(scanelf --needed --nobanner --format '%n#p' --recursive "
        f"{own} \\\n"
        "\t| tr ',' '\\n' | sort -u \\\n"
        f'\t| while read -r so; do find {own} -name "$so" | grep -q . || echo "so:$so"; done)'
    )


class AuthorDiscovery(Struct, frozen=True):
    """The author's own list of libraries: a pipeline that ends in `apt-mark manual`, and its end as a list file."""

    step: int
    edit: Edit


def author_discovery(analysis: Analysis) -> AuthorDiscovery | None:
    """The form of the official images: `find … ldd … | xargs apt-mark manual` before a purge of the rest."""
    text = analysis.dockerfile.source.text
    for step in analysis.steps:
        for member in step.members:
            command = member.command
            if not isinstance(command, Pipeline) or len(command.commands) < 3:
                continue
            if not any(c.action is PackageAction.MARK_MANUAL for c in member.effects.packages):
                continue
            last = command.commands[-1].span
            bar = text.rfind("|", command.commands[-2].span.end, last.start)
            if bar >= 0 and "ldd" in step.effects.tools:
                return AuthorDiscovery(step.index, Edit(Span(bar, last.end), f"> {LIST}"))
    return None


def discovery_lines(
    analysis: Analysis,
    marks: Marks,
    artifacts: tuple[Artifact, ...],
    final: BaseImage,
    builder: str,
    listed: bool,
    taken_at: int | None = None,
    beside: tuple[str, ...] = (),
) -> tuple[Insertion, ...]:
    """What lists and installs run-time libraries, for Debian's and Alpine's families; nothing for others.

    `listed` says that the author's own lines write the list, `taken_at` is their install that takes it, `beside`
    are packages that are installed along with it.
    """
    if not artifacts:
        return ()
    paths = tuple(dict.fromkeys(a.source for a in artifacts))
    last_built = max(marks.builder)
    if final.family in ("debian", "ubuntu"):
        first = min(a.producer for a in artifacts)
        lines = as_root(analysis, first, debian_install(builder, beside))
        install = Insertion(Stage.FINAL, first, lines, COMMENT, before=True)
        if taken_at is not None:
            install = Insertion(Stage.FINAL, taken_at, copied_list(builder), COMMENT, before=True)
        if listed:
            return (install,)
        lines = debian_list(paths, _pipefail(analysis, last_built))
        return Insertion(Stage.BUILDER, last_built, as_root(analysis, last_built, lines), COMMENT), install
    if final.family == "alpine":
        last = max(a.producer for a in artifacts)
        brought = tuple(dict.fromkeys(a.destination for a in artifacts))
        return (Insertion(Stage.FINAL, last, as_root(analysis, last, alpine_install(brought)), COMMENT),)
    return ()


def as_root(analysis: Analysis, index: int, text: str) -> str:
    """The text between USER lines where the stage is not root's behind a step; the author's spelling of the user."""
    spelled = ""
    for step in analysis.steps[: index + 1]:
        if isinstance(step.instruction, User):
            spelled = step.instruction.name.text
    user = spelled or analysis.base.user
    return text if user.split(":")[0] in ("", "root", "0") else f"USER root\n{text}\nUSER {user}"


def _pipefail(analysis: Analysis, index: int) -> bool:
    """Whether the SHELL in force makes a pipeline fail with any of its commands."""
    command = shell_command(analysis.steps[index].state.shell)
    return command is not None and command.pipefail
