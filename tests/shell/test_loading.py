"""What is imported, and when."""

from __future__ import annotations

import subprocess
import sys

LAZY = """
import sys
from dflint.shell import dialect
from dflint.shell.script import read_shell_form
script = read_shell_form("a && b")
assert script.mentions("a") and script.text
print(any("tree_sitter" in name for name in sys.modules))
script.commands
print(sorted({"typing", "pathlib", "importlib.resources", "tree_sitter"} & set(sys.modules)))
import tree_sitter
import tree_sitter_bash
language = tree_sitter.Language(tree_sitter_bash.language())
print(isinstance(tree_sitter.Parser(language).parse(b"a"), tree_sitter.Tree))
print(read_shell_form("c | d").commands)
"""


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_the_grammar_is_loaded_when_asked_for_and_its_packages_can_be_imported_later():
    assert run(LAZY) == ["False", "[]", "True", "(Command('c'), Command('d'))"]


def test_packages_that_are_imported_before_are_used():
    code = "import tree_sitter, tree_sitter_bash\n" + LAZY.replace("print(any", "(any")

    assert run(code)[1:] == ["True", "(Command('c'), Command('d'))"]
