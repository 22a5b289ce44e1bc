"""A command that cleans up is put where it runs after others, and fails nothing by itself."""

from __future__ import annotations

import subprocess

import pytest

from dflint.lint.document import Document
from dflint.semantic.cleanups import cleanup_edits
from dflint.semantic.later_runs import has_hidden_script
from dflint.semantic.package_lists import serve_later_run
from dflint.text.edit import apply_edits
from dflint.text.source import Source


def document(text):
    return Document(Source("Dockerfile", text.encode()))


def cleaned(text):
    doc = document(text)
    users = [
        (program, call.command) for program in doc.programs for call in program.invocations_of("x")
    ]
    edits = cleanup_edits(users, "rm -rf /c/*")
    return None if edits is None else apply_edits(text, edits)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN x a\n", "RUN x a && rm -rf /c/*\n"),
        ("RUN x a && x b > /dev/null && c\n", "RUN x a && x b > /dev/null && rm -rf /c/* && c\n"),
        ("RUN x a; x b; c\n", "RUN x a; x b && rm -rf /c/*; c\n"),
        ("RUN x a || exit 1; c\n", "RUN x a && rm -rf /c/* || exit 1; c\n"),
        ("RUN x a || x b\n", "RUN x a || x b && rm -rf /c/*\n"),
        ("RUN x a || (sleep 1; x a)\n", "RUN x a || (sleep 1; x a) && rm -rf /c/*\n"),
        ("RUN yes | x a && b\n", "RUN yes | x a && rm -rf /c/* && b\n"),
        ("RUN for i in 1 2; do x $i; done\n", "RUN for i in 1 2; do x $i; done && rm -rf /c/*\n"),
        ("RUN if a; then x b; fi\n", "RUN if a; then x b && rm -rf /c/*; fi\n"),
        ("RUN x && if a; then x b; fi\n", "RUN x && if a; then x b; fi && rm -rf /c/*\n"),
        ("RUN sudo -E A=1 x a\n", "RUN sudo -E A=1 x a && sudo rm -rf /c/*\n"),
        ("RUN timeout 9 x a\n", "RUN timeout 9 x a && rm -rf /c/*\n"),
        ("RUN bash -c 'x a && b'\n", "RUN bash -c 'x a && rm -rf /c/* && b'\n"),
        ("RUN x a && bash -c 'x b'\n", "RUN x a && bash -c 'x b' && rm -rf /c/*\n"),
        (
            "RUN a && \\\n    x b \\\n    c\n",
            "RUN a && \\\n    x b \\\n    c && \\\n    rm -rf /c/*\n",
        ),
        ("RUN a \\\n # c\n && x b\n", "RUN a \\\n # c\n && x b \\\n && rm -rf /c/*\n"),
        ("RUN x a \\\r\n  b\r\n", "RUN x a \\\r\n  b \\\r\n  && rm -rf /c/*\r\n"),
        ("RUN bash -c 'x a && \\\n  b'\n", "RUN bash -c 'x a && rm -rf /c/* && \\\n  b'\n"),
        ("RUN x a \\\n && x b && c\n", "RUN x a \\\n && x b && rm -rf /c/* && c\n"),
        ("RUN <<E\nx a # why\nb\nE\n", "RUN <<E\nx a && rm -rf /c/* # why\nb\nE\n"),
    ],
)
def test_it_stands_behind_the_last_call(before, after):
    assert cleaned("FROM a\n" + before) == "FROM a\n" + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN set -e; x a; b\n", "RUN set -e; x a; rm -rf /c/*; b\n"),
        ("RUN set -e; x a && x b; c\n", "RUN set -e; x a && x b; rm -rf /c/*; c\n"),
        ("RUN set -e; x a && b; c\n", "RUN set -e; x a && rm -rf /c/* && b; c\n"),
        ("RUN set -e; a; x b\n", "RUN set -e; a; x b && rm -rf /c/*\n"),
        ("RUN set -e; \\\n  x a; \\\n  b\n", "RUN set -e; \\\n  x a; \\\n  rm -rf /c/*; \\\n  b\n"),
        ("RUN <<E\nset -e\n  x a\nb\nE\n", "RUN <<E\nset -e\n  x a\n  rm -rf /c/*\nb\nE\n"),
        ("RUN <<E\nset -e\nx a # c\nb\nE\n", "RUN <<E\nset -e\nx a; rm -rf /c/* # c\nb\nE\n"),
        ('SHELL ["bash", "-ec"]\nRUN x a; b\n', 'SHELL ["bash", "-ec"]\nRUN x a; rm -rf /c/*; b\n'),
        ("RUN set -e; (x a; b) || c\n", None),
    ],
)
def test_a_shell_that_ends_at_a_failure_still_does(before, after):
    assert cleaned("FROM a\n" + before) == (None if after is None else "FROM a\n" + after)


@pytest.mark.parametrize(
    "text",
    [
        'RUN ["x", "a"]\n',
        "RUN f() { x a; }; f\n",
        "RUN x a & b\n",
        "RUN ! x a\n",
        "RUN x a; echo $?\n",
        "RUN set -f; x a\n",
        "RUN chroot /r x a\n",
        "RUN sudo -u b x a\n",
        "RUN x a && su b -c 'x c'\n",
        "RUN cat <<E && x a\nb\nE\n",
        "RUN echo $(x a)\n",
        "RUN sh -c x\\ a\\;b\n",
    ],
)
def test_nothing_is_done_where_it_is_not_certain_what_it_would_do(text):
    assert cleaned("FROM a\n" + text) is None


@pytest.mark.parametrize(
    ("later", "wanted"),
    [
        ("RUN apt-get install b\n", True),
        ("RUN apt-cache policy b\n", True),
        ("RUN apt-get update && apt-get install b\n", False),
        ("RUN apt-get install b; apt-get update\n", True),
        ("RUN apt-get update\nRUN apt-get install b\n", False),
        ("FROM a AS c\nRUN apt-get install b\n", True),
        ("FROM d\nRUN apt-get install b\n", False),
        ("ARG V\nFROM ${V}\nRUN apt-get install b\n", True),
        ("ONBUILD RUN apt-get install b\n", True),
    ],
)
def test_lists_are_wanted_by_what_installs_without_an_update(later, wanted):
    doc = document("FROM d AS a\nRUN apt-get update\n" + later)

    assert serve_later_run(doc.programs[0], doc.runs) is wanted


@pytest.mark.parametrize(
    ("command", "hidden"),
    [
        ("./setup", True),
        ("bash /tmp/a", True),
        ("curl u | sh", True),
        ("install.sh", True),
        ("$X y", True),
        ("./configure", False),
        ("/venv/bin/pip install x", False),
        ("sh -c 'make'", False),
        ("make install", False),
    ],
)
def test_scripts_that_the_file_does_not_show(command, hidden):
    doc = document(f"FROM a\nRUN {command}\n")

    assert has_hidden_script(doc.programs) is hidden


# Each command tells that it runs, and fails if its number is among those that are to.
_PRELUDE = """
n=0
a() { n=$((n+1)); echo "$0 $n"; case " $FAILING " in *" $n "*) return 3;; esac; }
x() { echo x; a; }
b() { a; }
c() { a; }
clean() { echo clean; }
"""


def outcome(script, failing):
    """What runs, in order, and the status in the end."""
    environment = {"FAILING": failing, "PATH": "/usr/bin:/bin"}
    body = _PRELUDE + script
    done = subprocess.run(
        ["sh", "-c", body, "ran"], env=environment, capture_output=True, text=True, check=False
    )
    return [line for line in done.stdout.splitlines() if line != "clean"], done.returncode, done


@pytest.mark.parametrize(
    "script",
    [
        "x && b",
        "a && x && b || c",
        "x; b",
        "set -e; x; b",
        "set -e; x && a; b",
        "set -e; a && x && b; c",
        "set -e; a; x",
        "set -e; a; x || b; c",
        "set -e; if a; then x; fi; b",
        "if a; then x; else b; fi; c",
        "set -e; (x; b); c",
        "{ a && x; } && b",
        "set -e; for i in 1 2; do x; done; b",
        "x || (b; x) && c",
        "set -e; { a; x; } ; b",
        "case $n in 0) x;; *) b;; esac && c",
        "set -e; set +e; x; b",
        "a && if b; then x; fi && c",
    ],
)
def test_what_runs_and_how_it_ends_is_what_it_was(script):
    doc = document(f"FROM a\nRUN {script}\n")
    users = [(one, call.command) for one in doc.programs for call in one.invocations_of("x")]
    edits = cleanup_edits(users, "clean")
    assert edits is not None
    edited = apply_edits(doc.text, edits).removeprefix("FROM a\nRUN ")

    for failing in ("", "1", "2", "3", "1 2", "2 3", "1 2 3"):
        before, after = outcome(script, failing), outcome(edited, failing)
        assert after[:2] == before[:2], (edited, failing)
        assert "clean" not in after[2].stdout or "x" in after[0], (edited, failing)
    assert "clean" in outcome(edited, "")[2].stdout


@pytest.mark.parametrize(
    ("script", "is_certain"),
    [
        ("x", True),
        ("a || x && b", False),
        ("a || x", False),
        ("x || x", True),
        ("a && x || x", True),
        ("x; a || x", True),
        ("a && x; b || x", False),
        ("set -e; a || x; b", False),
        ("set -e; a && x; b", False),
        ("set -e; x; a && x; b", True),
        ("a || { x; }", True),
        ("a || { x; }; b && x", True),
        ("if a; then x; fi", True),
        ("if a; then x; fi; if a; then x; fi", False),
        ("if x; then b; fi; if a; then x; fi", True),
        ("if a; then x; else x; fi", True),
        ("if a; then x; elif b; then x; fi", False),
        ("if a; then x; elif b; then x; else x; fi", True),
        ("case $n in 0) x;; *) x;; esac", False),
        ("for i in 1 2; do x; done", True),
        ("a | x", True),
    ],
)
def test_a_cleanup_stands_where_something_has_run(script, is_certain):
    doc = document(f"FROM a\nRUN {script}\n")
    users = [(one, call.command) for one in doc.programs for call in one.invocations_of("x")]

    assert (cleanup_edits(users, "clean") is not None) is is_certain
    assert cleanup_edits(users, "rm -rf y") is not None
