"""Rebuilds tables of converter/knowledge/data from public sources: `python -m tests.knowledge.rebuild WHAT …`.

names   FOLDER                    prints the Debian packages that two or more Dockerfiles of a folder install
sizes   PACKAGES [--names FILE]   packages/debian_sizes.txt and base_images/sizes.txt, from bookworm's index
debian  CODE=PACKAGES…            packages/debian_libraries.txt; CODE is bu, bo, tr or si
images  FOLDER                    base_images/tags, from the `library` folder of the official images

PACKAGES is a Packages file (plain, .gz or .xz), or the address of a mirror. `--compare` writes nothing and says how
much of the shipped tables would stay as it is.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import converter.knowledge
from converter.errors import InputError
from tests.knowledge.measure_packages import operands
from tests.knowledge.rebuild import debian_libraries, image_tags, sizes
from tests.knowledge.rebuild.packages_index import Index, content, read_index

DATA = Path(converter.knowledge.__file__).parent / "data"
SUITES = {"bu": "bullseye", "bo": "bookworm", "tr": "trixie", "si": "sid"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.knowledge.rebuild", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("what", choices=("names", "sizes", "debian", "images"))
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument(
        "--names", type=Path, metavar="FILE", help="packages, one a line, instead of the shipped"
    )
    parser.add_argument("--compare", action="store_true", help="write nothing, say how much stays as it is")
    chosen = parser.parse_args()
    match chosen.what:
        case "names":
            print("\n".join(_installed(Path(chosen.sources[0]))))
        case "sizes":
            index = read_index(content(chosen.sources[0], "bookworm"))
            names = (
                chosen.names.read_text("utf-8").split()
                if chosen.names
                else _names("packages/debian_sizes.txt")
            )
            _sizes(index, names, chosen.compare)
        case "debian":
            given = dict(source.split("=", 1) for source in chosen.sources)
            if chosen.compare:
                _compare_libraries({code: _index(code, origin) for code, origin in given.items()})
            elif set(given) != set(SUITES):
                parser.error("the table needs all four suites: bu, bo, tr, si")
            else:
                found = {c: debian_libraries.libraries(_index(c, origin)) for c, origin in given.items()}
                _put(
                    "packages/debian_libraries.txt",
                    debian_libraries.head(f"{date.today():%B %Y}"),
                    debian_libraries.lines(found),
                    False,
                )
        case _:
            for file in sorted((DATA / "base_images/tags").glob("*.txt")):
                source = Path(chosen.sources[0], file.stem)
                if source.is_file():
                    older = file.read_text("utf-8").splitlines()
                    rows = image_tags.lines(source.read_text("utf-8"), older)
                    _put(f"base_images/tags/{file.name}", "", rows, chosen.compare)


def _index(code: str, origin: str) -> Index:
    return read_index(content(origin, SUITES[code]))


def _installed(folder: Path) -> list[str]:
    files: Counter[str] = Counter()
    for file in sorted(folder.glob("*.Dockerfile")):
        try:
            found = set(operands(file.read_text("utf-8", errors="replace")))
        except InputError:
            continue
        files.update(name for family, name in found if family == "apt")
    return sorted(name for name, count in files.items() if count >= 2)


def _names(table: str) -> list[str]:
    lines = (DATA / table).read_text("utf-8").splitlines()
    return [line.partition("\t")[0] for line in lines if not line.startswith("#")]


def _sizes(index: Index, names: Iterable[str], compare: bool) -> None:
    table = tomllib.loads((DATA / "base_images/sizes.toml").read_text("utf-8"))
    held = sizes.image_packages(index, table)
    rows = sizes.package_lines(index, [*names, *sorted(held)])
    _put("packages/debian_sizes.txt", sizes.PACKAGES_HEAD, rows, compare)
    _put("base_images/sizes.txt", sizes.IMAGES_HEAD, sizes.image_lines(index, table), compare)


def _put(name: str, head: str, rows: Iterable[str], compare: bool) -> None:
    """Write a table, or say how many of the shipped lines are the same."""
    made, path = list(rows), DATA / name
    if not compare:
        path.write_text(head + "".join(f"{row}\n" for row in made), "utf-8")
        return
    shipped = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    same = len(set(shipped) & set(made))
    print(
        f"{name}: {same} of {len(shipped)} lines are the same ({same / len(shipped):.1%}), {len(made)} made"
    )


def _compare_libraries(suites: dict[str, Index]) -> None:
    shipped = debian_libraries.read((DATA / "packages/debian_libraries.txt").read_text("utf-8"))
    for code, index in suites.items():
        made, wanted = debian_libraries.libraries(index), shipped[code]
        same = sum(made.get(name) == value for name, value in wanted.items())
        print(
            f"{SUITES[code]}: {same} of {len(wanted)} rows are the same ({same / len(wanted):.1%}), {len(made)} made"
        )


if __name__ == "__main__":
    main()
