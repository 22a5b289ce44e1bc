"""Reports come out of the cache as they went in, and only for what they were made of."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from dflint.cache.store import Store
from dflint.config.load import load_config
from dflint.config.schema import Config
from dflint.engine.cached import NOT_IN_REPORTS, ResultCache, plain, settings_of
from dflint.engine.identity import code_identity
from dflint.engine.report import (
    FileReport,
    Place,
    RelatedPlace,
    ReportedEdit,
    ReportedFinding,
    ReportedFix,
)
from dflint.engine.report_codec import decode_report, encode_report
from dflint.lint.finding import Severity
from dflint.text.source import Source


def fields(value):
    """A report as plain data, every slot of every object in it."""
    if isinstance(value, tuple):
        return tuple(map(fields, value))
    if hasattr(value, "__slots__") and not isinstance(value, Severity):
        return type(value).__name__, {
            name: fields(getattr(value, name)) for name in value.__slots__
        }
    return type(value).__name__, value


def finding(
    message="message",
    line="source",
    by=None,
    related=(),
    severity=Severity.WARNING,
    fix=None,
    fixable="",
):
    place = Place(1, 2, 3, 4)
    return ReportedFinding("some-rule", severity, place, message, line, related, by, fix, fixable)


def fix(applicability, *texts):
    edits = tuple(ReportedEdit(Place(n, 1, n, 2), text) for n, text in enumerate(texts, 1))
    return ReportedFix("do something", applicability, edits)


REPORTS = {
    "clean": FileReport("p"),
    "note": FileReport("p", notes=("a template", "")),
    "all severities": FileReport("p", tuple(finding(severity=level) for level in Severity)),
    "related": FileReport(
        "p",
        (
            finding(related=(RelatedPlace(Place(5, 6, 7, 8), "here"),)),
            finding(related=tuple(RelatedPlace(Place(n, 1, n, 2), "") for n in range(9))),
        ),
    ),
    "suppressed": FileReport("p", (finding(),), (finding(by="# dflint: ignore=x"), finding(by=""))),
    "fixes": FileReport(
        "p",
        (
            finding(fix=fix("safe", "", "two\r\n", "\udcff")),
            finding(fix=fix("display"), fixable="safe"),
            finding(fixable="unsafe"),
            finding(related=(RelatedPlace(Place(5, 6, 7, 8), "here"),), fix=fix("unsafe", "x")),
        ),
    ),
    "odd texts": FileReport("p", (finding("é\udcff\ud800\n\r\t\x1f", "\u2028 \U0001f433 "),)),
    "empty texts": FileReport("p", (finding("", ""),), (finding("", "", by=""),), ("",)),
}


@pytest.mark.parametrize("name", REPORTS)
def test_reports_come_back_field_by_field(name):
    report = REPORTS[name]
    data = encode_report(report)

    assert data is not None
    assert fields(decode_report("p", data)) == fields(report)


def test_every_field_is_known_to_the_codec():
    """A new field has to be written and read by it, and a report with it put into REPORTS."""
    assert FileReport.__slots__ == (
        "failure", "findings", "internal", "notes", "path", "remarks", "suppressed",
    )  # fmt: skip
    assert ReportedFinding.__slots__ == (
        "fix", "fixable", "message", "place", "related", "rule", "severity", "source_line",
        "suppressed_by",
    )  # fmt: skip
    assert Place.__slots__ == ("column", "end_column", "end_line", "line")
    assert RelatedPlace.__slots__ == ("note", "place")
    assert ReportedFix.__slots__ == ("applicability", "edits", "title")
    assert ReportedEdit.__slots__ == ("place", "text")


@pytest.mark.parametrize(
    "report",
    [
        FileReport("p", failure="cannot be read"),
        FileReport("p", (finding(),), failure="a rule crashed", internal=True),
        FileReport("p", (finding(line="a\0b"),)),
        FileReport("p", notes=("\0",)),
        FileReport("p", remarks=("of this run",)),
    ],
)
def test_failures_and_reports_with_nul_are_not_kept(report):
    assert encode_report(report) is None


@pytest.mark.parametrize("name", REPORTS)
def test_bytes_that_are_no_report_are_refused(name):
    data = encode_report(REPORTS[name])
    assert data is not None
    for broken in (b"", b"\xff", data + b"\0", data + b"\0x", b"99\0" + data, b"x" + data):
        with pytest.raises(ValueError):
            decode_report("p", broken)


def test_reports_on_real_files_come_back_field_by_field(shared):
    from dflint.engine.session import Session

    session = Session()
    files = sorted((shared / "corpus" / "dev").glob("*.Dockerfile"))[::50]
    for file in files:
        report = session.check(Source.read(str(file)), Config())
        data = encode_report(report)
        if data is not None:
            assert fields(decode_report(str(file), data)) == fields(report)


CONFIGURATION = """
preset = "strict"
select = ["ALL"]
extend-select = ["latest-tag"]
ignore = ["cd-in-run"]
exclude = ["x"]
include = ["y"]
fail-on = "error"
severity-threshold = "info"
engine = "buildah"
shellcheck = true
shellcheck-path = "there"
context = "there"
trusted-registries = ["ghcr.io"]
strict-labels = true
format.indent = "tab"
fixable = ["ALL"]
unfixable = ["cd-in-run"]
unsafe-fixes = true
severity.legacy-key-value = "style"
label-schema.maintainer = "text"
per-file-ignores."legacy/**" = ["ALL"]
rules.some-rule = { one = 1, two = ["a", "b"], three = true }
"""


@pytest.fixture
def other(tmp_path):
    """A configuration in which every setting differs from the defaults."""
    (tmp_path / "dflint.toml").write_text(CONFIGURATION)
    config = load_config(str(tmp_path / "dflint.toml"))
    return config.for_build(config.context, {"A": "b"}, "stage", ("name",))


@pytest.mark.parametrize("name", Config.__slots__)
def test_every_setting_is_in_the_key_or_known_to_change_no_report(name, other):
    changed = Config(**{name: getattr(other, name)})

    assert getattr(changed, name) != getattr(Config(), name), "give it a value above"
    assert (settings_of(changed) == settings_of(Config())) == (name in NOT_IN_REPORTS)


def test_equal_settings_have_equal_keys(other, tmp_path):
    again = load_config(str(tmp_path / "dflint.toml"))
    again = again.for_build(again.context, {"A": "b"}, "stage", ("name",))

    assert settings_of(again) == settings_of(other) != settings_of(Config())


def test_settings_of_unknown_types_are_refused():
    with pytest.raises(TypeError, match="object"):
        plain({"a": object()})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}),
        (("a", "b"), ("a, b",)),
        (None, "None"),
        (True, 1),
        (("a",), "a"),
        ({}, ()),
    ],
)
def test_plain_values_tell_settings_apart(one, other):
    assert repr(plain(one)) != repr(plain(other))


def cache(folder, code=b"c" * 16):
    return ResultCache(Store(str(folder)), code)


def test_everything_a_report_follows_from_is_in_its_key(tmp_path):
    source, config = Source("Dockerfile", b"FROM a\n"), Config()
    results = cache(tmp_path)
    keys = [
        results.key(source, config),
        results.key(Source("Dockerfile", b"FROM b\n"), config),
        results.key(Source("other/Dockerfile", b"FROM a\n"), config),
        results.key(source, Config(ignore=("cd-in-run",))),
        results.key(source, config, b"shellcheck 0.11"),
        results.key(Source("Dockerfile\n", b"FROM a\n"), config),
        cache(tmp_path, b"d" * 16).key(source, config),
    ]

    assert len(set(keys)) == len(keys)
    assert keys[0] == cache(tmp_path).key(Source("Dockerfile", b"FROM a\n"), Config())


def test_ignores_for_single_files_are_in_the_keys_of_these_files_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dflint.toml").write_text('per-file-ignores."legacy/**" = ["ALL"]\n')
    with_ignores = load_config(str(tmp_path / "dflint.toml"))
    results = cache(tmp_path / "c")

    def changed(path):
        source = Source(path, b"FROM a\n")
        return results.key(source, with_ignores) != results.key(source, Config())

    assert changed("legacy/Dockerfile")
    assert not changed("new/Dockerfile")


def test_what_is_no_report_in_the_store_is_no_report(tmp_path):
    results = cache(tmp_path)
    results.store.put_many([(b"k", b"nonsense")])

    assert results.lookup(b"k", "p") is None


PLUGIN = [("acme", "acme_identity.rules")]


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    package = tmp_path / "acme_identity"
    (package / "rules").mkdir(parents=True)
    (package / "__init__.py").write_text("raise AssertionError('imported')\n")
    (package / "rules" / "__init__.py").write_text("x = 1\n")
    (package / "rules" / "some_rule.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return package


def touch(file: Path) -> None:
    """Give a file a later time without a change of its size."""
    stat = file.stat()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))


@pytest.mark.parametrize(
    "change",
    [
        lambda package: touch(package / "rules" / "some_rule.py"),
        lambda package: touch(package / "__init__.py"),
        lambda package: (package / "rules" / "some_rule.py").write_text("x = 12\n"),
        lambda package: (package / "rules" / "added.py").write_text(""),
        lambda package: (package / "rules" / "some_rule.py").unlink(),
        lambda package: (package / "data.txt").write_text(""),
    ],
)
def test_changed_code_of_a_plug_in_is_other_code(plugin, change):
    before = code_identity([], PLUGIN)
    assert code_identity([], PLUGIN) == before

    change(plugin)

    assert code_identity([], PLUGIN) != before


def test_compiled_modules_do_not_count(plugin):
    before = code_identity([], PLUGIN)
    (plugin / "rules" / "__pycache__").mkdir()
    (plugin / "rules" / "__pycache__" / "some_rule.cpython-311.pyc").write_bytes(b"x")

    assert code_identity([], PLUGIN) == before


def test_a_plug_in_of_one_file_counts_too(tmp_path, monkeypatch):
    module = tmp_path / "acme_identity_file.py"
    module.write_text("x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins = [("acme", "acme_identity_file")]
    before = code_identity([], plugins)
    touch(module)

    assert code_identity([], plugins) != before


def test_links_in_a_circle_and_to_nowhere_are_no_trouble(plugin):
    (plugin / "circle").symlink_to(plugin)
    (plugin / ".#some_rule.py").symlink_to("me@nowhere")
    before = code_identity([], PLUGIN)

    assert code_identity([], PLUGIN) == before


def test_a_package_in_an_archive_counts_by_the_archive(tmp_path, monkeypatch):
    import zipfile

    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("acme_zipped/__init__.py", "x = 1\n")
    monkeypatch.syspath_prepend(str(archive))
    plugins = [("acme", "acme_zipped")]
    before = code_identity([], plugins)
    touch(archive)

    assert code_identity([], plugins) != before


def test_versions_count(plugin, monkeypatch):
    keys = [
        code_identity([], PLUGIN),
        code_identity(["/x/acme-1.0.dist-info"], PLUGIN),
        code_identity(["/x/acme-1.1.dist-info"], PLUGIN),
        code_identity([], []),
    ]
    monkeypatch.setattr("dflint.__version__", "99")
    keys.append(code_identity([], PLUGIN))
    monkeypatch.setattr(sys, "version", "3.99")
    keys.append(code_identity([], PLUGIN))

    assert len(set(keys)) == len(keys)


def test_code_of_dflint_itself_counts(tmp_path, monkeypatch):
    before = code_identity([], [])
    (tmp_path / "dflint").mkdir()
    copy = tmp_path / "dflint" / "__init__.py"
    copy.write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    of_copy = code_identity([], [])
    touch(copy)

    assert len({before, of_copy, code_identity([], [])}) == 3
