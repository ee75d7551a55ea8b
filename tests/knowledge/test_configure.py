"""Options of configure scripts: what an install then fills."""

import pytest

from converter.knowledge.configure import Filled, filled_by


@pytest.mark.parametrize(
    ("option", "filled"),
    [
        ("--prefix=/opt/x", Filled("prefix", "/opt/x")),
        ("-prefix=/opt/x", Filled("prefix", "/opt/x")),
        ("--sysconfdir=/etc/x", Filled("value", "/etc/x")),
        ("--conf-path=/etc/nginx/nginx.conf", Filled("parent", "/etc/nginx/nginx.conf")),
        ("--http-log-path=/var/log/nginx/access.log", Filled("parent", "/var/log/nginx/access.log")),
        ("--http-proxy-temp-path=/var/cache/nginx/proxy", None),
        ("--pid-path=/run/nginx.pid", Filled("parent", "/run/nginx.pid")),
        ("--lock-path=/run/lock/nginx.lock", None),
        ("--with-zlib-dir=/usr/lib", None),
        ("--libdir=${prefix}/lib", None),
        ("--add-module=../echo", Filled("sources", "../echo")),
        ("--with-apxs2", Filled("apache.modules", "", asks=True)),
        ("--with-apxs2=/usr/bin/apxs2", Filled("apache.modules", "", asks=True)),
        ("--with-apxs2=/opt/apache/bin/apxs", None),
        ("--enable-shared", None),
    ],
)
def test_an_option_alone(option: str, filled: Filled | None) -> None:
    assert filled_by(option, [option]) == filled


@pytest.mark.parametrize(
    ("option", "other", "filled"),
    [
        ("--modules-path=/usr/lib/nginx", "--with-debug", None),
        ("--modules-path=/usr/lib/nginx", "--with-stream=dynamic", Filled("value", "/usr/lib/nginx")),
        ("--modules-path=/usr/lib/nginx", "--add-dynamic-module=/src", Filled("value", "/usr/lib/nginx")),
        ("--with-http_perl_module", "--with-debug", Filled("perl.arch", "")),
        ("--with-http_perl_module", "--with-perl_modules_path=/opt/perl", None),
    ],
)
def test_an_option_beside_another(option: str, other: str, filled: Filled | None) -> None:
    assert filled_by(option, [option, other]) == filled
