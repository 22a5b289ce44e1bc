"""The rules on shell commands that hadolint has too, on fragments as its users write them.

Where a name says so, hadolint 2.15.1 says otherwise, and why it is wrong.
"""

from __future__ import annotations

import pytest

import dflint_rules
from dflint.lint.document import Document
from dflint.text.source import Source

RULES = {rule.meta.name: rule for rule in dflint_rules.rules()}
HIT, CLEAN = True, False
BASH = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n'

FRAGMENTS = [
    # sudo, DL3004
    ("sudo", "RUN sudo apt-get install x", HIT),
    ("sudo", "RUN apt-get install sudo", CLEAN),
    ("sudo", "RUN x | sudo tee y", HIT),
    ("sudo", "RUN if true; then sudo x; fi", HIT),
    ("sudo", "RUN echo sudo && command -v sudo", CLEAN),
    ("sudo", "RUN gosu app x", CLEAN),
    ("sudo", 'RUN ["sudo", "x"]', HIT),
    ("sudo", "RUN /usr/bin/sudo x", HIT),
    ("sudo", 'RUN bash -c "sudo x"', HIT),
    ("sudo", "RUN env A=1 sudo x", HIT),
    # nonsense-command, DL3001
    ("nonsense-command", "RUN top", HIT),
    ("nonsense-command", "RUN ssh host ls", HIT),
    ("nonsense-command", "RUN vim /etc/x", HIT),
    ("nonsense-command", "RUN shutdown now", HIT),
    ("nonsense-command", "RUN service nginx start", HIT),
    ("nonsense-command", "RUN ps aux", HIT),
    ("nonsense-command", "RUN free -m", HIT),
    ("nonsense-command", "RUN kill 1", HIT),
    ("nonsense-command", "RUN mount -t proc a b", HIT),
    ("nonsense-command", "RUN env A=1 /usr/bin/ps", HIT),
    ("nonsense-command", "RUN apt-get install vim ssh", CLEAN),
    ("nonsense-command", "RUN service mysql start && mysql -e x", CLEAN),
    ("nonsense-command", "RUN x & kill $!", CLEAN),
    ("nonsense-command", "RUN ps aux | grep -q x", CLEAN),
    ("nonsense-command", "RUN make -j$(free -g | awk x)", CLEAN),
    ("nonsense-command", "RUN vim +PluginInstall +qall", CLEAN),
    ("nonsense-command", "RUN --mount=type=ssh ssh -T git@host", CLEAN),
    ("nonsense-command", "RUN --security=insecure mount a b", CLEAN),
    # pipefail, DL4006
    ("pipefail", "RUN wget -O - https://some.site | wc -l > /number", HIT),
    ("pipefail", "RUN a | b", HIT),
    ("pipefail", "RUN a && b | c && d", HIT),
    ("pipefail", "RUN a || b", CLEAN),
    ("pipefail", 'RUN echo "a | b"', CLEAN),
    ("pipefail", BASH + "RUN a | b", CLEAN),
    ("pipefail", 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN a | b', CLEAN),
    ("pipefail", 'SHELL ["/bin/ash", "-o", "pipefail", "-c"]\nRUN a | b', CLEAN),
    ("pipefail", 'SHELL ["/bin/bash", "-c"]\nRUN a | b', HIT),
    ("pipefail", f"FROM a\n{BASH}RUN a | b\nFROM b\nRUN c | d", HIT),
    ("pipefail", 'SHELL ["pwsh", "-c"]\nRUN a | b', CLEAN),
    ("pipefail", 'SHELL ["cmd", "/c"]\nRUN a | b', CLEAN),
    ("pipefail", 'RUN ["a", "|", "b"]', CLEAN),
    ("pipefail", "RUN <<EOF\na | b\nEOF", HIT),
    ("pipefail", "RUN bash -c 'a | b'", HIT),
    # change-shell, DL4005
    ("change-shell", "RUN ln -sfv /bin/bash /bin/sh", HIT),
    ("change-shell", "RUN rm /bin/sh && ln -s /bin/bash /bin/sh", HIT),
    ("change-shell", "RUN ln --symbolic --force bash /bin/sh", HIT),
    ("change-shell", "RUN ln -s foo bar && x /bin/sh", CLEAN),
    ("change-shell", "RUN ln -sf /bin/bash /bin/sh.distrib", CLEAN),
    ("change-shell", "RUN sudo /bin/ln -s /bin/bash /bin/sh", HIT),
    ("change-shell", "RUN ln -sf /bin/bash /usr/bin/sh", HIT),
    ("change-shell", "RUN cd /bin && ln -sf bash sh", HIT),
    ("change-shell", "RUN ln -sf -t /bin /usr/local/bin/sh", HIT),
    ("change-shell", "RUN ln -sf /bin/sh /usr/bin/foo", CLEAN),
    # useradd-no-log-init, DL3046
    ("useradd-no-log-init", "RUN useradd -u 123456 foobar", HIT),
    ("useradd-no-log-init", "RUN useradd -u 12345 foobar", CLEAN),
    ("useradd-no-log-init", "RUN useradd -l -u 123456 foobar", CLEAN),
    ("useradd-no-log-init", "RUN useradd --no-log-init -u 123456 foobar", CLEAN),
    ("useradd-no-log-init", "RUN useradd luser", CLEAN),
    ("useradd-no-log-init", "RUN useradd -mu 123456 foobar", HIT),
    ("useradd-no-log-init", "RUN useradd --uid 123456 foobar", HIT),
    ("useradd-no-log-init", "RUN useradd --uid=123456 foobar", HIT),
    ("useradd-no-log-init", "ARG U=1000\nRUN useradd -u $U foobar", CLEAN),
    ("useradd-no-log-init", "RUN useradd -u 000001 foobar", CLEAN),
    ("useradd-no-log-init", "RUN adduser -u 123456 foobar", CLEAN),
    # curl-and-wget, DL4001
    ("curl-and-wget", "RUN curl x\nRUN wget y", HIT),
    ("curl-and-wget", "RUN wget x && curl y", HIT),
    ("curl-and-wget", "RUN curl x && curl y", CLEAN),
    ("curl-and-wget", "FROM a\nRUN curl x\nFROM b\nRUN wget y", CLEAN),
    ("curl-and-wget", "RUN apt-get install curl wget && wget y", CLEAN),
    ("curl-and-wget", "RUN apt-get install curl wget\nRUN wget a\nRUN curl b", HIT),
    ("curl-and-wget", "RUN /usr/bin/curl x\nRUN wget y", HIT),
    ("curl-and-wget", "RUN bash -c 'curl x'\nRUN wget y", HIT),
    ("curl-and-wget", "RUN wget x || curl x", CLEAN),
    # wget-progress, DL3047
    ("wget-progress", "RUN wget u", HIT),
    ("wget-progress", "RUN wget -O f u", HIT),
    ("wget-progress", "RUN wget --progress=dot:giga u", CLEAN),
    ("wget-progress", "RUN wget --progress dot:giga u", CLEAN),
    ("wget-progress", "RUN wget -nv u", CLEAN),
    ("wget-progress", "RUN wget -qO- u", CLEAN),
    ("wget-progress", "RUN wget --output-file=/l u", CLEAN),
    ("wget-progress", "RUN wget -a /l u", CLEAN),
    ("wget-progress", "RUN wget -nc u", HIT),
    ("wget-progress", "RUN apt-get install wget", CLEAN),
    ("wget-progress", "RUN sudo /usr/bin/wget u", HIT),
    ("wget-progress", "RUN wget u 2>/dev/null", CLEAN),
    ("wget-progress", "RUN wget --version", CLEAN),
    # add-extract, DL3010
    ("add-extract", "COPY a.tar.gz /x/\nRUN tar -xzf /x/a.tar.gz", HIT),
    ("add-extract", "COPY a.tar /x\nRUN tar -x -f a.tar", HIT),
    ("add-extract", "COPY b/a.tgz /x/\nRUN y && cd /x && tar --extract -f a.tgz", HIT),
    ("add-extract", "COPY a.tar.xz /x/b.tar.xz\nRUN tar -xf /x/b.tar.xz", HIT),
    ("add-extract", "COPY a.tar.gz /x/\nRUN gunzip /x/a.tar.gz", HIT),
    ("add-extract", "COPY a.tar.gz /x/\nRUN b", CLEAN),
    ("add-extract", "ADD a.tar.gz /x/\nRUN tar -xf /x/b.tar.gz", CLEAN),
    ("add-extract", "COPY --from=b a.tar.gz /x/\nRUN tar -xf /x/a.tar.gz", CLEAN),
    ("add-extract", "COPY a.zip /x/\nRUN unzip /x/a.zip", CLEAN),
    ("add-extract", "COPY a.tar.gz /x/\nRUN tar xzf /x/a.tar.gz", HIT),
    ("add-extract", "COPY a.tar.zst /x/\nRUN tar --extract --file=/x/a.tar.zst", HIT),
    ("add-extract", "COPY a.gz /x/\nRUN gunzip /x/a.gz", CLEAN),
    ("add-extract", "COPY a.tar.Z /x/\nRUN tar -xf /x/a.tar.Z", CLEAN),
    # consecutive-run, DL3059
    ("consecutive-run", "RUN a\nRUN b", HIT),
    ("consecutive-run", "RUN a\n# c\n\nRUN b", HIT),
    ("consecutive-run", "RUN a\nRUN <<EOF\nb\nEOF", HIT),
    ("consecutive-run", "RUN (a)\nRUN b", HIT),
    ("consecutive-run", "RUN a && b\nRUN c", CLEAN),
    ("consecutive-run", "RUN a\nRUN b; c", CLEAN),
    ("consecutive-run", "RUN a\nENV b=c\nRUN d", CLEAN),
    ("consecutive-run", "RUN --network=none a\nRUN b", CLEAN),
    ("consecutive-run", "RUN --network=none a\nRUN --network=none b", HIT),
    # shell-syntax
    ("shell-syntax", "RUN a &&", HIT),
    ("shell-syntax", "RUN if a; then b", HIT),
    ("shell-syntax", "RUN a && then b", HIT),
    ("shell-syntax", "RUN echo 'a", HIT),
    ("shell-syntax", "RUN sh -c 'a; }'", HIT),
    ("shell-syntax", "RUN a && b || c; d", CLEAN),
    ("shell-syntax", "RUN for i in a b; do c; done", CLEAN),
    ("shell-syntax", "RUN a=(b c); [[ $a =~ (b) ]]", CLEAN),
    ("shell-syntax", 'RUN sh -c "a $(b"', HIT),
    ("shell-syntax", 'RUN sh -c "$(b)" && sh -c "c \'$D"', CLEAN),
]
# `cd` behind ONBUILD would change the directory of images that nobody sees here.
DIRECTORIES = [
    ("cd-without-effect", "RUN cd /opt", HIT),
    ("cd-without-effect", "RUN make; cd ..", HIT),
    ("cd-without-effect", "RUN cd /opt && make", CLEAN),
    ("cd-without-effect", "RUN (cd /opt) && make", CLEAN),
    ("cd-in-run", "RUN cd /opt && make", HIT),
    ("cd-in-run", "RUN mkdir /a && cd /a && make", HIT),
    ("cd-in-run", "RUN git clone u && cd r && git checkout x", HIT),
    ("cd-in-run", "RUN make && cd /x && make install", HIT),
    ("cd-in-run", "RUN cd r && make", HIT),
    ("cd-in-run", "WORKDIR /opt\nRUN make", CLEAN),
    ("cd-in-run", "RUN cd r && make\nRUN make", CLEAN),
    ("cd-in-run", "RUN git clone u && cd u && make && rm -rf /u/x", CLEAN),
    ("cd-in-run", "RUN --mount=type=cache,target=/c x && cd /y && z", CLEAN),
]
TRUER_THAN_HADOLINT = [
    ("pipefail", "RUN set -o pipefail && a | b", CLEAN, "the RUN sets pipefail itself"),
    ("pipefail", "RUN <<EOF\nset -eo pipefail\na | b\nEOF", CLEAN, "so does the heredoc"),
    ("pipefail", "RUN <<EOF\n#!/bin/bash -o pipefail\na | b\nEOF", CLEAN, "or its shebang"),
    ("pipefail", "RUN bash -o pipefail -c 'a | b'", CLEAN, "or the inner shell's options"),
    ("pipefail", "RUN echo a | b && yes | c", CLEAN, "these cannot fail"),
    ("pipefail", "RUN apk info -v | sort && find / -name x | tee y | sort", CLEAN, "these list"),
    ("pipefail", "RUN curl u | tar xz && curl u | gpg --dearmor", CLEAN, "these notice"),
    ("pipefail", "RUN if a | b; then c; fi", CLEAN, "a condition is no failure"),
    ("pipefail", "RUN a | b || true", CLEAN, "failure is allowed on purpose"),
    ("pipefail", "RUN curl u | head -n 1", CLEAN, "pipefail would make it fail"),
    ("pipefail", "RUN apt-get install x-$(a | b)", CLEAN, "no shell asks for that status"),
    ("pipefail", "FROM golang:1-nanoserver\nRUN a | b", CLEAN, "no POSIX shell reads it"),
    ("cd-in-run", "RUN (cd x && y)", CLEAN, "the subshell comes back by itself"),
    ("cd-in-run", "RUN cd /tmp/x && make", CLEAN, "a WORKDIR would outlive the directory"),
    ("cd-in-run", "RUN for i in a b; do cd $i; make; done", CLEAN, "no WORKDIR names it"),
    ("nonsense-command", "RUN service a start && b; service a stop", CLEAN, "it is used"),
    ("useradd-no-log-init", "FROM alpine\nRUN useradd -u 123456 x", CLEAN, "musl has no lastlog"),
    ("change-shell", "RUN ln -sf /bin/sh /bin/bash", CLEAN, "it leaves /bin/sh as it is"),
    ("add-extract", "COPY a.tar /x/\nRUN tar -xf /x/a.tar --strip-components=1", CLEAN,
     "ADD cannot"),
    ("add-extract", "COPY a.tar /x/\nRUN tar -xf /y/a.tar", CLEAN, "another file"),
    ("wget-progress", "RUN wget $OPTIONS u", CLEAN, "the variable may hold the option"),
]  # fmt: skip


def findings(name, text):
    doc = Document(Source("Dockerfile", text.encode()))
    return list(RULES[name]().check(doc))


def onbuild(fragment):
    """The fragment with ONBUILD before each RUN and COPY."""
    lines = fragment.split("\n")
    return "\n".join(
        "ONBUILD " + line if line.startswith(("RUN ", "COPY ", "ADD ")) else line for line in lines
    )


@pytest.mark.parametrize(("name", "fragment", "is_hit"), FRAGMENTS)
def test_fragment(name, fragment, is_hit):
    assert bool(findings(name, fragment + "\n")) == is_hit


@pytest.mark.parametrize(("name", "fragment", "is_hit"), FRAGMENTS)
def test_fragment_behind_onbuild(name, fragment, is_hit):
    assert bool(findings(name, onbuild(fragment) + "\n")) == is_hit


@pytest.mark.parametrize(("name", "fragment", "is_hit"), DIRECTORIES)
def test_fragment_on_directories(name, fragment, is_hit):
    assert bool(findings(name, fragment + "\n")) == is_hit


@pytest.mark.parametrize(
    ("name", "fragment", "is_hit", "reason"), TRUER_THAN_HADOLINT, ids=lambda one: str(one)
)
def test_where_hadolint_is_wrong_because(name, fragment, is_hit, reason):
    assert bool(findings(name, fragment + "\n")) == is_hit


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("FROM debian\nRUN curl u | sh\n", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]'),
        ("FROM debian\nRUN curl u | sh; x\n", 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]'),
        ("FROM debian\nRUN if a; then curl u | sh; fi\n", '"-o", "pipefail"'),
        ("FROM node:20-alpine AS a\nFROM a\nRUN curl u | sh\n", "`set -o pipefail`, which BusyBox"),
        ("FROM a\nRUN bash -c 'curl u | sh'\n", "begin it with `set -o pipefail`"),
        ("FROM a\nRUN sh -c 'curl u | sh'\n", "run it with `bash -o pipefail -c`"),
        ('FROM a\nSHELL ["/bin/zsh", "-c"]\nRUN curl u | sh\n', '"/bin/zsh", "-o", "pipefail"'),
        ('FROM a\nSHELL ["/bin/ash", "-c"]\nRUN curl u | sh\n', '"/bin/ash", "-o", "pipefail"'),
        ("FROM a\nRUN <<E\n#!/bin/bash -e\ncurl u | sh\nE\n", "begin it with `set -o pipefail`"),
    ],
)
def test_advice_on_pipefail_is_for_the_shell_that_reads_it(text, advice):
    (finding,) = findings("pipefail", text)

    assert advice in finding.message
    assert len(finding.message) <= 200


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("FROM alpine\nRUN wget u\n", "`-q`"),
        ("FROM busybox\nRUN wget u\n", "`-q`"),
        ("FROM alpine\nRUN apk add --no-cache wget=1.2 && wget u\n", "--progress"),
        ("FROM alpine AS a\nRUN apk add wget\nFROM a\nRUN wget u\n", "--progress"),
        ("FROM alpine\nRUN apk add wget-doc && wget u\n", "`-q`"),
        ("FROM debian\nRUN wget u\n", "--progress"),
    ],
)
def test_advice_on_progress_is_for_the_wget_that_runs(text, advice):
    (finding,) = findings("wget-progress", text)

    assert advice in finding.message
    assert ("--progress" in finding.message) == (advice == "--progress")


@pytest.mark.parametrize(
    ("user", "advice"),
    [
        ("USER root", "leave it out"),
        ("USER app", "`USER root` before this RUN and `USER app` after it"),
        ("ENV A=b", "a RUN is root's unless"),
    ],
)
def test_advice_on_sudo_is_for_the_user_there_and_names_it_once(user, advice):
    (finding,) = findings("sudo", f"FROM a\n{user}\nRUN sudo x && sudo y\n")

    assert advice in finding.message
    assert len(finding.related) == 1
