"""Rules come from the entry-point group, the built-in ones too."""

from __future__ import annotations

import pytest

from dflint.errors import PluginError
from dflint.lint.registry import find_rules


def plugin(tmp_path, name, module, text):
    info = tmp_path / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(f"[dflint.rules]\nx = {module}\n\n[other]\ny = z\n")
    (tmp_path / f"{module}.py").write_text(text)


RULE = """
from dflint.lint.rule import Category, Meta, Rule, Severity
API_VERSION = 1
class MyRule(Rule):
    \"\"\"Mine.\"\"\"
    meta = Meta("{name}", Category.STYLE, Severity.INFO, since="1")
    def check(self, doc):
        return iter(())
def rules():
    return [MyRule]
"""


def test_built_in_rules_are_found_through_their_entry_point():
    entries = find_rules()

    assert entries["maintainer-deprecated"].distribution == "dflint"
    assert entries["maintainer-deprecated"].load().meta.name == "maintainer-deprecated"


def test_index_and_classes_say_the_same():
    for name, entry in find_rules().items():
        meta = entry.load().meta
        assert (meta.name, meta.severity, meta.default, meta.aliases) == (
            name, entry.severity, entry.default, entry.aliases,
        )  # fmt: skip


def test_rules_of_another_distribution_are_found(tmp_path, monkeypatch):
    plugin(tmp_path, "acme", "acme_found", RULE.format(name="acme-rule"))
    monkeypatch.syspath_prepend(str(tmp_path))

    entries = find_rules()

    assert entries["acme-rule"].distribution == "acme"
    assert "multiple-cmd" in entries


@pytest.mark.parametrize(
    ("module", "text", "message"),
    [
        ("acme_broken", "import nothing_of_that_name\n", "does not import"),
        ("acme_old", "API_VERSION = 0\n", "is for rule API 0"),
        ("acme_unversioned", "def rules(): return []\n", "is for rule API None"),
        ("acme_empty", "API_VERSION = 1\n", "has no function `rules`"),
        (
            "acme_occasion",
            RULE.format(name="acme-rule").replace(
                "    def check", "    occasion = 'x'\n    def check"
            ),
            "has no known `occasion`",
        ),
        ("acme_twice", RULE.format(name="multiple-cmd"), "has the name of one of"),
    ],
)
def test_plugin_that_cannot_be_used_is_an_error_that_names_it(
    tmp_path, monkeypatch, module, text, message
):
    plugin(tmp_path, "zz_acme", module, text)
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(PluginError, match=message) as caught:
        find_rules()

    assert "zz_acme" in str(caught.value)
