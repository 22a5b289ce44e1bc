"""The judge of both fixers sees harm, and none where a fix is what it should be."""

from __future__ import annotations

import pytest

from bench.fix_harm import worse
from dflint.lint.document import Document
from dflint.text.source import Source

HARM = (
    ("FROM debian\nRUN a && cd b && make\n", "FROM debian\nWORKDIR b\n", "no longer run: a, make"),
    ("FROM debian\nRUN cd - && a\n", "FROM debian\nWORKDIR -\nRUN a\n", "WORKDIR -"),
    ("FROM debian\nWORKDIR a\n", "FROM debian\nWORKDIR /aWORKDIR a\tb\n", "only a shell"),
    ("FROM alpine\nRUN a\n", 'FROM alpine\nSHELL ["/bin/bash"]\nRUN a\n', "no bash in alpine"),
    ("FROM golang\nCOPY a .\n", "FROM golang\nCOPY a /\n", "other places: ['/go'] -> ['/']"),
    ("FROM debian\n# a\nRUN b\n", "FROM debian\nRUN b\n", "comments lost"),
    ("FROM debian\nRUN a\n", "FROM debian\na\n", "refused now"),
    ("FROM debian\nRUN a\n", "FROM debian\nRUN a &&\n", "no script"),
)  # fmt: skip
FINE = (
    ("FROM debian\nRUN cd /a && b\n", "FROM debian\nWORKDIR /a\nRUN b\n"),
    ("FROM debian\nRUN sudo a\n", "FROM debian\nRUN a\n"),
    ("FROM debian\nRUN a\n", 'FROM debian\nSHELL ["/bin/bash", "-c"]\nRUN a\n'),
    ("FROM alpine\nRUN apk add bash\nRUN a\n",
     'FROM alpine\nRUN apk add bash\nSHELL ["/bin/bash", "-c"]\nRUN a\n'),
    ("FROM golang\nCOPY a .\n", "FROM golang\nCOPY a /go/\n"),
    ("FROM someone/unknown\nCOPY a .\n", "FROM someone/unknown\nCOPY a /\n"),
)  # fmt: skip


def judged(before, after):
    old, new = (Document(Source("Dockerfile", text.encode())) for text in (before, after))
    return worse(old, new)


@pytest.mark.parametrize(("before", "after", "said"), HARM)
def test_harm_is_seen(before, after, said):
    assert said in "; ".join(judged(before, after))


@pytest.mark.parametrize(("before", "after"), FINE)
def test_what_a_fix_is_for_is_no_harm(before, after):
    assert judged(before, after) == []
