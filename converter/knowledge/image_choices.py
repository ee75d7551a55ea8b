"""Narrower siblings of base images: slim variants, run times, and plain systems; decisions.md, section 7."""

from __future__ import annotations

import re
from dataclasses import dataclass

from converter.knowledge.images import BaseImage, Kind, distributions, suite_of_tag, tags

NEWEST = {"debian": "trixie", "alpine": "3.23"}


@dataclass(frozen=True, slots=True)
class BaseChoice:
    """Images for both stages; `note` says why they differ from the author's."""

    builder: str
    final: str
    note: str = ""


def _with_tag(image: BaseImage, tag: str) -> str:
    """The author's spelling of the repository with another tag."""
    text = image.reference.partition("@")[0]
    head, slash, last = text.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}:{tag}"


def _listed(image: BaseImage, tag: str) -> bool:
    """Whether a tag exists; X.Y.Z has the variants of X.Y."""
    known = tags(image.repository)
    return tag in known or re.sub(r"^(\d+\.\d+)\.\d+", r"\1", tag) in known


def slim_sibling(image: BaseImage) -> str | None:
    """The slim variant of the same tag, if it exists and the image is not slim already."""
    if image.slim or image.digest or image.family not in ("debian", "unknown"):
        return None
    if image.repository == "debian":
        if image.tag in ("latest", "stable"):
            return _with_tag(image, "stable-slim")
        dated = re.fullmatch(r"([a-z]+|\d+(\.\d+)?)(-\d{8})?", image.tag)
        return _with_tag(image, f"{image.tag}-slim") if dated and image.suite not in ("squeeze", None) else None
    if image.kind is not Kind.LANGUAGE:
        return None
    tag = image.tag
    if tag == "latest":
        return _with_tag(image, "slim") if _listed(image, "slim") else None
    options = [f"{tag}-slim"]
    for suite in distributions()["suites"]["debian"]:
        if tag.endswith(f"-{suite}"):
            options += [f"{tag.removesuffix(suite)}slim-{suite}", f"{tag}-slim"]
        elif tag == suite:
            options += [f"slim-{suite}", f"{suite}-slim"]
    for option in options:
        if _listed(image, option):
            return _with_tag(image, option)
    return None


def without_toolchain(image: BaseImage) -> BaseChoice | None:
    """The plain system of the same release, for a result that needs neither interpreter nor compiler."""
    if image.kind not in (Kind.LANGUAGE, Kind.TOOLCHAIN) or image.digest:
        return None
    note = "nothing in the final stage uses what the image is for"
    match image.family:
        case "alpine":
            suite = image.suite or suite_of_tag(image.repository, image.tag)
            if suite is None:
                pinned = _pinned(image, f"alpine{NEWEST['alpine']}")
                return BaseChoice(pinned, f"alpine:{NEWEST['alpine']}", note) if pinned else None
            return BaseChoice(_pinned(image, f"alpine{suite}") or image.reference, f"alpine:{suite}", note)
        case "debian":
            suite = image.suite or suite_of_tag(image.repository, image.tag)
            suite = suite or (NEWEST["debian"] if image.tag == "latest" else None)
            if suite is None or suite == "sid":
                return None
            if image.suite is not None and image.suite in image.tag:
                return BaseChoice(image.reference, f"debian:{suite}-slim", note)
            floats = suite == NEWEST["debian"]
            pinned = _pinned(image, suite)
            if image.tag == "latest" and pinned is None:
                return None
            return BaseChoice(pinned if floats and pinned else image.reference, f"debian:{suite}-slim", note)
        case "ubuntu" if image.kind is Kind.TOOLCHAIN:
            numbers = {suite: number for number, suite in distributions()["releases"]["ubuntu"].items()}
            number = numbers.get(image.suite or suite_of_tag(image.repository, image.tag) or "")
            return BaseChoice(image.reference, f"ubuntu:{number}", note) if number else None
        case _:
            return None


def _pinned(image: BaseImage, suite: str) -> str | None:
    """The image with its release named, if that tag is listed."""
    if suite in image.tag:
        return image.reference
    if suite.startswith("alpine"):
        tag = re.sub(r"alpine$", suite, image.tag)
    else:
        tag = suite if image.tag == "latest" else f"{image.tag}-{suite}"
    return _with_tag(image, tag) if _listed(image, tag) else None


def runtime_sibling(image: BaseImage) -> BaseChoice | None:
    """A narrower run time of the same kind: a JRE of the same major version, .NET without its SDK, CUDA without devel."""
    if image.digest:
        return None
    match image.repository:
        case "openjdk" | "java" | "eclipse-temurin" | "adoptopenjdk":
            return _jre(image)
        case "maven" | "gradle":
            return _java_of_builder(image)
        case "mcr.microsoft.com/dotnet/sdk" | "mcr.microsoft.com/dotnet/core/sdk":
            other = re.sub(r"/sdk(?=:|$)", "/aspnet", image.reference)
            return BaseChoice(image.reference, other, "the run time of the same version")
        case "microsoft/dotnet" if "sdk" in image.tag and re.match(r"2\.[1-9]", image.tag):
            tag = image.tag.replace("sdk", "aspnetcore-runtime")
            return BaseChoice(image.reference, _with_tag(image, tag), "the run time of the same version")
        case "nvidia/cuda" if "devel" in image.tag:
            tag = image.tag.replace("devel", "runtime")
            return BaseChoice(image.reference, _with_tag(image, tag), "the run time of the same version")
        case _:
            return None


def _jre(image: BaseImage) -> BaseChoice | None:
    tag = image.tag
    note = "the run time of the same version"
    if "jre" in tag:
        return None
    major = re.match(r"(\d+)", tag)
    if major is None:
        return None
    if image.repository in ("eclipse-temurin", "adoptopenjdk"):
        wanted = tag.replace("-jdk", "-jre") if "-jdk" in tag else re.sub(r"^([^-]+)", r"\1-jre", tag)
        known = image.repository == "adoptopenjdk" or _listed(image, wanted) or image.repository == "eclipse-temurin"
        return BaseChoice(image.reference, _with_tag(image, wanted), note) if known else None
    options = [tag.replace("-jdk", "-jre") if "-jdk" in tag else re.sub(r"^([^-]+)", r"\1-jre", tag)]
    if "slim" not in tag and "alpine" not in tag:
        options.insert(0, f"{options[0]}-slim")
    for option in options:
        if option in tags(image.repository):
            return BaseChoice(image.reference, _with_tag(image, option), note)
    return None


def _java_of_builder(image: BaseImage) -> BaseChoice | None:
    """The JRE for what Maven or Gradle built: the JDK's version is in the tag."""
    tag = image.tag
    found = re.search(r"(?:openjdk|temurin|jdk|java)-?(\d+)", tag)
    if found is None:
        return None
    major = found[1]
    note = f"a run time of Java {major}"
    if image.family == "alpine":
        return BaseChoice(image.reference, f"eclipse-temurin:{major}-jre-alpine", note) if _temurin(major) else None
    if re.search(r"jdk-\d+|jdk\d+|openjdk", tag) and major in ("8", "11") and "temurin" not in tag and image.repository == "maven":
        return BaseChoice(image.reference, f"openjdk:{major}-jre-slim", note)
    return BaseChoice(image.reference, f"eclipse-temurin:{major}-jre", note) if _temurin(major) else None


def _temurin(major: str) -> bool:
    return f"{major}-jre" in tags("eclipse-temurin")
