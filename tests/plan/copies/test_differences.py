"""What a difference of a populated directory gathers, and what it leaves to each image."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

HEAD = "RUN apt-get update && apt-get install -y gcc make\nCOPY . /src\nRUN make -C /src\n"
INSTALL = "RUN make -C /src install prefix=/usr sysconfdir=/etc"


def test_files_of_the_machine_and_the_loader_are_no_difference() -> None:
    builder, _ = stages(f'FROM debian:bookworm\n{HEAD}{INSTALL}\nCMD ["prog"]\n')
    removed = builder.partition("&& rm -f ")[2].split()
    assert "/install/etc/resolv.conf" in removed
    assert "/install/etc/ld.so.cache" in removed
    assert "/install/etc/passwd" not in removed


def test_accounts_are_made_anew_and_not_gathered() -> None:
    accounts = "RUN useradd app && chown app /etc/app.conf"
    builder, final = stages(f'FROM debian:bookworm\n{HEAD}{INSTALL}\n{accounts}\nUSER app\nCMD ["prog"]\n')
    assert builder.index("touch /before") < builder.index("useradd app") < builder.index("-cnewer /before")
    assert "/install/etc/passwd" in builder.partition("&& rm -f ")[2].split()
    assert "useradd app" in final


def test_nothing_is_taken_out_of_other_directories() -> None:
    builder, _ = stages(f'FROM debian:bookworm\n{HEAD}RUN make -C /src install prefix=/usr\nCMD ["prog"]\n')
    assert "/install/usr" in builder
    assert "rm -f" not in builder


def test_packages_of_a_project_of_the_file_are_no_part_of_the_base() -> None:
    builder, final = stages(
        "FROM example/php\nRUN apk add --no-cache composer make gcc\nCOPY composer.json /usr/share/shop/\n"
        'RUN cd /usr/share/shop && composer install --no-scripts\nCMD ["/start.sh"]\n'
    )
    assert "/before" not in builder
    assert "COPY --from=builder /usr/share/shop/vendor /usr/share/shop/vendor\n" in final


def test_scripts_of_the_init_system_and_the_web_server_are_there_when_they_are_enabled() -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y apache2 gcc make\nCOPY . /src\n"
        "RUN cd /src && ./configure && make && make install && make install-init install-webconf\n"
        'RUN a2enconf app && /etc/init.d/app configtest\nCMD ["apache2ctl", "-DFOREGROUND"]\n'
    )
    assert "find /etc -cnewer /before" in builder
    assert final.index("COPY --from=builder /install/etc /etc") < final.index("a2enconf app")


UNREAD = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make openssh-server apache2\n"
    'COPY . /src\nRUN make -C /src && make -C /src install\n{}CMD ["prog"]\n'
)


def test_an_install_that_nobody_can_read_is_gathered_wherever_it_goes() -> None:
    builder, final = stages(UNREAD.format(""))
    assert builder.index("touch /before") < builder.index("make -C /src install")
    assert "find /etc /usr -cnewer /before" in builder
    assert (
        "COPY --from=builder /install/etc /etc\nCOPY --from=builder /install/usr /usr\nRUN ldconfig" in final
    )


def test_settings_of_packages_are_changed_in_the_final_stage_all_the_same() -> None:
    changes = "RUN rm /etc/apache2/sites-enabled/000-default.conf && sed -i s/a/b/ /etc/ssh/sshd_config\n"
    changes += "RUN rm -r /usr/share/ri\n"
    _, final = stages(UNREAD.format(changes))
    assert changes.strip() in final


def test_a_project_that_is_known_fills_its_prefix() -> None:
    builder, final = stages(UNREAD.format("").replace("/src", "/usr/src/redis"))
    assert "/before" not in builder
    assert "COPY --from=builder /usr/local /usr/local" in final


def test_modules_go_where_the_packaged_server_looks() -> None:
    builder, final = stages(
        "FROM debian:bookworm\n"
        "RUN apt-get update && apt-get install -y gcc make curl varnish libvarnishapi-dev\n"
        "RUN curl -o m.tar.gz https://example.org/m-1.0.tar.gz && tar -xf m.tar.gz && cd m-1.0 && ./configure && "
        'make install\nCMD ["varnishd", "-F"]\n'
    )
    assert "find /usr -cnewer /before" in builder
    assert "COPY --from=builder /install/usr /usr\n" in final


FETCHED = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y git make supervisor
RUN git clone https://example.org/tool /root/tool && cd /root/tool && make install
{more}CMD [{started}]
"""


@pytest.mark.parametrize(
    ("more", "started", "looked"),
    [
        ("", '"supervisord", "-n"', "/etc /opt /usr"),
        ("", '"tool"', "/etc /usr"),
        ("RUN useradd -s /opt/tool/bin/login demo\n", '"tool"', "/etc /opt /usr"),
        ("RUN chown -R daemon /srv/tool\n", '"tool"', "/etc /srv /usr"),
        (
            "RUN git clone https://example.org/x /opt/x && make -C /opt/x\n",
            '"supervisord", "-n"',
            "/etc /usr",
        ),
    ],
)
def test_an_unread_install_is_looked_for_where_few_go(more: str, started: str, looked: str) -> None:
    builder, _ = stages(FETCHED.format(more=more, started=started))
    assert f"find {looked} -cnewer /before" in builder


SETUP = """\
FROM {base}
RUN apt-get update && apt-get install -y git gcc python3-dev
RUN git clone https://example.org/tool /root/tool && cd /root/tool && python3 setup.py install
COPY run.sh /
{more}CMD [{started}]
"""


@pytest.mark.parametrize(
    ("base", "more", "started", "looked"),
    [
        ("debian:bookworm", "", '"/run.sh"', "/etc /usr"),
        ("python:3.12", "", '"/run.sh"', "/etc"),
        ("debian:bookworm", "RUN chmod 600 /etc/tool/tool.conf\n", '"tool"', "/etc"),
        ("debian:bookworm", "", '"tool"', ""),
        ("debian:bookworm", "COPY tool.conf /etc/tool/\n", '"tool", "/etc/tool/tool.conf"', ""),
    ],
)
def test_an_unread_setup_script_may_fill_directories_of_the_system(
    base: str, more: str, started: str, looked: str
) -> None:
    builder, final = stages(SETUP.format(base=base, more=more, started=started))
    assert (f"find {looked} -cnewer /before" in builder) is bool(looked)
    assert ("/install" in final) is bool(looked)
    assert "COPY --from=builder /etc /etc" not in final
