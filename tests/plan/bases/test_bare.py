"""Programs of which a build showed all that they load stand on an image without a shell."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from converter.convert import convert
from converter.observed import Observed
from converter.options import Options
from converter.outcome import Converted, Refused

TEXT = """\
FROM golang:1.22
RUN apt-get update && apt-get install -y tzdata gcc {packages}
{more}
WORKDIR /src
COPY . .
RUN go build -o /srv/app .
WORKDIR /
USER {user}
CMD ["/srv/app"]
"""
LIBRARIES = ("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib64/ld-linux-x86-64.so.2")
SEEN = Observed(
    built=True,
    starts=("/srv/app",),
    programs={"/srv/app": LIBRARIES},
    links=("/lib64",),
    shared=frozenset({"/etc/mime.types"}),
)


def final(
    observed: Observed, packages: str = "", more: str = "", user: str = "1000", base: str = "smallest"
) -> str:
    text = TEXT.format(packages=packages, more=more, user=user)
    outcome = convert(text, options=Options(final_base=base), observed=observed)
    assert isinstance(outcome, Converted), outcome
    return outcome.dockerfile.partition("\n\nFROM ")[2]


@pytest.mark.parametrize("packages", ["", "make", "netbase ca-certificates", "libpq5", "vim"])
def test_a_program_of_which_all_is_known_needs_no_shell(packages: str) -> None:
    text = final(SEEN, packages)
    assert text.startswith("gcr.io/distroless/static-debian12\n")
    assert "COPY --from=builder /run-time-libraries /\n" in text
    assert "COPY --from=builder /etc/mime.types /etc/mime.types\n" in text
    assert "RUN" not in text
    assert "passwd" not in text


@pytest.mark.parametrize(
    ("packages", "more"),
    [("imagemagick", ""), ("", "RUN mkdir /data && chmod 777 /data"), ("", "RUN locale-gen")],
)
def test_what_has_to_run_in_the_final_stage_needs_a_shell(packages: str, more: str) -> None:
    assert final(SEEN, packages, more).startswith("debian:")


def test_accounts_are_copied() -> None:
    text = final(SEEN, more="RUN useradd -r app", user="app")
    assert text.startswith("gcr.io/distroless/")
    assert "COPY --from=builder /etc/passwd /etc/group /etc/\n" in text
    assert "RUN" not in text


@pytest.mark.parametrize(
    "observed",
    [
        Observed(),
        Observed(built=True, starts=("/srv/app",)),
        Observed(built=True, starts=("/srv/app", "/usr/bin/curl"), programs={"/srv/app": LIBRARIES}),
        replace(SEEN, unfit=frozenset({"gcr.io/distroless/static-debian12"})),
    ],
    ids=["not built", "may load more", "starts another", "shown not to be enough"],
)  # fmt: skip
def test_without_full_knowledge_the_base_has_a_shell(observed: Observed) -> None:
    assert final(observed).startswith("debian:")


def test_the_builder_gathers_the_libraries_with_their_links() -> None:
    outcome = convert(
        TEXT.format(packages="", more="", user="1000"), options=Options(final_base="smallest"), observed=SEEN
    )
    assert isinstance(outcome, Converted)
    assert outcome.dockerfile.partition("\n\nFROM ")[0].endswith(
        "RUN mkdir /run-time-libraries && cd / \\\n"
        "\t&& cp --no-dereference --parents --preserve=all --target-directory=/run-time-libraries \\\n"
        "\t\tlib64 \\\n"
        "\t&& cp --dereference --parents --preserve=all --target-directory=/run-time-libraries \\\n"
        "\t\tusr/lib/x86_64-linux-gnu/libc.so.6 \\\n\t\tusr/lib64/ld-linux-x86-64.so.2"
    )


def test_auto_never_leaves_the_shell_behind() -> None:
    assert final(SEEN, base="auto").startswith("debian:")


@pytest.mark.parametrize("base", ["scratch", "distroless"])
def test_a_bare_base_that_is_asked_for_takes_a_known_program(base: str) -> None:
    text = final(SEEN, base=base)
    assert text.startswith("scratch\n" if base == "scratch" else "gcr.io/distroless/static-debian12\n")
    assert "/run-time-libraries" in text
    asked = convert(TEXT.format(packages="", more="", user="1000"), options=Options(final_base=base))
    assert isinstance(asked, Refused)


def test_only_what_is_copied_brings_its_libraries() -> None:
    programs = {"/srv/app": LIBRARIES, "/opt/tool": ("/usr/lib/libtool.so.1",)}
    assert "libtool" not in final(Observed(built=True, starts=("/srv/app",), programs=programs))


def test_smallest_cleans_up_behind_installs_that_are_not_changed() -> None:
    text = "FROM node:20\nRUN apt-get update && apt-get install -y nginx\nWORKDIR /app\nCOPY . .\n"
    text += 'RUN npm install && npm run build && cp -r dist /srv/www\nCMD ["nginx"]\n'
    for base, cleaned in (("smallest", True), ("auto", False)):
        outcome = convert(text, options=Options(final_base=base))
        assert isinstance(outcome, Converted), outcome
        assert ("&& rm -rf /var/lib/apt/lists/*" in outcome.dockerfile) is cleaned
