from __future__ import annotations

import pytest
from lsprotocol import types

from dflint_lsp.features.navigation import definition, highlights, references
from dflint_lsp.symbols import Kind, symbols_of
from tests.lsp.versions import marked, version_of

READ, WRITE = types.DocumentHighlightKind.Read, types.DocumentHighlightKind.Write


def bracketed(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text without the `«»` in it, and the places between them."""
    plain, places = "", []
    for piece in text.split("«"):
        inner, closing, rest = piece.partition("»")
        if closing:
            places.append((len(plain), len(plain) + len(inner)))
        plain += inner + rest
    return plain, places


def mentions(text: str, at: int) -> list[tuple[int, int]]:
    found = symbols_of(version_of(text)).at(at)
    return [] if found is None else [(one.span.start, one.span.end) for one in found[0].mentions]


SAME = {
    "stage in FROM, COPY and a mount": (
        "FROM a AS «b»\nFROM «b»\nCOPY --from=«B» x y\n"
        "RUN --mount=type=bind,from=«b»,target=/x ls\n"
    ),
    "stage by number": "FROM a AS «b»\nFROM c\nCOPY --from=«0» x y\nCOPY --from=«b» x y\n",
    "stage without a name": "FROM a\nFROM c\nCOPY --from=«0» x y\nCOPY --chown=1 --from=«0» x y\n",
    "stage through an argument": "ARG i=b\nFROM a AS «b»\nFROM $i\nCOPY --from=«b» x y\n",
    "stage in lower case keywords": "from a as «b»\nfrom x\ncopy --from=«b» x y\n",
    "stage with continuations": "FROM a \\\n# c\n AS «b\\\nc»\nFROM x\nCOPY --from=«bc» x y\n",
    "stage, half typed": "FROM a AS «b»\nFROM x\nCOPY --from=«b»",
    "image of two copies": "FROM a\nCOPY --from=«x:1» a b\nCOPY --from=«x:1» a b\n",
    "trigger of another Dockerfile": "FROM a AS «b»\nFROM c\nONBUILD COPY --from=b x y\n",
    "argument of a stage": (
        "FROM a\nARG «v»=1\nLABEL a=$«v» b='$v' c=\\$v d=${«v»:-$«v»}\nFROM a\nRUN $v\n"
    ),
    "argument of FROM": "ARG «v»=1\nFROM a:$«v»\nRUN echo $v\nFROM --platform=$«v» b\n",
    "argument declared again": "ARG «v»=1\nFROM a:$«v»\nARG «v»\nRUN echo $«v»\n",
    "argument of a stage with its own default": "ARG v=1\nFROM a:$v\nARG «v»=2\nRUN echo $«v»\n",
    "variable of the stage below": "FROM a AS b\nENV «v»=1\nFROM b\nENV «v»=2\nRUN echo $«v»\n",
    "variable set by the legacy form": "FROM a\nENV «v» w $«v»\nRUN echo $«v»\n",
    "variables of one ENV": "FROM a\nENV «v»=1 \\\n # c\n w=$«v»\nRUN echo $«v» $w\n",
    "shell": (
        "FROM a\nENV «v»=1\nRUN echo \"$«v»\" '${«v»}' ${#«v»} $((«v» + 1)) \\$v $$v "
        "${«v»%x} $v2 && x=${«v»}\n"
    ),
    "up to where a script sets it": (
        "FROM a\nARG «v»=1\nRUN v=${«v»:-2}; echo $v\nRUN echo $«v»\n"
    ),
    "script's own": "FROM a\nARG v=1\nRUN «v»=${v:-2} && if [ $«v» ]; then «v»=1; fi\nRUN $v\n",
    "script's own of a heredoc": "FROM a\nRUN <<E\nfor «i» in 1; do echo $«i»\ndone\nE\nRUN $i\n",
    "loop": (
        "FROM a\nARG i=1\nRUN x $i; while [ $«i» ]; do for j in 1; do «i»=$«i»$j; done; done; "
        "$«i»\n"
    ),
    "read": "FROM a\nRUN x | while IFS=: read -r «a» b; do «a»=$«a»$b; done\n",
    "declared": "FROM a\nRUN export «a»=1 && sh -c 'echo $«a»'\n",
    "assignment in quotes": "FROM a\nRUN sh -c '«a»=1; echo $«a»'\n",
    "no assignment": "FROM a\nARG «v»\nRUN make v=$«v» && cmake -Dv=$«v» --v=1 && echo $«v»\n",
    "command's input with a variable of the script": (
        "FROM a\nARG v\nRUN «v»=1; cat <<E\n$«v» $(( «v» + 1 ))\nE\n"
    ),
    "command's input": "FROM a\nARG «v»\nRUN cat <<E\nv=$«v»\n$«v»\nE\n",
    "assignment for one program": "FROM a\nARG «v»=1\nRUN v=2 make $«v» && echo $«v»\n",
    "loop variable": "FROM a\nARG «v»=1\nRUN echo $«v»; for v in 1 2; do echo $v; done\n",
    "exported": "FROM a\nARG «v»=1\nRUN export v=2 w=$«v» && echo $v\n",
    "triggers": "FROM a\nENV «v»=1\nONBUILD RUN echo $«v»\nONBUILD ENV «v»=2\n",
    "arguments are no more in a container": "FROM a\nARG «v»=1\nRUN $«v»\nCMD echo $v\n",
    "environment of a container": "FROM a\nENV «v»=1\nCMD echo $«v»\nHEALTHCHECK CMD $«v»\n",
    "Windows": (
        "# escape=`\nFROM a\nENV «v»=1\nRUN echo %«v»% `\n && echo $env:«v»\nLABEL x=`$v y=${«v»}\n"
    ),
    "heredoc of COPY": "FROM a\nENV «v»=1\nCOPY <<A <<'B' /x/\n'$«v»' \\$v\nA\n$v\nB\n",
    "heredoc of RUN": "FROM a\nENV «v»=1\nRUN <<'A'\necho $«v»\nA\nRUN cat <<'A'\n$v\nA\n",
    "heredoc's name": 'FROM a\nRUN cat <<-"«A»" <<B\n\t«A»\nA\nB\n',
    "heredoc without an end": "FROM a\nRUN cat <<«A»\n",
    "CRLF": "FROM a AS «b»\r\nFROM «b»\r\nCOPY --chown=1 \\\r\n --from=«b» x y\r\n",
    "name over a continuation": (
        "FROM a\nARG «port»=1\nEXPOSE $«po\\\nrt»\nUSER ${«p\\ \n# c\nort»}\n"
    ),
    "nothing declares it": "FROM a\nUSER $«v»\nRUN $«v»\nFROM b\nUSER $v\n",
    "no FROM": "ARG «v»\nRUN echo $«v»\nENV «v»\n",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_each_mention_finds_all_mentions(text: str):
    plain, places = bracketed(text)
    for place in places:
        for offset in place:
            found = mentions(plain, offset)
            # A stage is also named where a variable gives its name, which stands for itself.
            assert [one for one in found if "$" not in plain[slice(*one)]] == places


DEFINED = {
    "stage": "FROM a AS «b»\nFROM c\nCOPY --from=|b x y\n",
    "stage of the last such name above": "FROM a AS b\nFROM a AS «b»\nFROM |b\nFROM a AS b\n",
    "stage further down": "FROM a\nCOPY --from=|b x y\nFROM a AS «b»\n",
    "stage by number": "FROM a AS «b»\nFROM c\nCOPY --from=|0 x y\n",
    "stage without a name": "«FROM a»\nFROM c\nCOPY --from=|0 x y\n",
    "stage through an argument": "ARG «i»=b\nFROM a AS b\nFROM $|i\n",
    "mount": "FROM a AS «b»\nFROM c\nRUN --mount=from=|b,target=/x ls\n",
    "dollar": "FROM a\nARG «v»\nUSER |$v\n",
    "brace": "FROM a\nARG «v»\nUSER $|{v}\n",
    "argument of the stage": "ARG v=1\nFROM a\nARG «v»\nARG v=2\nUSER $|v\n",
    "argument above FROM": "ARG «v»=1\nFROM a\nARG |v\nUSER $v\n",
    "argument with its own default": "ARG v=1\nFROM a\nARG «v»|=2\nUSER $v\n",
    "variable of the stage below": "FROM a AS b\nENV «v»=1\nFROM b AS c\nFROM c\nUSER $|v\n",
    "variable set again": "FROM a\nENV «v»=1\nENV |v=2\n",
    "variable of a script": "FROM a\nENV v=1\nRUN echo $v; «v»=2; v=3; echo $|v\n",
    "closing line of a heredoc": "FROM a\nRUN <<«EOF»\nls\nE|OF\n",
}


@pytest.mark.parametrize("text", DEFINED.values(), ids=DEFINED.keys())
def test_definition(text: str):
    plain, places = bracketed(text.replace("|", ""))
    cursor = len(bracketed(text.partition("|")[0])[0])
    version = version_of(plain)
    found = definition(version, cursor)
    assert found is not None
    span = version.lines.span(found.range)
    assert [(span.start, span.end)] == places


@pytest.mark.parametrize(
    "text",
    [
        "FROM |alpine\n",
        "|FROM a AS b\n",
        "FROM a\nUSER $|v\n",
        "FROM a\nUSER v|\n",
        "|",
        "FROM a\n|",
    ],
)
def test_what_is_defined_nowhere_has_no_definition(text: str):
    assert definition(*marked(text)) is None


def test_references_leave_definitions_out_when_asked():
    version, offset = marked("FROM a AS b\nFROM |b\nCOPY --from=b x y\n")
    lines = [one.range.start.line for one in references(version, offset, False)]
    assert lines == [1, 2]
    assert len(references(version, offset, True)) == 3


def test_highlights_tell_writing_from_reading():
    version, offset = marked("FROM a\nARG v=1\nENV v=$|v\n")
    assert [one.kind for one in highlights(version, offset)] == [WRITE, WRITE, READ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_places_are_in_the_units_of_the_client(encoding: str):
    version = version_of("FROM a\nENV v=1 w=\U0001f40b$v\n", encoding)
    found = highlights(version, version.text.rindex("v"))[-1].range
    column = {"utf-8": 15, "utf-16": 13, "utf-32": 12}[encoding]
    assert found.start == types.Position(1, column)


def test_the_symbols_of_a_document_are_found_once():
    version = version_of("FROM a AS b\n")
    assert symbols_of(version) is symbols_of(version)
    assert [one.kind for one in symbols_of(version).symbols] == [Kind.STAGE]
