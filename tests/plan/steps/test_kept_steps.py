"""What steps of the final stage need of packages, downloads and files, and what they no longer find there."""

from __future__ import annotations

import pytest

from converter.convert import convert
from converter.outcome import Unchanged
from tests.plan.stages import stages

GO = 'COPY . /src\nWORKDIR /src\nRUN go build -o /app\nCMD ["/app"]\n'
NPM = 'WORKDIR /src\nRUN npm install && npm run build\nCMD ["node", "/src/app.js"]\n'
MAKE = 'COPY . /src\nRUN cd /src && make && make install\nCMD ["app"]\n'


def test_a_package_whose_data_a_kept_step_copies_is_installed_for_it() -> None:
    _, final = stages(
        "FROM golang:1.20-alpine\nRUN apk add --no-cache tzdata && cp /usr/share/zoneinfo/UTC /etc/localtime && "
        "apk del tzdata\n" + GO
    )
    assert (
        "RUN apk add --no-cache tzdata && cp /usr/share/zoneinfo/UTC /etc/localtime && apk del tzdata\n"
        in final
    )


def test_a_link_to_a_program_does_not_keep_its_package() -> None:
    _, final = stages(
        "FROM ubuntu:18.04\nRUN apt-get update && apt-get install -y python3-pip gcc\n"
        'RUN ln -s /usr/bin/pip3 /usr/bin/pip && pip3 install flask\nCMD ["python3", "/app.py"]\n'
    )
    assert "python3-pip" not in final


def test_packages_of_a_compound_that_builds_get_a_line_of_their_own() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk --no-cache add build-base wget zlib-dev pcre-dev bash && cd /tmp && "
        "wget -q http://example.com/n.tar.gz && tar xf n.tar.gz && cd n && ./configure && make && make install && "
        'apk del build-base wget || true && cd / && rm -rf /tmp/*\nENTRYPOINT ["/usr/local/sbin/n"]\n'
    )
    assert final.startswith("alpine:3.18\nRUN apk add --no-cache zlib pcre bash\n")


@pytest.mark.parametrize("check", ["if dpkg -l | grep -i ruby; then exit 1; fi", "! dpkg -l | grep ruby"])
def test_what_a_check_looks_for_is_removed_in_the_builder_too(check: str) -> None:
    builder, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y ruby gcc make "
        "&& make -C /src install PREFIX=/usr/local "
        f"&& apt-get purge -y --auto-remove ruby gcc && {check} && app --version\n"
        'CMD ["app"]\n'
    )
    assert f"&& apt-get purge -y --auto-remove ruby gcc && {check} && app --version" in builder
    assert "purge" not in final


def test_a_checked_removal_leaves_the_libraries_that_the_author_lists() -> None:
    builder, final = stages(
        'FROM debian:12\nRUN set -eux; savedAptMark="$(apt-mark showmanual)"; apt-get update; '
        "apt-get install -y gcc make ruby; make -C /src install; apt-mark auto '.*' > /dev/null; "
        "apt-mark manual $savedAptMark > /dev/null; "
        "find /usr/local -type f -executable -not \\( -name '*tkinter*' \\) -exec ldd '{}' ';' "
        "| awk '/=>/ { print $(NF-1) }' | sort -u | xargs -r dpkg-query --search | cut -d: -f1 | sort -u "
        "| xargs -r apt-mark manual; apt-get purge -y --auto-remove; "
        'if dpkg -l | grep -i ruby; then exit 1; fi; app --version\nCMD ["app"]\n'
    )
    for part in (
        "apt-mark auto '.*'",
        "apt-mark manual $savedAptMark",
        "| tee /run-time-packages | xargs -r apt-mark",
    ):
        assert part in builder
    assert builder.index("--auto-remove") < builder.index("dpkg -l")
    assert "apt-mark" not in final


def test_what_rebuilds_the_database_of_packages_is_no_check() -> None:
    builder, final = stages(
        "FROM centos:7\nRUN yum install -y gcc make httpd && make -C /src install && yum remove -y gcc make "
        '&& yum clean all && rpm -vv --rebuilddb\nCMD ["httpd"]\n'
    )
    assert "rpm -vv --rebuilddb" in builder + final


@pytest.mark.parametrize("base", ["alpine:3.18", "debian:12"])
def test_files_named_by_a_pattern_are_stripped_where_they_are_made(base: str) -> None:
    install = (
        "apk add --no-cache gcc make"
        if base.startswith("alpine")
        else "apt-get update && apt-get install -y gcc make"
    )
    builder, final = stages(
        f"FROM {base}\nRUN {install}\nCOPY . /src\nRUN cd /src && make && install -m755 n /usr/sbin/n "
        '&& install -m755 n-debug /usr/sbin/n-debug && strip /usr/sbin/n*\nCMD ["n"]\n'
    )
    assert "strip /usr/sbin/n*" in builder
    assert "strip" not in final


def test_a_file_copied_from_the_context_and_edited_by_a_pattern_is_copied_back() -> None:
    _, final = stages(
        "FROM ubuntu:16.04\nRUN apt-get update && apt-get install -y dos2unix gcc make\n"
        "COPY app.conf /docker/app.conf\nRUN dos2unix /docker/*\n"
        'COPY . /src\nRUN make -C /src install\nENTRYPOINT ["/usr/local/bin/app", "/docker/app.conf"]\n'
    )
    assert "COPY --from=builder /docker /docker\n" in final


def test_a_program_moved_aside_for_the_list_of_libraries_stays_in_the_builder() -> None:
    builder, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache --virtual .build-deps gcc libc-dev make && make -C /src install \\\n"
        " && apk add --no-cache --virtual .gettext gettext && mv /usr/bin/envsubst /tmp/ \\\n"
        ' && runDeps="$(scanelf --needed --nobanner /usr/local/bin/n /tmp/envsubst | awk \'{ print "so:" $2 }\' '
        '| sort -u | xargs -r apk info --installed | sort -u)" \\\n'
        " && apk add --no-cache --virtual .rundeps $runDeps && apk del .build-deps && apk del .gettext "
        '&& mv /tmp/envsubst /usr/local/bin/\nCMD ["n"]\n'
    )
    assert "mv /usr/bin/envsubst /tmp/" in builder
    assert "gettext" not in final
    assert "envsubst" not in final.replace("COPY --from=builder", "")


def test_an_archive_is_unpacked_into_an_empty_usr_local_where_it_is_checked() -> None:
    builder, final = stages(
        'FROM buildpack-deps:bookworm\nRUN curl -SLO "https://example.com/node-v4.tar.gz" \\\n'
        ' && curl -SLO "https://example.com/SHASUMS256.txt.asc" && gpg --verify SHASUMS256.txt.asc \\\n'
        ' && grep " node-v4.tar.gz\\$" SHASUMS256.txt.asc | sha256sum -c - \\\n'
        ' && tar -xzf "node-v4.tar.gz" -C /usr/local --strip-components=1 \\\n'
        ' && rm "node-v4.tar.gz" SHASUMS256.txt.asc\n'
        'WORKDIR /app\nCOPY . /app\nRUN npm install\nCMD ["node", "app.js"]\n'
    )
    assert 'tar -xzf "node-v4.tar.gz" -C /usr/local' in builder
    assert "COPY --from=builder /usr/local /usr/local\n" in final
    assert "curl" not in final
    assert "SHASUMS" not in final


def test_a_check_stays_with_a_download_that_cannot_be_copied() -> None:
    builder, final = stages(
        "FROM php:8.2\nRUN apt-get update && apt-get install -y curl gnupg\nRUN gpg --recv-keys ABCD\n"
        "RUN curl -O https://example.com/node.tar.gz && curl -O https://example.com/SUMS.asc "
        "&& gpg --verify SUMS.asc && grep node.tar.gz SUMS.asc | sha256sum -c - "
        "&& tar -xzf node.tar.gz -C /usr/local && rm node.tar.gz SUMS.asc\n"
        'RUN docker-php-ext-install pdo\nCMD ["php", "/app.php"]\n'
    )
    assert "RUN gpg --recv-keys ABCD\n" in final
    assert "&& gpg --verify SUMS.asc && grep node.tar.gz SUMS.asc | sha256sum -c - && tar -xzf" in final
    assert "&& rm node.tar.gz SUMS.asc\n" in final
    assert "gpg" not in builder


def test_an_rm_names_what_the_final_stage_has() -> None:
    _, final = stages(
        "FROM node:18\nRUN apt-get update && apt-get install -y gcc make\n"
        "RUN mkdir /src && cd /src && curl -SL -o s.tar.gz https://example.com/s.tar.gz "
        '&& echo "abc  s.tar.gz" > sums.txt && sha1sum -c sums.txt && mkdir s '
        "&& tar xf s.tar.gz -C s --strip-components=1 && rm sums.txt s.tar.gz && cd s && npm install\n"
        'CMD ["node", "/src/s/s.js"]\n'
    )
    assert "s.tar.gz" not in final.replace('echo "abc  s.tar.gz"', "")


def test_what_is_unpacked_into_the_root_is_unpacked_in_the_final_stage() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN apk add --no-cache curl gcc make musl-dev\n"
        "RUN mkdir /tmp/b && cd /tmp/b && curl -o s6.tar.gz https://example.com/s6.tar.gz "
        "&& curl -o app.tar.gz https://example.com/app.tar.gz && tar xzf app.tar.gz && tar xzf s6.tar.gz -C / "
        '&& cd app && make && make install\nENTRYPOINT ["/init"]\n'
    )
    start = "RUN mkdir /tmp/b && cd /tmp/b && curl -o s6.tar.gz https://example.com/s6.tar.gz && tar xzf s6.tar.gz -C /"
    assert start in final
    assert "app.tar.gz" not in final


def test_names_that_a_list_has_besides_are_parted_from_it() -> None:
    _, final = stages(
        "FROM alpine:3.18\nRUN runDeps='apr apr-util-dev' && apk add --no-cache --virtual .build-deps gcc make "
        "$runDeps && make -C /src install "
        '&& runDeps="$runDeps $(scanelf --needed --nobanner --recursive /usr/local | sort -u '
        '| xargs -r apk info --installed | sort -u)" '
        '&& apk add --virtual .found $runDeps && apk del .build-deps\nCMD ["n"]\n'
    )
    assert "apr apr-util $(cat /tmp/run-time-packages)" in final


def test_added_packages_are_installed_with_the_package_manager_of_the_file() -> None:
    _, final = stages(
        "FROM centos:8\nRUN dnf install -y gcc make openssl-devel && make -C /src install || true\n"
        'CMD ["/usr/local/bin/n"]\n'
    )
    assert "RUN dnf install -y openssl-libs && dnf clean all\n" in final


def test_a_directory_that_a_copy_brings_is_not_made_before() -> None:
    _, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make curl\n"
        "RUN mkdir /opt/tool && curl -sL https://example.com/t.tgz | tar xz -C /opt/tool && make -C /opt/tool\n"
        "ENV PATH=/opt/tool/bin:$PATH\n"
        'CMD ["/opt/tool/bin/tool"]\n'
    )
    assert "mkdir" not in final
    assert "COPY --from=builder /opt/tool /opt/tool\n" in final


def test_a_directory_that_is_used_before_its_copy_is_made() -> None:
    _, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make\n"
        "RUN mkdir /opt/tool\nRUN mkdir /opt/tool/log && ln -s /dev/stdout /opt/tool/log/out\n"
        "RUN make -C /src install PREFIX=/opt/tool\n"
        'CMD ["/opt/tool/bin/tool"]\n'
    )
    assert "RUN mkdir /opt/tool\n" in final


def test_a_step_that_names_all_from_the_root_does_not_go_where_only_the_builder_was() -> None:
    text = (
        "FROM alpine:3.19\nCOPY dummy /tmp/dummy\nRUN apk add --no-cache openrc openssh gcc make musl-dev \\\n"
        "    && cd /tmp/dummy && ./configure --prefix=/usr && make install \\\n"
        "    && rm -rf /var/cache/* /tmp/* && mkdir -p /var/run/sshd && /etc/init.d/sshd start\n"
        'CMD ["/usr/bin/dummy"]\n'
    )
    _, final = stages(text)
    assert "cd /tmp/dummy" not in final
    assert "&& /etc/init.d/sshd start" in final


@pytest.mark.parametrize(("account", "kept"), [("svn", False), ("games", True), ("app", True)])
def test_an_account_of_a_package_that_leaves_is_removed_in_the_builder(account: str, kept: bool) -> None:
    text = (
        "FROM alpine:3.19\nRUN adduser -D app\nRUN apk add --no-cache subversion gcc make musl-dev curl \\\n"
        "    && svn checkout https://example.org/x /src && make -C /src && cp /src/x /usr/bin/x \\\n"
        f"    && deluser {account} && apk del subversion gcc make musl-dev\n"
        'CMD ["/usr/bin/x"]\n'
    )
    builder, final = stages(text)
    assert ("deluser" in final) == kept
    assert ("deluser" in builder) != kept
    assert "/etc/passwd" not in final


def test_a_pause_stays_between_a_service_and_what_talks_to_it() -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make mariadb-server mariadb-client\n"
        'RUN make -C /src install && bash -c "mysqld_safe &" && sleep 5 && mysql -e "create database d"\n'
        'CMD ["app"]\n'
    )
    assert 'bash -c "mysqld_safe &" && sleep 5 && mysql -e' in final
    assert "sleep" not in builder


def test_a_product_that_is_moved_beside_an_application_is_copied() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make\n"
        "RUN cd /opt && make tool && mv out/tool-1 tool\nWORKDIR /opt\nCOPY run.sh /opt/\n"
        'ENTRYPOINT ["./run.sh"]\n'
    )
    assert "COPY --from=builder /opt/tool /opt/tool\n" in final


def test_the_mode_of_a_file_is_set_before_the_file_is_staged() -> None:
    builder, _ = stages(
        "FROM node:18\nRUN wget -O /usr/local/bin/step https://example.org/step "
        "&& wget -O /s.asc https://example.org/s.asc && gpg --verify /s.asc /usr/local/bin/step "
        "&& chmod +x /usr/local/bin/step\nRUN apt-get update && apt-get install -y gcc make\n"
        'RUN npm install -g webpack\nCOPY . /app\nCMD ["node", "/app/x.js"]\n'
    )
    assert builder.index("chmod +x /usr/local/bin/step") < builder.index(
        "RUN mkdir -p /install/usr/local/bin"
    )


def test_a_keyring_that_only_checked_a_download_is_no_gain() -> None:
    outcome = convert(
        "FROM eclipse-temurin:17-jre\nRUN cd /opt && gpg --recv-keys ABCD && curl -O https://example.org/s.zip "
        "&& curl -O https://example.org/s.zip.asc && gpg --verify s.zip.asc s.zip && unzip s.zip "
        '&& mv s-1 s && rm s.zip s.zip.asc\nWORKDIR /opt/s\nENTRYPOINT ["./bin/run.sh"]\n'
    )
    assert isinstance(outcome, Unchanged)


def test_a_program_that_came_with_a_leaving_package_is_installed_for_a_kept_step() -> None:
    _, final = stages(
        "FROM ubuntu:bionic\nRUN apt-get update && apt-get install -y curl python3-pip\n"
        "RUN curl http://example.org/key | apt-key add - && apt-get update && apt-get install -y thing\n"
        'RUN pip3 install numpy\nCMD ["python3", "/app.py"]\n'
    )
    assert "apt-get install -y curl gnupg python3" in final


def test_sudo_stays_where_its_configuration_or_its_mode_is_set() -> None:
    for line in (
        "echo 'app ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/app",
        "chmod 4755 /usr/bin/sudo",
    ):
        _, final = stages(
            "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc sudo\n"
            f'RUN useradd app && {line}\nCOPY a.c /src/\nRUN sudo gcc -o /usr/local/bin/app /src/a.c\nCMD ["app"]\n'
        )
        assert "apt-get install -y sudo" in final


def test_a_jdk_stays_where_nothing_is_built_with_java() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc openjdk-17-jdk\n"
        'COPY a.c /src/\nRUN gcc -o /usr/local/bin/app /src/a.c\nCMD ["app"]\n'
    )
    assert "apt-get install -y openjdk-17-jdk" in final


def test_a_jdk_that_builds_becomes_the_jre_that_the_container_runs() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y openjdk-17-jdk maven\n"
        "COPY . /src\nRUN mvn -f /src/pom.xml package && cp /src/target/app.jar /app.jar\n"
        'CMD ["java", "-jar", "/app.jar"]\n'
    )
    assert "openjdk-17-jre" in final
    assert "openjdk-17-jdk" not in final


def test_npm_stays_where_the_container_runs_it() -> None:
    text = (
        "FROM centos:7\nRUN yum install -y nodejs npm gcc\nCOPY . /src\nRUN gcc -o /usr/local/bin/x /src/x.c\n"
        'RUN cd /src && npm install\nCMD ["npm", "start", "--prefix", "/src"]\n'
    )
    _, final = stages(text)
    assert "yum install -y nodejs npm" in final


def test_a_download_that_is_checked_in_one_run_with_its_tools_is_no_gain() -> None:
    outcome = convert(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gnupg wget ca-certificates "
        "&& wget -O /usr/local/bin/step https://example.org/step && wget -O /s.asc https://example.org/s.asc "
        "&& gpg --recv-keys ABCD && gpg --verify /s.asc /usr/local/bin/step && rm /s.asc "
        '&& chmod +x /usr/local/bin/step && apt-get purge -y --auto-remove gnupg wget\nCMD ["step", "x"]\n'
    )
    assert isinstance(outcome, Unchanged)


@pytest.mark.parametrize(
    "link",
    [
        "rm -f /usr/bin/gcc && ln -s /usr/bin/gcc-4.9 /usr/bin/gcc",
        "ln -sf gcc-4.9 /usr/bin/cc",
        "update-alternatives --install /usr/bin/gcc gcc /usr/bin/gcc-4.9 60",
    ],
)
def test_a_link_to_a_compiler_goes_where_the_compiler_is(link: str) -> None:
    builder, final = stages(
        f"FROM ubuntu:14.04\nRUN apt-get update && apt-get install -y gcc-4.9 make\nRUN {link}\n"
        'COPY . /src\nRUN make -C /src install\nCMD ["app"]\n'
    )
    assert f"RUN {link}\n" in builder
    assert "gcc" not in final


def test_a_link_to_an_interpreter_that_stays_is_made_where_it_stays() -> None:
    _, final = stages(
        "FROM ubuntu:14.04\nRUN apt-get update; apt-get install -y nodejs npm; ln -s /usr/bin/nodejs /usr/bin/node\n"
        'RUN npm install -g peer\nCMD ["peerjs"]\n'
    )
    assert "ln -s /usr/bin/nodejs /usr/bin/node" in final


def test_a_file_is_read_where_it_is_before_the_builder_replaces_it() -> None:
    _, final = stages(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y gcc make\nCOPY . /src\n"
        "RUN cd /src && make && make install PREFIX=/usr/local \\\n"
        " && sed s/80/8080/ /usr/local/app/app.conf > /etc/app/app.conf \\\n"
        " && ln -sf /etc/app/app.conf /usr/local/app/app.conf && rm -r /src\n"
        'CMD ["/usr/local/app/app"]\n'
    )
    assert "sed" not in final
    assert "COPY --from=builder /etc/app/app.conf /etc/app/app.conf" in final


def test_all_of_a_tree_in_a_staged_prefix_is_made_between_stamp_and_staging() -> None:
    builder, _ = stages(
        "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y nginx npm python-dev\n"
        "COPY js /usr/share/nginx/html/\nRUN cd /usr/share/nginx/html && npm install -g grunt && npm install\n"
        'RUN cd /usr/share/nginx/html && grunt\nCMD ["nginx", "-g", "daemon off;"]\n'
    )
    lines = ["touch /before", "COPY js", "html && npm", "html && grunt", "mkdir -p /install/usr"]
    assert [builder.index(line) for line in lines] == sorted(builder.index(line) for line in lines)


def test_a_download_that_stays_keeps_its_certificates() -> None:
    fetching = (
        "RUN apk add --no-cache --virtual .get wget ca-certificates && wget https://x.org/x.tgz && "
        "tar -C /usr/local/bin -xzf x.tgz && rm x.tgz && apk del .get\n"
    )
    _, final = stages(f"FROM node:6-alpine\n{fetching}RUN apk add make g++\nCOPY . /src\n{NPM}")
    assert fetching in final


def test_certificates_that_the_author_removes_again_do_not_replace_those_that_stay() -> None:
    _, final = stages(
        "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y ca-certificates wget\n"
        "RUN wget -P /etc/apt/keyrings https://x.org/$V.asc && apt-get purge -y ca-certificates\n"
        "RUN apt-get update && apt-get install -y python3-pip gcc nginx && pip3 install flask\n"
        'CMD ["python3", "-m", "flask"]\n'
    )
    assert final.index("purge -y ca-certificates") < final.rindex("ca-certificates", final.index("nginx"))


@pytest.mark.parametrize(("package", "stays"), [("Theano==0.9", True), ("numpy", False)])
def test_a_compiler_that_python_packages_call_while_they_run_stays(package: str, stays: bool) -> None:
    _, final = stages(
        "FROM python:3.9-slim-bullseye\nRUN apt-get update && apt-get install -y g++ make git\nCOPY . /src\n"
        f'RUN make -C /src install\nRUN pip install {package}\nCMD ["python", "/app.py"]\n'
    )
    assert ("install -y g++" in final) is stays


def test_binutils_stay_for_a_packer_of_programs_that_reads_libraries_with_objdump() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y binutils make python3-pip libpq-dev gcc\n"
        'RUN pip3 install pyinstaller psycopg2\nCOPY pack.sh /\nENTRYPOINT ["/pack.sh"]\n'
    )
    assert "binutils" in final
    assert "make" not in final


def test_a_command_of_the_old_base_is_installed_before_the_first_kept_step_that_runs_it() -> None:
    _, final = stages(
        "FROM ruby:2.6-stretch\nRUN curl -sL https://deb.nodesource.com/setup_10.x | bash -\n"
        "RUN apt-get update && apt-get install -y nodejs\nRUN apt-get update && apt-get install -y curl\n"
        'RUN gem install wraith\nENTRYPOINT ["wraith"]\n'
    )
    first = "RUN apt-get update && apt-get install -y --no-install-recommends curl gnupg"
    assert final.startswith(f"ruby:2.6-slim-stretch\n{first}")


def test_a_command_of_the_old_base_joins_an_install_ahead_of_the_step_that_runs_it() -> None:
    _, final = stages(
        "FROM ruby:2.6-stretch\nRUN apt-get update && apt-get install -y tini\n"
        "RUN curl https://example.com/key | apt-key add -\nRUN apt-get install -y curl\n"
        'RUN gem install wraith\nENTRYPOINT ["wraith"]\n'
    )
    assert "install -y tini curl gnupg" in final


FILES = "RUN curl -O http://example.com/tool_1.2_amd64.deb && dpkg -i tool_1.2_amd64.deb{}\n"


@pytest.mark.parametrize(
    ("more", "base"),
    [
        ("", "ruby:2.6"),
        (" || apt-get -fy install", "ruby:2.6-slim"),
        ("; apt-get install -yf", "ruby:2.6-slim"),
    ],
)
def test_dpkg_finds_the_packages_of_the_base_that_a_file_may_depend_on(more: str, base: str) -> None:
    _, final = stages(
        "FROM ruby:2.6\nRUN apt-get update && apt-get install -y cmake && make -C /src install PREFIX=/opt/x\n"
        + FILES.format(more)
        + 'ENTRYPOINT ["/opt/x/bin/x"]\n'
    )
    assert final.startswith(f"{base}\n")


def test_a_package_file_that_the_author_removes_again_is_for_the_build_alone() -> None:
    builder, final = stages(
        "FROM buildpack-deps:trixie\nRUN curl -O http://example.com/bison_2.7_amd64.deb && dpkg -i bison_2.7_amd64.deb "
        "&& rm *.deb && make -C /src install && dpkg -r bison\n"
        'CMD ["httpd"]\n'
    )
    assert "&& dpkg -i bison_2.7_amd64.deb" in builder
    assert final.startswith("debian:trixie-slim\n")
    assert "bison" not in final
    assert "*.deb" not in final


def test_a_repository_that_the_author_removes_again_stays_for_the_installs_in_between() -> None:
    _, final = stages(
        "FROM centos:7\nRUN rpm -ivh http://x.org/epel-release-7-11.noarch.rpm\nRUN yum install -y gcc make nginx\n"
        'RUN yum remove -y epel-release\nRUN make -C /src install\nCMD ["nginx"]\n'
    )
    assert "epel-release-7-11.noarch.rpm" in final


def test_lists_that_only_the_builder_has_are_not_deleted_without_force() -> None:
    _, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make && rm -r /var/lib/apt/lists/* "
        "&& make -C /src install && apt-get update && apt-get install -y tini && rm -r /var/lib/apt/lists/*\n"
        'CMD ["httpd"]\n'
    )
    assert final.count("rm -r /var/lib/apt/lists/*") == 1


def test_a_package_file_of_the_final_stage_may_bring_the_program() -> None:
    _, final = stages(
        "FROM rust:1.75-slim-bookworm\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\n"
        "RUN apt-get update && apt-get install -y wget && wget -O d.deb https://example.com/d.deb"
        " && apt-get install -y ./d.deb && rm d.deb\n"
        "RUN mkdir -p /opt/d/bin && cp /src/target/release/helper /opt/d/bin/helper\nENV PATH /opt/d/bin:$PATH\n"
        'CMD ["com.example.backend"]\n'
    )
    assert "apt-get install -y ./d.deb" in final


def test_git_stays_for_pre_commit_with_the_repository_that_it_works_in() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y build-essential git python3-pip\n"
        "RUN pip3 install pre-commit && mkdir /checks && cd /checks && git init . && pre-commit install\n"
        'WORKDIR /checks\nCMD ["pre-commit", "run", "--all-files"]\n'
    )
    assert "install -y git" in final
    assert "build-essential" not in final
    assert "COPY --from=builder /checks /checks\n" in final


DJANGO = (
    "FROM python:3.11\nCOPY requirements.txt /tmp/pip/\nWORKDIR /tmp/pip\nRUN apt-get update && apt-get install -y gcc"
    " && pip install -r requirements.txt\n"
)


def test_a_command_that_imports_modules_of_a_copied_project_stays_with_it() -> None:
    builder, final = stages(
        DJANGO
        + "COPY src /app\nRUN export PYTHONPATH=/app && django-admin collectstatic --settings=shop.live\n"
        'WORKDIR /app\nCMD ["gunicorn", "shop"]\n'
    )
    assert "collectstatic" not in builder
    project = final.index("COPY src /app\n")
    assert project < final.index(
        "RUN export PYTHONPATH=/app && django-admin collectstatic --settings=shop.live\n"
    )


def test_code_of_a_project_may_ask_for_any_variable() -> None:
    _, final = stages(
        DJANGO + "ARG SECRET_KEY\nWORKDIR /app\nCOPY src /app\n"
        "RUN export DEBUG=0 && python manage.py collectstatic && export CFLAGS=-O2 && cp /etc/a /etc/b\n"
        'CMD ["gunicorn", "shop"]\n'
    )
    assert "ARG SECRET_KEY\n" in final
    assert "RUN export DEBUG=0 && python manage.py collectstatic" in final


@pytest.mark.parametrize(("before", "stays"), [("", True), ("RUN pwd\n", False), ("RUN echo $PATH\n", False)])
def test_what_is_only_said_before_a_build_is_said_in_the_builder(before: str, stays: bool) -> None:
    builder, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc\nCOPY a.c /src/\n"
        f'{before}RUN gcc -o /usr/bin/a /src/a.c\nRUN echo done\nCMD ["a"]\n'
    )
    assert before in builder
    assert (before in final) is stays
    assert "RUN echo done\n" in final
