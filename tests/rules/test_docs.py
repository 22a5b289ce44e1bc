"""The generated pages: up to date, and true."""

from __future__ import annotations

import json
import lzma
import re
import tomllib
from pathlib import Path

import pytest

import dflint_rules
from dflint.cli.output.color import Palette
from dflint.cli.output.markdown import for_terminal
from dflint.lint.docs import explanation, page
from dflint.lint.docs.__main__ import documents, write
from dflint.lint.docs.checks import BUILDKIT, HADOLINT
from dflint.lint.docs.coverage import coverage
from dflint.lint.docs.other_tools import DEFECTS, link_of, tool_of, url_of
from dflint.lint.docs.peers import PEERS
from dflint.lint.docs.sources import is_source, linked
from dflint.lint.names import bare_id
from dflint.lint.options import OptionSpec, validate_option
from dflint.lint.registry import entry_of
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
RULES = dflint_rules.rules()
UPDATE = "run `python -m dflint.lint.docs`"


class Plain(Rule):
    """The sentence of this rule.

    The reasons.

    Dockerfile reference, "COPY --from": what it says; BuildKit check UndefinedVar.
    """

    meta = Meta(
        "plain",
        Category.STYLE,
        Severity.WARNING,
        since="0.1",
        aliases=("DL9999", "UndefinedVar", "X-1"),
        default=False,
        options=(
            OptionSpec("words", "list[str]", ("a", 'b"'), "Which words.", choices=("a", 'b"')),
            OptionSpec("most", "int", 3),
        ),
    )
    valid = (Valid("FROM valid-0\n"), Valid("FROM valid-1\n"))
    invalid = (
        Invalid("FROM invalid-0\n", at="x"),
        Invalid("FROM invalid-1\n", at="x", options={"most": 4, "engine": "classic"}),
    )


def test_every_generated_file_is_up_to_date():
    stale = [
        name
        for name, text in documents("dflint_rules").items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text
    ]

    assert stale == [], UPDATE


def test_no_page_is_left_of_a_rule_that_is_gone():
    pages = {f"rules/{file.name}" for file in (DOCS / "rules").iterdir()}

    assert pages <= documents("dflint_rules").keys(), UPDATE


def test_pages_of_rules_that_are_gone_are_removed(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "gone.md").write_text("")
    (tmp_path / "kept.md").write_text("")

    write(tmp_path, {"rules/a.md": "é\n", "coverage.md": "b\n"})

    files = sorted(file.name for file in tmp_path.rglob("*.md"))
    assert files == ["a.md", "coverage.md", "kept.md"]
    assert (tmp_path / "rules" / "a.md").read_bytes() == "é\n".encode()


@pytest.mark.parametrize("file", [*DOCS.rglob("*.md"), ROOT / "README.md"], ids=lambda it: it.name)
def test_links_to_files_lead_somewhere(file):
    text = re.sub(r"(?s)```.*?```", "", file.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)#]+)", text)

    missing = [
        target
        for target in targets
        if not target.startswith("https://") and not (file.parent / target).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("rule", [*RULES, Plain], ids=lambda rule: rule.meta.name)
def test_configuration_on_a_page_is_valid(rule):
    for block in re.findall(r"(?s)```toml\n(.*?)```", page(rule)):
        given = tomllib.loads(block).get("rules", {}).get(rule.meta.name, {})
        for option in rule.meta.options if given else ():
            assert validate_option(option, given.pop(option.name)) == option.default
        assert given == {}


def test_page_without_bad_and_good_begins_with_the_first_examples():
    text = page(Plain)

    bad, good, rest = (text.index(part) for part in ("invalid-0", "FROM valid-0", "## Why"))
    assert bad < good < rest
    assert text.count("invalid-0") == text.count("FROM valid-0") == 1
    assert rest < text.index("invalid-1") < text.index("FROM valid-1")


def test_page_says_under_which_options_an_example_is_reported():
    text = page(Plain)

    assert 'With `engine = "classic"`, `most = 4`:\n\n```dockerfile\nFROM invalid-1\n' in text


def test_page_names_other_tools_and_the_source_with_links():
    text = page(Plain)

    assert "- hadolint: [DL9999](https://github.com/hadolint/hadolint/wiki/DL9999)\n" in text
    assert "- `X-1`\n" in text
    assert (
        "## Source\n\n"
        '[Dockerfile reference, "COPY --from"]'
        "(https://docs.docker.com/reference/dockerfile/#copy---from): what it says; "
        "BuildKit check [UndefinedVar]"
        "(https://docs.docker.com/reference/build-checks/undefined-var/).\n"
    ) in text
    assert explanation(Plain) == "The reasons."


@pytest.mark.parametrize(
    ("source", "link"),
    [
        (
            'Docker documentation, "Build secrets".',
            '[Docker documentation, "Build secrets"]'
            "(https://docs.docker.com/build/building/secrets/).",
        ),
        (
            "Dockerfile reference.",
            "[Dockerfile reference](https://docs.docker.com/reference/dockerfile/).",
        ),
        ("useradd(8).", "[useradd(8)](https://manpages.debian.org/useradd.8)."),
        ('zypper(8), "install".', 'zypper(8), "install".'),
        (
            "RFC 3339, section 5.6.",
            "[RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), section 5.6.",
        ),
    ],
)
def test_source_is_linked_where_it_can_be_read(source, link):
    assert is_source(source)
    assert linked(source) == link


@pytest.mark.parametrize(
    "text", ["`a(8)` is called.", "Docker documentations.", "Silent at times."]
)
def test_other_paragraph_is_no_source(text):
    assert not is_source(text)


def test_page_shows_labels_and_ignore_file_that_an_example_needs():
    class Needing(Plain):
        """A rule."""

        needs = "label-schema"
        given = (("label-schema", {"a.b": "url", "c": "text"}), ("dockerignore", "# d\n\ne\n!f\n"))

    text = page(Needing)

    assert (
        "## Bad\n\nWith `e`, `!f` in `.dockerignore`, "
        '`label-schema."a.b" = "url"`, `label-schema.c = "text"`:\n'
    ) in text
    assert "silent without `label-schema` in the configuration" in text


def test_page_does_not_offer_a_comment_that_silences_nothing():
    text = page(next(rule for rule in RULES if rule.meta.name == "inline-ignore-banned"))

    assert "ignore=inline-ignore-banned" not in text


def test_page_of_a_rule_that_is_off_says_how_to_switch_it_on():
    text = page(Plain)

    assert 'extend-select = ["plain"]' in text
    assert '\nignore = ["plain"]' not in text


@pytest.mark.parametrize(
    ("alias", "tool", "end"),
    [
        ("DL3003", "hadolint", "/DL3003"),
        ("SC2086", "ShellCheck", "/SC2086"),
        ("JSONArgsRecommended", "BuildKit", "/json-args-recommended/"),
        ("SecretsUsedInArgOrEnv", "BuildKit", "/secrets-used-in-arg-or-env/"),
        ("S6471", "SonarQube", "/RSPEC-6471/"),
        ("CKV_DOCKER_8", "checkov", ""),
        ("DS-0002", "trivy", ""),
        ("Last_User_Is_root", "KICS", ""),
    ],
)
def test_form_of_an_id_tells_the_tool_and_its_page(alias, tool, end):
    assert tool_of(alias) == tool
    assert url_of(alias).endswith(end)


def test_id_that_is_explained_nowhere_is_no_link():
    assert link_of("InvalidBaseImagePlatform") == "`InvalidBaseImagePlatform`"
    assert link_of("acme-1") == "`acme-1`"


def test_every_alias_of_a_rule_is_a_check_that_exists():
    known = {check for check, _, _ in (*BUILDKIT, *HADOLINT)}
    known |= {one for defect in DEFECTS for ids in defect.ids.values() for one in ids}
    aliases = {alias for rule in RULES for alias in rule.meta.aliases}

    others = {alias for alias in aliases if alias.startswith("tally/")}
    unknown = aliases - known - others
    assert {alias for alias in unknown if tool_of(alias) != "ShellCheck"} == set()


def test_coverage_counts_checks_and_says_which_are_not_covered():
    text = coverage([entry_of(Plain, "x")])

    share = f"1 ({1 / len(BUILDKIT):.0%}) | 0 (0%)"
    assert f"| BuildKit 0.32 | {len(BUILDKIT)} | {share} | {len(BUILDKIT) - 1} |" in text
    assert f"| {len(HADOLINT)} | 0 (0%) | 0 (0%) | {len(HADOLINT)} |" in text
    assert "| a variable that nothing sets | [plain](rules/plain.md) (off) |" in text
    ids = [
        one
        for defect in DEFECTS
        if not defect.is_found_elsewhere
        for ids in defect.ids.values()
        for one in ids
    ]
    foreign = sum(bare_id(one) != "UndefinedVar" for one in ids)
    assert text.count("**not covered**") == len(BUILDKIT) + len(HADOLINT) - 1 + foreign


def test_every_defect_has_ids_of_known_tools_and_each_id_a_tool():
    columns = {column for _, column in PEERS}

    for defect in DEFECTS:
        assert defect.ids, defect.finds
        assert defect.ids.keys() <= columns
        assert all(tool_of(bare_id(one)) for ids in defect.ids.values() for one in ids)


def test_buildkit_and_hadolint_report_no_check_that_is_missing_from_the_tables(shared):
    with lzma.open(shared / "oracle" / "hadolint-dev.json.xz") as stream:
        seen = {code for code in json.load(stream)["rules"] if code.startswith("DL")}
    with lzma.open(shared / "oracle" / "buildkit-dev.jsonl.xz", "rt") as stream:
        warned = {name for line in stream for name in re.findall(r'"rule":"(\w+)"', line)}

    assert seen - {check for check, _, _ in HADOLINT} == {"DL1000"}
    assert warned <= {check for check, _, _ in BUILDKIT}


def test_page_for_a_terminal_has_no_marks_of_markdown():
    markdown = "# a\n\nb [c](https://d)\n\n````dockerfile\n```\n# e\n````\n"

    text = for_terminal(markdown, Palette(False))

    assert text == "a\n\nb c <https://d>\n\n    ```\n    # e\n"


def test_what_no_rule_finds_has_a_reason():
    known = {name for rule in RULES for name in (rule.meta.name, *rule.meta.aliases)}
    silent = [
        defect.finds
        for defect in DEFECTS
        if not defect.remark
        and not any(bare_id(one) in known for ids in defect.ids.values() for one in ids)
    ]

    assert silent == []
