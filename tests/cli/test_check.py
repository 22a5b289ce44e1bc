"""`dflint check` as people run it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from dflint.cli.main import main

BAD = 'FROM debian:12\nMAINTAINER me\nCMD a\nCMD ["b"]\n'
GOOD = 'FROM debian:12\nCMD ["b"]\n'


def run(capfdbinary, *argv):
    status = main(list(argv))
    sys.stdout.flush()
    sys.stdout.buffer.flush()
    out, err = capfdbinary.readouterr()
    return status, out.decode(), err.decode()


def command(*argv, **options):
    program = [sys.executable, "-m", "dflint", *argv]
    return subprocess.run(program, capture_output=True, text=True, timeout=60, **options)


def test_clean_file_exits_with_0(here, capfdbinary):
    (here / "Dockerfile").write_text(GOOD)

    status, out, err = run(capfdbinary, "check", "Dockerfile")

    assert status == 0
    assert "no findings" in out
    assert err == ""


def test_findings_exit_with_1_and_show_the_place(here, capfdbinary, snapshot):
    (here / "Dockerfile").write_text(BAD)

    status, out, _ = run(capfdbinary, "check", "--select", "DL4000,DL4003", "Dockerfile")

    assert status == 1
    assert out == snapshot


def test_the_verb_may_be_left_out_and_the_folder_too(here, capfdbinary):
    (here / "app").mkdir()
    (here / "app" / "web.Dockerfile").write_text(BAD)

    status, out, _ = run(capfdbinary, "--output-format=concise", "--select=DL4000")

    assert status == 1
    assert out.startswith(os.path.join("app", "web.Dockerfile") + ":2:1: ")


def test_standard_input_has_the_name_that_is_given(here, monkeypatch, capfdbinary):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))

    status, out, _ = run(
        capfdbinary, "check", "-", "--stdin-filename", "x/Dockerfile", "--output-format", "concise"
    )

    assert status == 1
    assert out.startswith("x/Dockerfile:")


def test_every_format_gives_the_same_number_of_findings(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)
    from dflint.cli.options import FORMATS

    for form in FORMATS:
        status, out, _ = run(
            capfdbinary, "check", "--select=DL4000,DL4003", "--output-format", form, "."
        )
        assert status == 1, form
        assert out.count("maintainer-deprecated") >= 1, form
        assert out.count("multiple-cmd") >= 1, form


def test_output_goes_to_a_file(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)

    status, out, _ = run(
        capfdbinary, "check", "--output-format=json", "--output-file=out.json", "Dockerfile"
    )

    assert (status, out) == (1, "")
    assert json.loads((here / "out.json").read_text())["files"][0]["path"] == "Dockerfile"


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ((), 1),
        (("--fail-on", "error"), 0),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "never"), 0),
        (("--severity-threshold", "error"), 0),
        (("--ignore", "maintainer-deprecated"), 0),
    ],
)
def test_exit_status_follows_levels(here, capfdbinary, options, status):
    (here / "Dockerfile").write_text("FROM debian:12\nMAINTAINER me\n")

    assert run(capfdbinary, "check", "--select=maintainer-deprecated", *options, ".")[0] == status


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("check", "--select", "no-such-rule", "."), "unknown rule `no-such-rule`"),
        (("check", "--ignore", "multiple-cmds", "."), "did you mean `multiple-cmd`"),
        (("check", "--jobs", "many", "."), "expected a number from 1"),
        (("check", "-", "Dockerfile"), "expected no other path"),
        (("check", "--config", "missing.toml", "."), "missing.toml"),
        (("tree",), "expected one file, found 0"),
        (("tree", "missing"), "no such file"),
        (("rule", "nothing-like-it-at-all"), "unknown rule"),
        (("check", "--diff-base", "HEAD", "."), ""),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(here, capfdbinary, argv, message):
    (here / "Dockerfile").write_text(GOOD)

    status, _, err = run(capfdbinary, *argv)

    assert status == 2
    assert message in err.lower() or message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("check", "--selekt", "x"), "did you mean `--select`?"),
        (("check", "--output-format", "yaml"), "invalid choice"),
        (("check", "--select"), "expected one argument"),
    ],
)
def test_wrong_options_are_explained(here, capfdbinary, argv, message):
    with pytest.raises(SystemExit) as caught:
        main(list(argv))

    assert caught.value.code == 2
    assert message in capfdbinary.readouterr()[1].decode()


@pytest.mark.parametrize("argv", [("--help",), ("check", "--help"), ("tree", "-h"), ("--version",)])
def test_help_and_version_exit_with_0(here, capfdbinary, argv):
    with pytest.raises(SystemExit) as caught:
        main(list(argv))

    assert caught.value.code == 0
    assert b"dflint" in capfdbinary.readouterr()[0]


def test_missing_file_is_reported_beside_the_others(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)

    status, out, _ = run(capfdbinary, "check", "--output-format=concise", "gone", "Dockerfile")

    assert status == 2
    assert "gone" in out
    assert "Dockerfile:2:1" in out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_fifo_is_named_for_what_it_is_and_not_waited_for(here, capfdbinary):
    os.mkfifo(here / "Dockerfile")

    status, out, _ = run(capfdbinary, "check", "Dockerfile")

    assert status == 2
    assert "FIFO" in out


def test_unreadable_file_is_reported(here):
    if os.geteuid() == 0:
        pytest.skip("root can read every file")
    file = here / "Dockerfile"
    file.write_text(GOOD)
    file.chmod(0)

    done = command("check", "Dockerfile", cwd=here)

    assert done.returncode == 2
    assert "permission denied" in done.stdout


def test_ten_megabytes_are_checked(here, capfdbinary):
    (here / "Dockerfile").write_text("FROM debian:12\n" + "# comment\n" * 1_000_000)

    assert run(capfdbinary, "check", "Dockerfile")[0] == 0


def test_template_is_passed_over_with_a_note(here, capfdbinary):
    (here / "Dockerfile").write_text("FROM {{ base }}\n{% if x %}\nRUN a\n{% endif %}\n")

    status, out, _ = run(capfdbinary, "check", "Dockerfile")

    assert status == 0
    assert "template" in out


def test_nearest_configuration_counts(here, capfdbinary):
    (here / "dflint.toml").write_text('select = ["maintainer-deprecated"]\n')
    (here / "Dockerfile").write_text(BAD)
    below = here / "below"
    below.mkdir()
    (below / "Dockerfile").write_text(BAD)
    (below / "pyproject.toml").write_text('[tool.dflint]\nselect = ["multiple-cmd"]\n')

    _, out, _ = run(capfdbinary, "check", "--output-format=concise", ".")

    rules = [line.split(":")[0] + " " + line.rsplit("[", 1)[1] for line in out.splitlines()]
    assert sorted(rules) == [
        "Dockerfile maintainer-deprecated]",
        os.path.join("below", "Dockerfile") + " multiple-cmd]",
    ]


def test_wrong_configuration_exits_with_2_and_names_file_and_key(here, capfdbinary):
    (here / "dflint.toml").write_text('selects = ["x"]\n')
    (here / "Dockerfile").write_text(BAD)

    status, _, err = run(capfdbinary, "check", ".")

    assert status == 2
    assert "dflint.toml" in err
    assert "selects" in err


def test_suppressed_findings_are_shown_when_asked_for(here, capfdbinary):
    (here / "Dockerfile").write_text("FROM a:1\n# dflint: ignore=DL4000 history\nMAINTAINER me\n")

    status, out, _ = run(capfdbinary, "check", "--output-format=json", "--show-suppressed", ".")

    (report,) = json.loads(out)["files"]
    assert status == 0
    assert [one["rule"] for one in report["suppressed"]] == ["maintainer-deprecated"]


def test_quiet_leaves_out_notes_and_the_summary(here, capfdbinary):
    (here / "Dockerfile").write_text(GOOD)
    (here / "Dockerfile.j2").write_text("FROM {{ x }}\n")

    assert run(capfdbinary, "check", "--quiet", ".") == (0, "", "")
    assert "no findings" in run(capfdbinary, "check", ".")[1]


def test_statistics_count_by_rule(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)

    _, out, _ = run(capfdbinary, "check", "--statistics", "--select=DL4000,DL4003", ".")

    assert "maintainer-deprecated" in out
    assert "multiple-cmd" in out


def test_only_changed_lines_are_reported_from_a_base(here, capfdbinary):
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    (here / "Dockerfile").write_text("FROM a:1\nMAINTAINER me\n")
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    (here / "Dockerfile").write_text("FROM a:1\nMAINTAINER me\nMAINTAINER you\n")

    _, out, _ = run(
        capfdbinary, "check", "--diff-base=HEAD", "--select=DL4000", "--output-format=concise", "."
    )

    assert [line.split(":")[1] for line in out.splitlines()] == ["3"]


def test_many_files_in_several_processes_give_the_same_as_in_one(here, capfdbinary):
    for at in range(100):
        (here / f"{at:03}.Dockerfile").write_text(BAD if at % 3 else GOOD)
    options = ("check", "--no-cache", "--output-format=concise")

    _, one, _ = run(capfdbinary, *options, "--jobs=1", ".")
    _, three, _ = run(capfdbinary, *options, "--jobs=3", ".")

    assert one == three
    assert one.count("maintainer-deprecated") == 66


def test_broken_pipe_is_quiet(here):
    for at in range(300):
        (here / f"{at:03}.Dockerfile").write_text(BAD)

    shell = f"{sys.executable} -m dflint check --output-format=text . | head -1"
    done = subprocess.run(shell, shell=True, cwd=here, capture_output=True, text=True, timeout=60)

    assert done.stderr == ""


def test_module_runs_as_a_program(here):
    (here / "Dockerfile").write_text(BAD)

    done = command("Dockerfile", cwd=here)

    assert done.returncode == 1
    assert "maintainer-deprecated" in done.stdout


def test_rules_are_listed_and_explained(here, capfdbinary):
    _, table, _ = run(capfdbinary, "rules")
    _, records, _ = run(capfdbinary, "rules", "--format", "json")
    _, page, _ = run(capfdbinary, "rule", "DL4003")

    names = {record["name"] for record in json.loads(records)}
    assert {line.split()[0] for line in table.splitlines()} == names
    assert page.startswith("# multiple-cmd\n")


def test_index_of_the_rules_is_printed_as_it_stands_in_the_documentation(here, capfdbinary):
    _, index, _ = run(capfdbinary, "rules", "--format", "markdown")

    assert "| [multiple-cmd](multiple-cmd.md) | warning | on | [DL4003](" in index


def test_several_rules_are_explained_one_after_the_other(here, capfdbinary):
    _, text, _ = run(capfdbinary, "rule", "DL4003", "latest-tag")

    assert text.startswith("# multiple-cmd\n")
    assert "\n\n# latest-tag\n" in text


def test_page_has_no_marks_of_markdown_on_a_terminal(here, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    main(["rule", "latest-tag"])

    out = capsys.readouterr().out
    assert out.startswith("latest-tag\n")
    assert "\n    FROM node:latest\n" in out
    assert "```" not in out


def test_sarif_carries_the_page_of_a_rule(here, capfdbinary):
    (here / "Dockerfile").write_text(BAD)

    _, out, _ = run(capfdbinary, "check", "--select=DL4003", "--output-format=sarif", "Dockerfile")
    _, page, _ = run(capfdbinary, "rule", "DL4003")

    rule = json.loads(out)["runs"][0]["tool"]["driver"]["rules"][0]
    assert rule["help"]["markdown"] == page
    assert rule["help"]["text"].startswith("An image holds one default command.")
    assert rule["helpUri"].endswith("/docs/rules/multiple-cmd.md")
    assert len(rule["fullDescription"]["text"]) <= 1024


def test_hadolint_configuration_is_migrated(here, capfdbinary):
    (here / ".hadolint.yaml").write_text(
        "ignored:\n  - DL4000\ntrustedRegistries:\n  - docker.io\n"
    )

    status, out, _ = run(capfdbinary, "config", "migrate")

    assert status == 0
    assert "DL4000" in out
    assert 'trusted-registries = ["docker.io"]' in out


def test_tree_and_what_a_builder_reads_are_printed(here, capfdbinary, snapshot):
    text = "# syntax=x\nFROM a AS b\n\n# c\nRUN --mount=type=cache,target=/x a \\\n  # d\n  b\n"
    (here / "Dockerfile").write_text(text + 'COPY <<E /x\nhi\nE\nONBUILD ENV a="b c"\nFOO\n')

    _, tree, _ = run(capfdbinary, "tree", "Dockerfile")
    _, view, _ = run(capfdbinary, "tree", "--format", "json", "Dockerfile")

    assert tree == snapshot
    assert json.loads(view) == snapshot


def test_the_context_is_told_on_the_command_line_or_in_the_configuration(here, capfdbinary):
    (here / "docker").mkdir()
    (here / "docker" / "Dockerfile").write_text("FROM debian:12\nCOPY dist /dist\n")
    (here / ".dockerignore").write_text("dist\n")
    words = ("check", "--select", "copy-ignored", "--output-format", "concise")

    assert run(capfdbinary, *words, "docker/Dockerfile")[0] == 0
    status, out, _ = run(capfdbinary, *words, "--context", ".", "docker/Dockerfile")
    assert status == 1
    assert "`dist` in `.dockerignore` keeps `dist` out of the build context" in out
    (here / "docker" / "dflint.toml").write_text('context = ".."\n')
    assert run(capfdbinary, *words, "docker/Dockerfile")[0] == 1


def test_a_context_that_is_no_folder_is_wrong_usage(here, capfdbinary):
    (here / "Dockerfile").write_text(GOOD)

    status, _, err = run(capfdbinary, "check", "--context", "nowhere", "Dockerfile")

    assert status == 2
    assert "--context: `nowhere` is no folder" in err
