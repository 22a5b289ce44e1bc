"""A build agrees with the safe fixes of a file: a part of what `tests.verify.safe_fixes` counts."""

from __future__ import annotations

from tests.verify.safe_fixes import Fixes, judge

TEXT = """\
from busybox AS One
MAINTAINER "Jo Doe"
ENV MODE fast
ADD a.txt app /x/
RUN echo $MODE > /mode
FROM busybox as two
COPY --from=One /x /x
LABEL name value
"""


def test_safe_fixes_are_verified(session, request_of):
    outcome = Fixes().of(TEXT)

    judged = judge(session, request_of(), outcome)

    assert judged.wrong == []
    assert {"legacy-key-value", "maintainer-deprecated", "add-instead-of-copy"} <= set(judged.rules)


def test_a_fix_that_does_more_is_not(session, request_of):
    outcome = Fixes().of(TEXT)
    before, fixes = outcome.passes[0]
    wrong = type(before)(
        type(before.source)("D", before.text.replace("name value", "name other").encode())
    )
    outcome.passes[0] = wrong, fixes

    assert judge(session, request_of(), outcome).wrong
