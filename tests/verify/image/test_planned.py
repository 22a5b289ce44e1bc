"""What plans show of settings and copies without a build, and that a build agrees."""

from __future__ import annotations

import pytest

from dflint.engine.context import context_of
from dflint.lint.contract import SAME_IMAGE, Contract, may_set
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.image.planned import planned
from dflint.verify.image.proof import decided, prove
from dflint.verify.image.verdict import Level
from tests.verify import metadata_mutants

AUTHOR = Contract(keys=(("author", "moved"), "Labels.maintainer"))
LABEL = "LABEL maintainer=me\n"
#: Changes with their contracts: the plan shows that they keep these.
RIGHT = {
    "author": ("MAINTAINER me\n", LABEL, AUTHOR),
    "author in quotes": ('MAINTAINER "me"\n', LABEL, AUTHOR),
    "author beside a label": (f"MAINTAINER me\n{LABEL}", LABEL, AUTHOR),
    "exec form": ("CMD run all\n", 'CMD ["run", "all"]\n', may_set("cmd")),
    "exec form of a start": ("ENTRYPOINT exec a b\n", 'ENTRYPOINT ["a", "b"]\n',
                             may_set("entrypoint")),
    "blanks of a start": ("CMD a \\\n    b && c\n", "CMD a \\\n  b && c\n", SAME_IMAGE),
    "port": ("EXPOSE 80\n", "EXPOSE 80 81\n", may_set("expose")),
    "label": ("LABEL a=b\n", "LABEL a=b c=d\n", may_set("label")),
    "signal": ("STOPSIGNAL 9\n", "STOPSIGNAL SIGKILL\n", may_set("stopsignal")),
    "check": ("HEALTHCHECK CMD a\n", "HEALTHCHECK --interval=1m CMD a\n", may_set("healthcheck")),
    "trigger": ("ONBUILD CMD a b\n", 'ONBUILD CMD ["a", "b"]\n', may_set("onbuild")),
    "shell at the end": ("RUN true\n", 'RUN true\nSHELL ["/bin/sh", "-ec"]\n', may_set("shell")),
    "text": ("ADD a.txt /x\n", "COPY a.txt /x\n", SAME_IMAGE),
    "folders": ("ADD app . /x/\n", "COPY app . /x/\n", SAME_IMAGE),
    "heredoc": ("ADD <<E /x\ny\nE\n", "COPY <<E /x\ny\nE\n", SAME_IMAGE),
}  # fmt: skip


def document(text):
    return Document(Source("Dockerfile", f"FROM busybox\nRUN echo 1 > /one\n{text}".encode()))


@pytest.mark.parametrize("name", RIGHT)
def test_a_build_agrees_with_the_plan(verifier, place, name):
    before, after, contract = RIGHT[name]
    texts = document(before), document(after)
    context = context_of(texts[1].source, str(place / "context"))

    told = decided(*texts, contract, context)
    built = prove(*texts, lambda: verifier, contract, uses_plan=False)

    assert told is not None
    assert told.is_planned
    assert built.is_accepted, built.sentences
    assert not built.is_planned
    assert (told.level is Level.DECLARED) == (built.level is Level.DECLARED)


@pytest.mark.parametrize("one", list(metadata_mutants.mutants()), ids=lambda one: one.name)
def test_a_wrong_change_of_settings_is_left_to_a_build(archives, one):
    assert one.verdict(archives) is None


def test_there_are_enough_wrong_changes():
    assert len(list(metadata_mutants.mutants())) >= 200


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archives")
    metadata_mutants.write_context(folder)
    return folder


def test_nothing_is_said_of_a_file_that_a_warning_ends():
    texts = [document(text) for text in ("MAINTAINER me\n", LABEL)]
    strict = [Document(Source("D", b"# check=error=true\n" + one.source.data)) for one in texts]

    assert planned(*texts, AUTHOR) is not None
    assert planned(*strict, AUTHOR) is None


def test_an_author_of_the_base_image_comes_back(verifier):
    text = "FROM busybox AS base\nMAINTAINER old\nFROM base\n"
    texts = [Document(Source("D", f"{text}{one}".encode())) for one in ("MAINTAINER me\n", LABEL)]

    # Here the plan knows it, and says no more than of any other author.
    assert planned(*texts, AUTHOR) is None
    assert not verifier.compare(*(one.text for one in texts), AUTHOR).is_accepted


def test_a_label_of_another_value_is_told(verifier):
    verdict = verifier.compare(
        "FROM busybox\nMAINTAINER me\n", "FROM busybox\nLABEL maintainer=you\n", AUTHOR
    )

    assert [str(one) for one in verdict.differences] == ["configuration `author`: me -> absent"]
