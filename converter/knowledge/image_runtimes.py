"""Narrower run times of the same kind: a JRE for a JDK, .NET without its SDK, CUDA without compilers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.knowledge.image_model import BaseChoice, BaseImage
from converter.knowledge.image_names import family_of, named_suite, suite_of, table_key
from converter.knowledge.image_tables import listed, repository_row, tags
from converter.knowledge.image_text import with_repository, with_tag

_SAME = "the run time of the same version"
_OPENJDK = ("openjdk", "java")


def runtime_sibling(image: BaseImage, web: bool | None = None) -> BaseChoice | None:
    """A narrower image that still runs what this one builds, or None where none is known.

    `web` says whether a .NET program is a web application; None (not known) gets the run time that has both.
    """
    if image.digest:
        return None
    name = table_key(image.repository)
    match name:
        case "openjdk" | "java":
            return _jre_of_openjdk(image, name)
        case "eclipse-temurin" | "adoptopenjdk" | "amazoncorretto":
            return _jre_of_vendor(image, name)
        case "maven" | "gradle" | "clojure" | "hseeberger/scala-sbt" | "sbtscala/scala-sbt":
            return _jre_of_builder(image, name)
        case _:
            final = products_runtime(image) or _dotnet(image, name, web is not False)
            return BaseChoice(image.reference, final, _SAME) if final else None


def products_runtime(image: BaseImage) -> str | None:
    """The image with the libraries that every program of this tool chain loads, without its compilers."""
    match table_key(image.repository):
        case "nvidia/cuda" if re.search(r"(^|-)devel($|-)", image.tag):
            return with_tag(image, re.sub(r"(^|-)devel($|-)", r"\1runtime\2", image.tag))
        case "swift" if not image.tag.endswith("slim"):
            slim = "slim" if image.tag == "latest" else f"{image.tag}-slim"
            return with_tag(image, slim) if listed("swift", slim) else None
        case _:
            return None


def _dotnet(image: BaseImage, name: str, web: bool) -> str | None:
    tag = image.tag
    short = re.sub(r"^(\d+\.\d)\.\d+", r"\1", tag)  # an SDK's third number is its own
    match name:
        case "mcr.microsoft.com/dotnet/sdk" | "mcr.microsoft.com/dotnet/core/sdk":
            head = image.reference.rpartition("/")[0]
            return f"{head}/{'aspnet' if web else 'runtime'}:{short}"
        case "microsoft/dotnet" if re.match(r"2\.[1-9]\S*-sdk", tag):
            return with_tag(image, short.replace("sdk", "aspnetcore-runtime" if web else "runtime"))
        case "microsoft/dotnet" if re.fullmatch(r"2\.0(\.\d+)?-sdk", tag):
            return f"microsoft/{'aspnetcore:2.0' if web else 'dotnet:2.0-runtime'}"
        case "microsoft/aspnetcore-build" if re.fullmatch(r"[12]\.\d(\.\d+)?", tag):
            return f"microsoft/aspnetcore:{tag}"
        case _:
            return None


def _jre_of_openjdk(image: BaseImage, name: str) -> BaseChoice | None:
    if "jre" in image.tag or image.family in ("windows", "unknown"):
        return None
    for tag in _jre_spellings(image.tag, slim=image.family == "debian"):
        if listed(name, tag):
            return BaseChoice(image.reference, with_tag(image, tag), _SAME)
    number = re.match(r"\d+", image.tag)
    return _temurin(image, number[0], "alpine" if image.family == "alpine" else "") if number else None


def _jre_spellings(tag: str, slim: bool) -> Iterator[str]:
    """`11-jdk-bullseye` to `11-jre-slim-bullseye` and `11-jre-bullseye`; `8` to `8-jre-slim` and `8-jre`."""
    if tag == "latest":
        tag = "jre"
    elif "jdk" in re.sub("openjdk", "", tag):
        tag = re.sub(r"(?<!open)jdk", "jre", tag, count=1)
    else:
        tag = re.sub(r"^((?:openjdk-)?[\w.]+)", r"\1-jre", tag, count=1)
    if slim and "slim" not in tag:
        yield tag.replace("jre", "jre-slim")
    yield tag


def _jre_of_vendor(image: BaseImage, name: str) -> BaseChoice | None:
    tag = image.tag
    if re.search(r"jre|headless|windows|nanoserver", tag) or not re.match(r"\d", tag):
        return None
    match name:
        case "eclipse-temurin":
            wanted = next(_jre_spellings(tag, slim=False))
            release = re.sub(r"^(\d+)[u.][\w.]+", r"\1", wanted)  # those of the series
            if not (listed(name, wanted) or listed(name, release)):
                return None
        case "adoptopenjdk":
            wanted = tag.replace("-jdk", "-jre") if "-jdk" in tag else f"{tag}-jre-hotspot"
            if not re.fullmatch(r"\d+-jre-(hotspot|openj9)(-[a-z]+)?", wanted):
                return None
        case _:
            wanted = f"{tag.removesuffix('-jdk')}-headless"
            if "al2023" not in tag or not listed(name, wanted):
                return None
    return BaseChoice(image.reference, with_tag(image, wanted), _SAME)


def _jre_of_builder(image: BaseImage, name: str) -> BaseChoice | None:
    """The JRE for what Maven, Gradle, sbt or Leiningen built: the JDK's version and vendor are in the tag."""
    tag = image.tag
    if re.search(r"windows|nanoserver|corretto|graal|openj9|semeru|ibmjava|sapmachine|zulu|ubi", tag):
        return None
    variant = "alpine" if image.family == "alpine" else named_suite(tag, "ubuntu") or ""
    if found := re.search(r"(?:temurin)-(\d+)", tag):
        return _temurin(image, found[1], variant)
    if found := re.search(r"adoptopenjdk-(\d+)", tag):
        return _other(image, f"adoptopenjdk:{found[1]}-jre-hotspot", found[1])
    if name == "gradle":
        found = re.search(r"j(?:dk|re)-?(\d+)", tag)
        return _temurin(image, found[1], variant) if found else None
    found = re.search(r"(?:openjdk|jdk)-?(\d+)", tag) or re.match(r"(8)u\d|(1[17])\.0", tag)
    if found is None:
        return None
    major = next(number for number in found.groups() if number)
    wanted = f"{major}-jre-alpine" if image.family == "alpine" else f"{major}-jre-slim"
    if listed("openjdk", wanted):
        return _other(image, f"openjdk:{wanted}", major)
    return _temurin(image, major, variant)


def _temurin(image: BaseImage, major: str, variant: str) -> BaseChoice | None:
    """Temurin's JRE, in the image's own variant (alpine, or the release it names) where that exists."""
    known = tags("eclipse-temurin")
    plain = f"{major}-jre"
    wanted = f"{plain}-{variant}" if variant else plain
    if wanted not in known:
        wanted = plain
    if wanted not in known or (variant == "alpine" and wanted == plain):
        return None
    return _other(image, f"eclipse-temurin:{wanted}", major)


def _other(image: BaseImage, reference: str, major: str) -> BaseChoice:
    repository, _, tag = reference.partition(":")
    row = repository_row(repository)
    family = family_of(repository, tag, row)
    other = family != image.family
    note = f"a run time of Java {major}"
    if other:
        note += f", on {family} instead of {image.family}"
    elif image.suite not in (None, suite_of(repository, tag, family, row)):
        note += ", of another release of the distribution"
        other = True
    return BaseChoice(image.reference, with_repository(image, repository, tag), note, other)
