"""The loader's cache is made anew behind the copies that bring libraries where it is told to look."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

FILE = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y tini gcc make && \\
  cd /usr/local/src && curl -O https://example.org/x.tar.gz && \\
  tar -xf x.tar.gz && cd x && ./config --prefix=/usr/local/x shared && make && make install && \\
  echo "{told}" > /etc/ld.so.conf.d/x.conf && {then}
CMD ["/usr/local/x/bin/x"]
"""
COPY = "COPY --from=builder /usr/local/x /usr/local/x\n"


@pytest.mark.parametrize("then", ["ldconfig -v", "ldconfig -v && rm /usr/local/src/x.tar.gz"])
def test_it_follows_a_copy_into_a_folder_that_the_author_names(then: str) -> None:
    _, final = stages(FILE.format(told="/usr/local/x/lib", then=then))
    assert f"{COPY}RUN ldconfig\n" in final
    assert final.count("ldconfig") == 1


@pytest.mark.parametrize(("told", "then"), [("/opt/y/lib", "ldconfig"), ("/usr/local/x/lib", "true")])
def test_it_does_not_follow_others(told: str, then: str) -> None:
    _, final = stages(FILE.format(told=told, then=then))
    assert "RUN ldconfig" not in final


def test_one_of_the_author_that_looks_into_the_folder_stands_behind_the_copy() -> None:
    _, final = stages(FILE.format(told="/usr/local/x/lib", then="ldconfig /usr/local/x/lib"))
    assert "ldconfig /usr/local/x/lib" in final[final.index(COPY) :]
    assert final.count("ldconfig") == 1


@pytest.mark.parametrize(
    ("install", "follows"),
    [
        ("pip3 install numpy", False),
        ("pip3 install numpy && gem install thin", False),
        ("pip3 install numpy && ldconfig", True),  # the author knows of a library there
        ("pip3 install numpy && cd /src && ./configure && make install", True),
    ],
)
def test_packages_of_interpreted_languages_bring_nothing_for_the_loader(install: str, follows: bool) -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make python3-pip ruby-dev npm\n"
        f'COPY src /src\nRUN {install}\nCOPY app.py /\nCMD ["python3", "/app.py"]\n'
    )
    assert "COPY --from=builder /usr/local /usr/local\n" in final
    assert ("ldconfig" in final) is follows


@pytest.mark.parametrize("between", ["", "RUN apt-get install -y libgomp1\n"])
def test_a_difference_has_what_packages_of_the_system_brought_in_between(between: str) -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc npm\nRUN npm install -g bower\n"
        f'{between}RUN npm install -g gulp\nCOPY app.js /\nCMD ["node", "/app.js"]\n'
    )
    assert "COPY --from=builder /install/usr /usr\n" in final
    assert ("RUN ldconfig" in final) is bool(between)


def test_it_stands_behind_what_tells_the_loader_of_a_folder() -> None:
    _, final = stages(
        FILE.format(told="/usr/local/x/lib", then="ldconfig && ln -s /usr/local/x/bin/x /usr/bin/x")
    )
    assert final.index(COPY) < final.index("ld.so.conf.d") < final.index("RUN ldconfig")
    assert final.count("ldconfig") == 1
