"""What history says of each instruction, and the names of steps, as BuildKit 0.25 wrote them."""

from __future__ import annotations

import pytest

from tests.build.bases import HISTORY, base, config, document, history, image, plan

CHAIN = """ARG G=gval
ARG U
FROM busybox AS Base
MAINTAINER me <me@x>
ARG A=1 B
ARG G
ARG U
ENV X=y Z="a b"
LABEL l1=a l2="b c"
ONBUILD RUN echo trig
ONBUILD ENV q=1
RUN echo "$X ${Z} $A $NOPE" 'q'   &&   \\
    true
WORKDIR rel/../r2
FROM base
ARG A=2
RUN ["echo", "a b"]
RUN <<EOF
echo one
echo two
EOF
RUN cat <<EOF | cat
x $A
EOF
COPY --chown=1:2 --chmod=0755 <<one Dockerfile <<"two" /d$A/
o $A
one
t $A
two
ADD --link Dockerfile /z
COPY --from=base /etc/passwd /p
CMD []
"""


def test_history_of_a_stage_on_a_stage():
    assert history(CHAIN, arguments={"B": "bb", "HTTP_PROXY": "p"}) == [
        "(MAINTAINER me <me@x>)",
        "(ARG A=1 B=bb)",
        "(ARG G=gval)",
        "(ARG U)",
        "(ENV X=y Z=a b)",
        "(LABEL l1=a l2=b c)",
        "RUN |4 A=1 B=bb G=gval U= /bin/sh -c echo \"$X ${Z} $A $NOPE\" 'q'   &&       true"
        " # buildkit",
        "WORKDIR /r2",
        "RUN |4 A=1 B=bb G=gval U= /bin/sh -c echo trig # buildkit",
        "(ENV q=1)",
        "(ARG A=2)",
        "RUN |4 A=2 B=bb G=gval U= echo a b # buildkit",
        "RUN |4 A=2 B=bb G=gval U= /bin/sh -c echo one\necho two\n # buildkit",
        "RUN |4 A=2 B=bb G=gval U= /bin/sh -c cat <<EOF | cat\nx $A\nEOF # buildkit",
        "COPY --chown=1:2 --chmod=0755 Dockerfile <<one <<two /d2/ # buildkit",
        "ADD Dockerfile /z # buildkit",
        "COPY /etc/passwd /p # buildkit",
        "(CMD [])",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ENV PATH=/x:/y", "ENV PATH=/x:/y"),
        ('LABEL "a b"="c"  x=y', "LABEL a b=c x=y"),
        ("ARG A=1 B=$A", "ARG A=1 B=1"),
        ("ARG C=\"q r\" D='s'", "ARG C=q r D=s"),
        ("ARG TARGETVARIANT TARGETSTAGE", "ARG TARGETVARIANT= TARGETSTAGE=default"),
        ("ARG TARGETPLATFORM", "ARG TARGETPLATFORM=linux/amd64"),
        ("EXPOSE 8000/TCP 1:80 70-72", "EXPOSE [80/tcp 70/tcp 71/tcp 72/tcp 8000/tcp]"),
        ("EXPOSE 80/udp 80 80/tcp", "EXPOSE [80/tcp 80/tcp 80/udp]"),
        ("EXPOSE 127.0.0.1:90:91 53/udp 2-3 1", "EXPOSE [1/tcp 91/tcp 2/tcp 3/tcp 53/udp]"),
        ("CMD", 'CMD ["/bin/sh" "-c" ""]'),
        ("ENTRYPOINT \\\n", 'ENTRYPOINT ["/bin/sh" "-c" ""]'),
        ('CMD ["a", "b \\"c\\"", "é\\t<"]', 'CMD ["a" "b \\"c\\"" "é\\t<"]'),
        ("ENTRYPOINT ls", 'ENTRYPOINT ["/bin/sh" "-c" "ls"]'),
        ('SHELL ["/bin/bash", "-c"]', "SHELL [/bin/bash -c]"),
        ('VOLUME ["/a b", "c"]', "VOLUME [/a b c]"),
        ("USER  a", "USER a"),
        ("STOPSIGNAL 9", "STOPSIGNAL 9"),
        ("ENV X y  z", "ENV X=y  z"),
        (
            'HEALTHCHECK --start-period=1m30s --timeout=500ms CMD ["a", "b"]',
            "HEALTHCHECK {Test:[CMD a b] Interval:0s Timeout:500ms StartPeriod:1m30s"
            " StartInterval:0s Retries:0}",
        ),
        ("WORKDIR /", "WORKDIR /"),
    ],
)
def test_text_of_an_instruction_without_a_layer(text, expected):
    assert history(f"FROM busybox\n{text}\n") == [f"({expected})"]


def test_path_of_the_base_is_known():
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    assert history("FROM busybox\nENV PATH=/x:$PATH\n") == [f"(ENV PATH=/x:{path})"]


def test_environment_counts_for_arguments_that_have_become_variables():
    text = "FROM busybox\nARG A=1\nENV A=5\nRUN true\nARG V\nARG V=2\nARG V\nRUN true;\n"

    assert history(text)[2:] == [
        "RUN |1 A=5 /bin/sh -c true # buildkit",
        "(ARG V)",
        "(ARG V=2)",
        "(ARG V)",
        "RUN |2 A=5 V=2 /bin/sh -c true; # buildkit",
    ]


def test_onbuild_is_kept_as_text_and_has_no_history():
    text = "FROM busybox\nONBUILD COPY <<E /x\na\nE\nONBUILD RUN  a   \\\n  b\n"

    assert history(text) == []
    assert config(text)["OnBuild"] == ["COPY <<E /x\na\nE", "RUN  a     b"]


def test_triggers_of_an_image_run_first_and_are_gone():
    trigger = image(HISTORY, OnBuild=["RUN echo $A", "COPY <<E /x\na\nE"])

    def with_trigger(reference, platform):
        return trigger if "trigger" in reference else base(reference, platform)

    text = "FROM trigger\nENV A=1\n"

    assert history(text, base=with_trigger) == [
        "RUN /bin/sh -c echo $A # buildkit",
        "COPY <<E /x # buildkit",
        "(ENV A=1)",
    ]
    assert "OnBuild" not in document(text, base=with_trigger)["config"]


NAMES = """FROM busybox AS a
ENV X=1 EMPTY=
run echo '$X' "\\$X" \\$X ${X:-y} ${NOPE:-z} $EMPTY. `echo x` \\
  # comment
  && true
RUN --mount=type=tmpfs,target=/t --network=none echo "t"
COPY --from=alt --chown=1 /etc/passwd /etc/group /z/
ADD --chmod=644 Dockerfile $X/
WORKDIR $X
RUN <<E
#!/bin/sh
echo hi there this is a rather long line that goes on
E
RUN <<-"E" sh
	echo $X
	E
WORKDIR /
FROM scratch
COPY --from=a /1 /
COPY --from=0 /z /
"""


def test_names_of_steps():
    graph = plan(NAMES)
    digest = "@sha256:" + "a" * 64

    assert sorted(graph.names[one] for one in graph.reachable() if graph.names[one]) == sorted(
        [
            f"[a 1/9] FROM docker.io/library/busybox:latest{digest}",
            f"FROM docker.io/library/alt:latest{digest}",
            "[internal] load build context",
            "[a 2/9] RUN echo '$X' \"$X\" $X 1 ${NOPE:-z} . `echo x`   && true",
            '[a 3/9] RUN --mount=type=tmpfs,target=/t --network=none echo "t"',
            "[a 4/9] COPY --from=alt --chown=1 /etc/passwd /etc/group /z/",
            "[a 5/9] ADD --chmod=644 Dockerfile 1/",
            "[a 6/9] WORKDIR 1",
            "[a 7/9] RUN <<E (#!/bin/sh...)",
            '[a 8/9] RUN <<-"E" sh',
            "[stage-1 1/2] COPY --from=a /1 /",
            "[stage-1 2/2] COPY --from=0 /z /",
        ]
    )


def test_only_stage_has_no_name_in_its_steps():
    graph = plan("FROM busybox AS b\nRUN ['a']\n")

    assert graph.names[graph.target.last] == "[2/2] RUN ['a']"


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("RUN --mount=type=cache,target=/c true", "[b 2/2] "),
        ("RUN --mount=target=/c true", "[b 2/2] "),
        ("RUN --mount=type=tmpfs,target=/c true", "[b 2/2] "),
        ("RUN --network=none true", "[2/2] "),
        ("COPY --from=alt /etc/passwd $NOPE/", "[b 2/2] "),
        ("COPY f1 f2 $NOPE/", "[2/2] "),
    ],
)
def test_only_stage_has_a_name_when_it_takes_something_from_elsewhere(step, name):
    graph = plan(f"FROM busybox AS b\n{step}\n")

    assert graph.names[graph.target.last] == name + step.replace("$NOPE", "")


def test_triggers_count_as_steps_whatever_they_do():
    graph = plan("FROM busybox AS b\nONBUILD LABEL a=b\nFROM b\nRUN true\nWORKDIR /w\n")

    assert graph.names[graph.target.last] == "[stage-1 2/3] WORKDIR /w"


def test_root_as_directory_is_counted_but_has_no_number():
    graph = plan("FROM busybox\nWORKDIR /\nRUN true\n")

    assert [graph.names[step] for step in graph.target.steps] == ["[2/3] RUN true"]


def test_arrays_of_copy_are_shown_without_quotes_and_those_of_run_with():
    graph = plan('FROM busybox\nRUN ["true"]\nCOPY ["Dockerfile", "/a b"]\n')

    assert [graph.names[step] for step in graph.target.steps] == [
        '[2/3] RUN ["true"]',
        "[3/3] COPY [Dockerfile, /a b]",
    ]
