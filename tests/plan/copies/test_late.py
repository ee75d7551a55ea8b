"""Directories, owners and modes inside what a copy brings: where they are made and set, and when."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

JAR = (
    "FROM adoptopenjdk/openjdk8\nADD proxy /opt/shop/src\n"
    "RUN cd /opt/shop/src && ./gradlew jar && mv build/libs/shop.jar .. && cd / && rm -rf /opt/shop/src"
    " && mkdir /opt/shop/cache\nRUN chgrp -R 0 /opt/shop && chmod -R g+rwX /opt/shop\n"
    'RUN java -Xcache=/opt/shop/cache -jar /opt/shop/shop.jar test\nCMD ["java", "-jar", "/opt/shop/shop.jar"]\n'
)
SHOP = (
    "FROM example/php-apache\nRUN apt-get update && apt-get install -y libpng-dev && docker-php-ext-install gd\n"
    "RUN cd /tmp && curl http://example.com/shop.tgz -o shop.tgz && tar xf shop.tgz && mv shop-1/* /var/www/html\n"
    "COPY auth.json /var/www/.composer/\nRUN chown -R www-data:www-data /var/www\n"
    'RUN su www-data -c "cd /var/www/html && composer install"\nCMD ["apache2-foreground"]\n'
)
BUILD = "RUN apt-get update && apt-get install -y gcc make\nWORKDIR /srv/app/src\n"
NGINX = (
    "RUN curl -O http://example.com/n.tgz && tar xf n.tgz && cd n && ./configure --prefix=/srv/app/nginx && make"
    ' && make install\nCMD ["/srv/app/nginx/sbin/nginx"]\n'
)


def test_what_lies_in_a_copied_directory_is_made_and_opened_in_the_builder() -> None:
    builder, final = stages(JAR)
    assert "&& mkdir /opt/shop/cache\n" in builder
    assert "RUN chgrp -R 0 /opt/shop && chmod -R g+rwX /opt/shop\n" in builder
    assert "cache" not in final
    assert "chgrp" not in final
    assert final.index("COPY --from=builder /opt/shop /opt/shop") < final.index("RUN chmod g+rwX /opt/shop")


def test_a_tree_of_which_a_part_is_copied_is_given_away_in_both_stages() -> None:
    builder, final = stages(SHOP)
    assert builder.index("RUN chown -R www-data:www-data /var/www\n") < builder.index("composer install")
    copied = final.index("COPY --from=builder /var/www/html")
    assert final.index("RUN chown -R www-data:www-data /var/www\n") < copied
    assert final.index("RUN chown www-data:www-data /var/www/html\n") > copied


def test_the_final_stage_gives_away_what_it_has_by_then() -> None:
    builder, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make nginx\nRUN useradd app\n"
        "COPY setup.py /srv/app/source/setup.py\nRUN chown -R app:app /srv/app/source /var/log/nginx\n"
        "RUN make -C /srv/app/source\nCOPY . /srv/app/\nRUN make -C /srv/app\nWORKDIR /srv/app\n"
        'CMD ["python3", "/srv/app/run.py"]\n'
    )
    assert "RUN chown -R app:app /srv/app/source /var/log/nginx\n" in builder
    assert "RUN chown -R app:app /var/log/nginx\n" in final


@pytest.mark.parametrize("step", ["chown -R app:app /srv/app", "mkdir /srv/app/logs", "chmod 770 /srv/app"])
def test_a_directory_is_there_before_its_owner_is_set_or_another_is_made_in_it(step: str) -> None:
    _, final = stages(
        f"FROM debian:12\nRUN useradd app\nRUN mkdir -p /srv/app/src\nRUN {step}\n" + BUILD + NGINX
    )
    assert final.index("RUN mkdir -p /srv/app/src\n") < final.index(f"RUN {step}\n")


def test_of_several_directories_one_is_enough() -> None:
    builder, _ = stages(
        "FROM debian:12\nRUN useradd app\nRUN mkdir -p /srv/app/src\nRUN mkdir -p /srv/app/logs\n"
        "RUN chown -R app:app /srv/app\nUSER app\n" + BUILD + NGINX
    )
    assert "/srv/app/src" in builder
    assert "/srv/app/logs" not in builder


def test_a_home_that_no_account_brings_is_made() -> None:
    _, final = stages(
        "FROM node:20\nRUN useradd -r app && mkdir -p /home/app/shop && chown -R app:app /home/app\n"
        "RUN wget http://example.com/shop.tgz -O - | tar xz -C /home/app/shop\nUSER app\nWORKDIR /home/app/shop\n"
        'RUN npm install\nCMD ["node", "server.js"]\n'
    )
    assert "mkdir -p /home/app/shop && chown -R app:app /home/app\n" in final


def test_a_directory_in_one_that_only_the_builder_has_is_made_with_it() -> None:
    builder, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make\nCOPY . /opt/shop/src\n"
        'RUN make -C /opt/shop/src install PREFIX=/usr/local\nRUN mkdir /opt/shop/run\nCMD ["shop"]\n'
    )
    assert "RUN mkdir -p /opt/shop/run\n" in final
    assert "-p" not in builder


def test_what_a_build_adds_comes_before_its_owner_is_set() -> None:
    _, final = stages(
        "FROM python:3.11\nRUN useradd app\nRUN pip install flask\n"
        "RUN chown -R app:app /usr/local/lib/python*\nRUN apt-get update && apt-get install -y gcc libffi-dev\n"
        'RUN npm install -g yarn\nRUN pip install cffi\nCMD ["python", "/srv/run.py"]\n'
    )
    assert final.index("COPY --from=builder") < final.index("RUN chown -R app:app")


def test_a_directory_of_settings_that_a_tool_of_the_builder_may_have_begun_is_made_with_its_parents() -> None:
    text = (
        "FROM ubuntu:16.04\nRUN apt-get update && apt-get install -y gcc make\nCOPY . /src\n"
        "RUN cd /src && ./configure && make && make install\nRUN mkdir {} && touch {}/rc\n"
        'CMD ["/usr/local/bin/x"]\n'
    )
    for directory in ("/root/.config/matplotlib", "/etc/nginx/ssl"):
        _, final = stages(text.format(directory, directory))
        assert (f"mkdir -p {directory}" in final) is directory.startswith("/root")


MODES = (
    "FROM php:8.2\nRUN apt-get update && apt-get install -y libzip-dev && docker-php-ext-install zip\n"
    "RUN mkdir /tmp/shop && curl -o /tmp/shop/s.tgz http://example.com/s.tgz && cd /tmp/shop && tar xf s.tgz"
    " && cp -a /tmp/shop/shop/* /srv/shop/ && rm -r /tmp/shop\n{more}"
    "RUN find /srv/shop -type f -exec chmod 664 {{}} \\; && find /srv/shop -type d -exec chmod 2775 {{}} \\;\n"
    "WORKDIR /srv/shop\nRUN chmod +x bin/shop && chmod -R 777 user\n"
    'CMD ["php", "/srv/shop/index.php"]\n'
)


def test_modes_that_are_set_twice_are_set_in_their_order() -> None:
    builder, final = stages(MODES.format(more=""))
    assert builder.index("chmod 664") < builder.index("chmod +x bin/shop")
    assert final.count("chmod") == 1
    assert final.index("COPY --from=builder /srv/shop /srv/shop\n") < final.index(
        "RUN chmod 2775 /srv/shop\n"
    )


def test_they_are_set_again_where_the_final_stage_has_more_in_the_directory() -> None:
    _, final = stages(MODES.format(more="COPY settings.ini /srv/shop/conf/\n"))
    assert final.index("chmod 664") < final.index("chmod +x bin/shop") < final.index("chmod -R 777 user")


@pytest.mark.parametrize("first", ["chown -R 1000 /srv/shop", "setcap cap_net_raw+ep $(which php)"])
def test_what_sets_no_modes_of_the_tree_leaves_their_place(first: str) -> None:
    _, final = stages(MODES.format(more=f"RUN {first}\n").replace("find /srv/shop", "find /srv/x"))
    assert "bin/shop" not in final


@pytest.mark.parametrize("test", ["-type f", "-type d -path './user*'", "-mindepth 1"])
def test_a_directory_keeps_its_mode_where_find_asks_for_others(test: str) -> None:
    _, final = stages(MODES.format(more="").replace("-type d", test))
    assert "RUN chmod" not in final


def test_modes_of_what_both_stages_have_are_set_in_the_builder_if_its_copy_comes_later() -> None:
    builder, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make && make -C /src install\n"
        "COPY agent /docker/agent\nRUN chmod -R 700 /docker && strip /docker/*\n"
        'ENTRYPOINT ["/docker/agent"]\n'
    )
    assert "RUN chmod -R 700 /docker && strip /docker/*" in builder
    assert "chmod -R" not in final
    assert "RUN chmod 700 /docker\n" in final
