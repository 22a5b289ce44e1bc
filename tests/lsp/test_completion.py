from __future__ import annotations

import pytest
from lsprotocol import types

from dflint.text.edit import Edit, apply_edits
from dflint_lsp.completing.images import images_in
from dflint_lsp.completing.offers import Abilities
from dflint_lsp.documents import DocumentVersion
from dflint_lsp.features.completion import completions, resolved
from tests.lsp.versions import marked

FULL = Abilities(snippets=True, insert_replace=True, tags=True)


def offered(text: str, abilities: Abilities = FULL) -> dict[str, types.CompletionItem]:
    version, offset = marked(text)
    return {one.label: one for one in completions(version, offset, abilities).items}


def chosen(text: str, label: str, abilities: Abilities | None = None) -> str:
    """The text after an offer was taken."""
    version, offset = marked(text)
    items = completions(version, offset, abilities or Abilities()).items
    (item,) = [one for one in items if one.label == label]
    edit = item.text_edit
    wanted = edit.replace if isinstance(edit, types.InsertReplaceEdit) else edit.range
    return apply_edits(version.text, [Edit(version.lines.span(wanted), edit.new_text)])


def test_a_user_by_number_is_left_as_it_is():
    version, offset = marked("FROM a\nUSER |")
    at_first = completions(version, offset, FULL)
    assert "1000:1000" in [one.label for one in at_first.items]
    assert at_first.is_incomplete  # else the client would narrow this list by itself
    version, offset = marked("FROM a\nUSER 1000|")
    assert completions(version, offset, FULL).items == []
    assert "1000:1000" in offered("FROM a\nUSER 1000:|")


def test_an_empty_file_begins_with_from_or_arg():
    assert list(offered("|", Abilities())) == ["FROM", "ARG"]


def test_instructions_are_snippets_where_the_client_has_them():
    item = offered("FROM a\nWORK|")["WORKDIR /the/workdir/path"]
    assert item.text_edit.new_text == "WORKDIR ${1:/the/workdir/path}"
    assert item.insert_text_format is types.InsertTextFormat.Snippet
    assert chosen("FROM a\nWORK|", "WORKDIR") == "FROM a\nWORKDIR"


def test_keywords_are_written_as_in_the_file():
    assert "workdir /the/workdir/path" in offered("from a\nrun b\nw|")
    assert "as" in offered("from a |")


def test_a_keyword_with_arguments_is_replaced_alone():
    assert chosen("FROM a\nCO|PI a b\n", "COPY") == "FROM a\nCOPY a b\n"


def test_onbuild_takes_no_from():
    found = offered("FROM a\nONBUILD |", Abilities())
    assert "RUN" in found and not {"FROM", "ONBUILD", "MAINTAINER"} & set(found)


def test_flags_that_are_given_are_not_offered_again():
    found = offered("FROM a\nCOPY --chown=b --exclude=c |", Abilities())
    assert "--chown=" not in found
    assert {"--from=", "--exclude=", "--link", "--parents"} <= set(found)


def test_a_flag_is_put_before_an_argument():
    assert chosen("FROM |a", "--platform=") == "FROM --platform=a"


def test_mounts_offer_types_then_the_options_of_the_type():
    assert "type=cache" in offered("FROM a\nRUN --mount=|", Abilities())
    options = offered("FROM a\nRUN --mount=type=cache,|", Abilities())
    assert {"sharing=", "target="} <= set(options) and "required" not in options
    values = offered("FROM a\nRUN --mount=type=cache,sharing=|,target=/x true")
    assert list(values) == ["shared", "private", "locked"]


def test_mount_values_are_replaced_alone():
    text = "FROM a\nRUN --mount=type=cache,sharing=pri|,target=/x true"
    expected = "FROM a\nRUN --mount=type=cache,sharing=private,target=/x true"
    assert chosen(text, "private") == expected


def test_only_stages_above_are_offered():
    text = "FROM a AS one\nFROM b\nFROM c AS three\nCOPY --from=|\nFROM d AS four\n"
    found = [
        one for one in offered(text).values() if one.kind is types.CompletionItemKind.Reference
    ]
    assert [(one.label, one.detail) for one in found] == [
        ("one", "stage 0, FROM a"),
        ("1", "stage 1, FROM b"),
    ]


def test_variables_have_values_and_origins():
    found = offered("ARG A=1\nFROM x\nARG A\nENV B=2\nRUN echo ${|}\nENV C=3\n")
    assert found["${A}"].detail == "1"
    assert found["${B}"].detail == "2" and found["${B}"].documentation == "ENV on line 4"
    assert "${C}" not in found
    text = "FROM x\nENV B=2\nRUN echo ${|}\n"
    assert chosen(text, "${B}") == "FROM x\nENV B=2\nRUN echo ${B}\n"


def test_from_sees_global_arguments_alone():
    found = offered("ARG A=1\nFROM x\nENV B=2\nFROM $|")
    assert "${A}" in found and "${B}" not in found and "${TARGETARCH}" in found


def test_an_escaped_dollar_is_no_variable():
    assert offered("FROM x\nENV A=1\nENV B=\\$|") == {}


def test_directives_and_their_values():
    assert "syntax=docker/dockerfile:1" in offered("#|")
    assert "check=skip=all" in offered("# syntax=docker/dockerfile:1\n# |")
    assert "syntax=docker/dockerfile:1" not in offered("# syntax=docker/dockerfile:1\n# |")
    assert "StageNameCasing" in offered("# check=skip=JSONArgsRecommended,Stage|")
    assert offered("# just words |\n") == {}


def test_signals_ports_labels_and_users():
    assert "SIGQUIT" in offered("FROM a\nSTOPSIGNAL |")
    assert list(offered("FROM a\nEXPOSE 53/|")) == ["tcp", "udp", "sctp"]
    assert chosen("FROM a\nLABEL tit|", "org.opencontainers.image.title").endswith(".title=")
    assert "bob" in offered("FROM a\nRUN useradd -m bob\nUSER |")


def test_a_heredoc_that_lacks_its_end_is_offered_it():
    assert list(offered("FROM a\nRUN <<DONE\necho\n|")) == ["DONE"]
    assert offered("FROM a\nRUN <<DONE\necho |\nDONE\n") == {}


@pytest.mark.parametrize("text", ["# a|", "FROM a\nRUN b \\\n  # c|\n d", "FROM a\nRUN echo |"])
def test_comments_and_commands_are_left_alone(text):
    assert offered(text) == {}


def test_insert_and_replace_differ_behind_the_cursor():
    edit = offered("FROM a\nSTOPSIGNAL SIG|TERM")["SIGKILL"].text_edit
    assert isinstance(edit, types.InsertReplaceEdit)
    assert (edit.insert.end.character, edit.replace.end.character) == (14, 18)


def test_a_word_on_two_lines_is_replaced_on_neither():
    assert offered("FROM a\nSTOPSIGNAL SIG\\\nTE|") == {}


def test_documentation_comes_when_it_is_asked_for():
    item = offered("FROM a\nCOPY --ch|")["--chmod=755"]
    assert item.documentation is None
    assert "octal" in resolved(item, True).documentation.value
    assert isinstance(resolved(item, None).documentation, str)
    foreign = types.CompletionItem("x", data={"not": "ours"})
    assert resolved(foreign, True).documentation is None


def test_paths_come_from_the_context_without_what_is_ignored(tmp_path):
    for name in ("src/main.py", "secret.key", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / ".dockerignore").write_text("*.key\n")
    path = str(tmp_path / "Dockerfile")
    text = "FROM a\nCOPY src/ma . \nCOPY "
    version = DocumentVersion("file:///x", text, 1, path=path)
    top = completions(version, len(text)).items
    labels = [one.label for one in top if one.kind in (17, 19)]
    assert "src/" in labels and "README.md" in labels and "secret.key" not in labels
    inner = completions(version, text.index("ma") + 2).items
    assert "main.py" in [one.label for one in inner]


def test_images_of_other_files_are_known(tmp_path):
    (tmp_path / "other.Dockerfile").write_text("FROM registry.test/team/base:7 AS b\nFROM b\n")
    version = DocumentVersion("file:///x", "FROM ", 1, path=str(tmp_path / "Dockerfile"))
    found = {one.label: one.detail for one in completions(version, 5).items}
    assert found["registry.test/team/base:7"] == "used in other.Dockerfile"
    assert "b" not in found and "alpine" in found


def test_stages_are_no_images():
    assert list(images_in("FROM a:1 AS x\nFROM x\nFROM --platform=p b\nFROM scratch")) == [
        "a:1",
        "b",
    ]
