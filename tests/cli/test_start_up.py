"""What `dflint check FILE` imports: start-up is a budget."""

from __future__ import annotations

import subprocess
import sys

FORBIDDEN = {
    "argparse", "ast", "asyncio", "concurrent.futures", "configparser", "csv", "ctypes",
    "dataclasses", "difflib", "email", "hashlib", "importlib.metadata", "importlib.resources",
    "inspect", "json", "logging", "multiprocessing", "parsimonious", "pathlib", "pkg_resources",
    "regex", "shutil", "socket", "sqlite3", "subprocess", "tempfile", "textwrap", "tokenize",
    "tomli", "tomllib", "tree_sitter", "typing", "unittest", "urllib", "urllib.parse", "yaml",
    "zipfile", "dflint.config.load", "dflint.config.reader", "dflint.discovery.walk",
    "dflint.lint.docs", "dflint.lint.suppress", "dflint.cli.usage", "dflint.cst.forms",
    "dflint.cli.fixing", "dflint.engine.fixing", "dflint.fix.loop", "dflint.text.replace",
}  # fmt: skip


def modules(tmp_path, text, *options):
    file = tmp_path / "Dockerfile"
    file.write_text(text)
    code = (
        "import sys; from dflint.cli.main import main; before = set(); "
        f"main(['check', *{list(options)!r}, {str(file)!r}]); "
        "sys.stderr.write(' '.join(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


CLEAN = """FROM gcc:15
RUN make install
WORKDIR /srv
COPY app /srv/app
CMD ["/srv/app"]
"""


def test_a_plain_check_imports_nothing_dear(tmp_path):
    loaded = modules(tmp_path, CLEAN, "--no-shellcheck")

    assert not FORBIDDEN & loaded
    assert not any(name.startswith("dflint.shellcheck") for name in loaded)


def test_nothing_of_the_builder_is_imported(tmp_path):
    loaded = modules(tmp_path, CLEAN, "--no-shellcheck")

    assert not [name for name in loaded if name.startswith(("dflint.build", "dflint.cli.build"))]


def test_shellcheck_costs_little_more_than_its_process(tmp_path):
    loaded = modules(tmp_path, CLEAN, "--shellcheck")

    assert not FORBIDDEN & loaded


def test_shellcheck_is_not_loaded_for_a_file_without_scripts(tmp_path):
    loaded = modules(tmp_path, 'FROM debian:12\nCMD ["/srv/app"]\n', "--shellcheck")

    assert not any(name.startswith("dflint.shellcheck") for name in loaded)


def test_rules_whose_instructions_do_not_occur_are_not_imported(tmp_path):
    loaded = modules(tmp_path, CLEAN)

    assert "dflint_rules.maintainer_deprecated" not in loaded
    assert "dflint_rules.unknown_instruction" not in loaded
    assert any(name.startswith("dflint_rules.") for name in loaded)


def test_other_formats_are_not_imported(tmp_path):
    loaded = modules(tmp_path, CLEAN, "--output-format", "concise")

    assert "dflint.cli.output.concise" in loaded
    assert "dflint.cli.output.sarif" not in loaded


def test_the_number_of_modules_stays_in_hand(tmp_path):
    loaded = modules(tmp_path, CLEAN, "--no-shellcheck")
    ours = {name for name in loaded if name.startswith("dflint")}

    assert len(ours) <= 104, sorted(ours)


FINDINGS = "FROM debian:12\nMAINTAINER me\nRUN cd /srv && apt-get install -y curl | tee log\n"
#: What parses and checks: a run that has its reports from the cache has no use for it.
CHECKING = ("dflint.cst", "dflint.semantic", "dflint.shell.", "dflint.oci", "dflint_rules",
            "dflint.lint.document", "dflint.lint.runner", "dflint.lint.rule",
            "dflint.discovery.markup")  # fmt: skip


def test_a_second_run_imports_nothing_that_checks(tmp_path):
    first = modules(tmp_path, FINDINGS, "--fail-on=never")
    second = modules(tmp_path, FINDINGS, "--fail-on=never")

    assert any(name.startswith(CHECKING) for name in first)
    assert not [name for name in second if name.startswith(CHECKING)]
    assert not (FORBIDDEN | {"re", "struct", "zlib"}) & second


def test_a_second_run_with_a_configuration_imports_nothing_that_checks(tmp_path):
    (tmp_path / "dflint.toml").write_text('ignore = ["cd-in-run"]\n')
    modules(tmp_path, FINDINGS, "--fail-on=never")
    second = modules(tmp_path, FINDINGS, "--fail-on=never")

    ours = {name for name in second if name.startswith(CHECKING)}
    assert ours <= {"dflint_rules", "dflint_rules._index"}
