from __future__ import annotations

import re

import pytest

from dflint_lsp.features.rename import linked_names, prepare_rename, rename
from dflint_lsp.positions import UTF8, UTF16
from dflint_lsp.renaming import RenameError
from tests.lsp.versions import marked, version_of


def renamed(text: str, new_name: str) -> str:
    """The text after what is named at the `|` was renamed."""
    version, offset = marked(text)
    edits = rename(version, offset, new_name)
    spans = [version.lines.span(edit.range) for edit in edits]
    assert spans == sorted(spans)
    result = version.text
    for span in reversed(spans):
        result = result[: span.start] + new_name + result[span.end :]
    return result


CHANGED = {
    "stage": (
        "FROM a AS |b\nFROM B AS c\nCOPY --from=b x y\nCOPY --from=0 x y\n"
        "RUN --mount=type=bind,from=b,target=/b ls b\n",
        "FROM a AS n\nFROM n AS c\nCOPY --from=n x y\nCOPY --from=0 x y\n"
        "RUN --mount=type=bind,from=n,target=/b ls b\n",
    ),
    "stage from its use": (
        "FROM a AS b\r\nCOPY --chown=b \\\r\n  --from=|b b b\r\n",
        "FROM a AS n\r\nCOPY --chown=b \\\r\n  --from=n b b\r\n",
    ),
    "context": ("FROM a\nCOPY --from=|x/y:1 a b\n", "FROM a\nCOPY --from=n a b\n"),
    "variable": (
        "ARG v=1\nFROM a:${v}\nARG |v\nENV w=${v:-x} v2=$v2\nRUN \"$v $w\" ${v%.*}\nUSER '$v'\n",
        "ARG n=1\nFROM a:${n}\nARG n\nENV w=${n:-x} v2=$v2\nRUN \"$n $w\" ${n%.*}\nUSER '$v'\n",
    ),
    "not what the script sets": (
        "FROM a\nARG |v=1\nRUN v=${v:-2} && echo $v\n",
        "FROM a\nARG n=1\nRUN v=${n:-2} && echo $v\n",
    ),
    "what the script sets": (
        "FROM a\nARG v=1\nRUN v=${v:-2} && for x in 1; do echo $|v; done\n",
        "FROM a\nARG v=1\nRUN n=${v:-2} && for x in 1; do echo $n; done\n",
    ),
    "name over lines": (
        "# escape=`\nFROM a\nARG |port\nEXPOSE $po`\n# c\nrt\n",
        "# escape=`\nFROM a\nARG n\nEXPOSE $n\n",
    ),
    "heredoc": (
        "FROM a\nCOPY <<-'|E' <<F /\n\tE x\n\tE\nE\nF\n",
        "FROM a\nCOPY <<-'n' <<F /\n\tE x\n\tn\nE\nF\n",
    ),
    "heredoc from its end": ("FROM a\nRUN <<E\nls\n|E\n", "FROM a\nRUN <<n\nls\nn\n"),
    "nothing": ("FROM |a\n", "FROM a\n"),
}


@pytest.mark.parametrize(("text", "after"), CHANGED.values(), ids=CHANGED.keys())
def test_rename(text: str, after: str):
    assert renamed(text, "n") == after


REFUSED = {
    "stage's name": ("FROM a AS |b\n", "1n", "`1n` cannot be the name of the stage"),
    "kept name": ("FROM a AS |b\n", "Scratch", "keeps the name `scratch`"),
    "other stage": ("FROM a AS |b\nFROM a AS N\n", "n", "`n` is used already, in line 2"),
    "image of a copy": ("FROM a AS |b\nCOPY --from=n x y\n", "n", "used already, in line 2"),
    "image of a stage": ("FROM a AS |b\nFROM n\n", "n", "`n` is used already, in line 2"),
    "stage by variable": ("ARG x=b\nFROM a AS |b\nFROM $x\n", "n", r"line 3 names .* \(\$x\)"),
    "stage by number": ("FROM a AS b\nCOPY --from=|0 x y\n", "n", "where it is `b`"),
    "stage without a name": ("FROM a\nFROM b\nCOPY --from=|0 x y\n", "n", "has no name"),
    "source that is a stage": ("FROM a AS n\nCOPY --from=|x a b\n", "n", "used already"),
    "number": ("FROM a AS n\nCOPY --from=|x a b\n", "0", "used already, in line 1"),
    "source's name": (
        "FROM a\nCOPY --from=|x a b\n",
        "n m",
        "cannot be the name of the image or build",
    ),
    "variable's name": ("FROM a\nARG |v\n", "n-m", "`n-m` cannot be the name of the variable"),
    "other variable": ("FROM a\nARG |v\nENV n=1\n", "n", "`n` is used already, in line 3"),
    "unset variable": ("FROM a\nARG |v\nRUN $n\n", "n", "`n` is used already, in line 3"),
    "variable of the stage above": (
        "FROM a AS b\nENV |v=1\nFROM b\nENV n=$v\n",
        "n",
        "`n` is used already, in line 4",
    ),
    "variable of another stage on it": (
        "FROM a AS b\nENV |v=1\nFROM b\nENV n=1\n",
        "n",
        "`n` is used already, in line 4",
    ),
    "argument of FROM": (
        "ARG n=1\nFROM a:$n\nARG |v\n",
        "n",
        "`n` is used already, in line 1",
    ),
    "variable of a script": ("FROM a\nARG |v\nRUN n=1; $v\n", "n", "something else in line 3"),
    "variable of a heredoc": ("FROM a\nARG |v\nRUN <<E\nn=1\n$v\nE\n", "n", "else in line 5"),
    "variable of a script, name of another": (
        "FROM a\nRUN v=1; n=2; echo $|v $n\n",
        "n",
        "`n` is used already, in line 2",
    ),
    "variable of a script, name of the stage's": (
        "FROM a\nENV n=1\nRUN v=1; echo $|v $n\n",
        "n",
        "`n` is used already, in line 3",
    ),
    "given variable": ("FROM a\nARG |TARGETARCH\n", "n", "from the builder, under this name"),
    "given name": ("FROM a\nARG |v\n", "TARGETARCH", "TARGETARCH has its value from the builder"),
    "heredoc's name": ("FROM a\nRUN <<|E\nls\nE\n", "n m", "cannot be the name of the heredoc"),
    "line of a heredoc": ("FROM a\nRUN <<-|E\nls\n\tn\nE\n", "n", "used already, in line 4"),
    "line below": ("FROM a\nRUN <<|E\nls\nFROM b\nn\n", "n", "used already, in line 5"),
}


@pytest.mark.parametrize(("text", "new_name", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_would_break_is_refused_with_a_reason(text: str, new_name: str, reason: str):
    version, offset = marked(text)
    with pytest.raises(RenameError) as caught:
        rename(version, offset, new_name)
    assert re.search(reason, str(caught.value)), str(caught.value)


def test_names_of_other_stages_do_not_clash():
    text = "ARG n\nFROM a:$n AS b\nARG |v=1\nFROM a\nENV n=$n v=$v\n"
    assert renamed(text, "n") == text.replace("ARG |v", "ARG n")
    assert renamed("FROM a\nENV |v=1\nFROM a\nENV n=1\n", "n").startswith("FROM a\nENV n=1\n")


@pytest.mark.parametrize("encoding", [UTF8, UTF16])
def test_prepare_gives_the_name_and_its_place(encoding: str):
    version = version_of("FROM a\nARG po\\\nrt\nLABEL é=$port\n", encoding)
    found = prepare_rename(version, version.text.index("po"))
    assert found is not None
    assert found.placeholder == "port"
    assert found.range.start.line, found.range.end.line == (1, 2)
    assert prepare_rename(version, 6) is None


def test_prepare_refuses_what_has_no_name_of_its_own():
    with pytest.raises(RenameError, match="from the builder"):
        prepare_rename(*marked("FROM --platform=$|BUILDPLATFORM a\n"))


def test_the_names_of_a_heredoc_are_typed_at_once():
    version, offset = marked("FROM a\nRUN <<|E\nls\nE\n")
    found = linked_names(version, offset)
    assert found is not None
    assert [one.start.line for one in found.ranges] == [1, 3]
    assert linked_names(*marked("FROM a\nRUN <<|E\nls\n")) is None
    assert linked_names(*marked("FROM a AS |b\nFROM b\n")) is None
