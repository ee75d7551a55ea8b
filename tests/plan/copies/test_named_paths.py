"""A build step needs the files that its arguments name, and modules that it runs."""

from __future__ import annotations

from tests.plan.stages import stages


def test_a_file_named_by_a_variable_of_make_is_in_the_builder() -> None:
    builder, final = stages(
        "FROM debian:bookworm\n"
        "RUN apt-get update && apt-get install -y gcc make git\n"
        "ADD embed.ipxe /tmp/embed.ipxe\n"
        "RUN git clone https://example.org/ipxe /ipxe && make -C /ipxe EMBED=/tmp/embed.ipxe \\\n"
        " && cp /ipxe/bin/ipxe.efi /srv/ && rm -rf /ipxe /tmp/embed.ipxe\n"
        'CMD ["cat", "/srv/ipxe.efi"]\n'
    )
    assert "ADD embed.ipxe /tmp/embed.ipxe" in builder
    assert "/srv/ipxe.efi" in final
    assert "embed.ipxe /tmp" not in final


def test_a_module_that_pip_installed_runs_where_it_is() -> None:
    text = (
        "FROM debian:bookworm\n"
        "RUN apt-get update && apt-get install -y python3-pip gcc python3-dev\n"
        "RUN pip install jupyter && python3 -m ipykernel.kernelspec\n"
        "RUN python3 -m own.module\n"
        'CMD ["jupyter", "notebook"]\n'
    )
    _, final = stages(text)
    copied = final.index("COPY --from=builder /usr/local /usr/local")
    assert copied < final.index("ipykernel.kernelspec") < final.index("own.module")


def test_what_lies_in_a_directory_that_is_copied_is_not_gathered_too() -> None:
    _, final = stages(
        "FROM debian:bookworm\n"
        "RUN apt-get update && apt-get install -y python3-pip gcc python3-dev\n"
        "RUN pip install jupyter && jupyter nbextension enable --py widgets\n"
        'CMD ["jupyter", "notebook"]\n'
    )
    assert "COPY --from=builder /usr/local /usr/local" in final
    assert "/install/usr/local/share/jupyter" not in final


def test_a_published_program_in_the_work_directory_comes_with_all_that_lies_beside_it() -> None:
    _, final = stages(
        "FROM mcr.microsoft.com/dotnet/sdk:8.0\n"
        "WORKDIR /app\n"
        "COPY . .\n"
        "RUN dotnet publish -c Release -o out\n"
        "RUN cp -a out/. /app/\n"
        'ENTRYPOINT ["dotnet", "server.dll"]\n'
    )
    assert "COPY --from=builder /app /app\n" in final


def test_a_published_program_of_a_folder_of_its_own_comes_with_this_folder_alone() -> None:
    _, final = stages(
        "FROM mcr.microsoft.com/dotnet/sdk:8.0\n"
        "WORKDIR /app\n"
        "COPY . .\n"
        "RUN dotnet publish -c Release -o out\n"
        'ENTRYPOINT ["dotnet", "out/server.dll"]\n'
    )
    assert "COPY --from=builder /app/out /app/out\n" in final


def test_a_script_that_the_entrypoint_of_an_unknown_base_may_run_comes_with_its_directory() -> None:
    _, final = stages(
        "FROM someone/python\nCOPY app /usr/src/app\nCOPY requirements.txt /usr/src/app/\nWORKDIR /usr/src/app\n"
        "RUN apt-get update && apt-get install -y libssl-dev gcc && pip install -r requirements.txt\n"
        'CMD ["app.py", "--help"]\n'
    )
    assert "COPY app /usr/src/app\n" in final


def test_an_unread_script_may_use_what_the_author_brought_below_its_directory() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc python3-pip git\nWORKDIR /app\n"
        "COPY server /app/server\nRUN git clone https://x.org/lib && cd lib && python3 setup.py install\n"
        "RUN cd server && python3 setup.py install\n"
        'COPY run.sh /app/\nENTRYPOINT ["./run.sh"]\n'
    )
    assert "/app/server /app/server" in final
    assert "/app/lib" not in final
