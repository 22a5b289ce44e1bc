"""What judging imports: an editor does it on every fix, a check never."""

from __future__ import annotations

import subprocess
import sys

DEAR = {
    "argparse", "asyncio", "csv", "dataclasses", "difflib", "inspect", "json", "parsimonious",
    "pathlib", "socket", "subprocess", "tempfile", "typing", "urllib",
}  # fmt: skip


def modules(code):
    code = f"import sys; sys.path[:0] = {sys.path!r}; {code}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_judging_imports_nothing_dear():
    loaded = modules(
        "from dflint.text.source import Source; from dflint.lint.document import Document;"
        "from dflint.verify.plan import Effect, judge;"
        "one, other = (Document(Source('x', b'FROM a\\nRUN b' + end)) for end in (b'  c', b' c'));"
        "assert judge(one, other, Effect.NOTHING).is_accepted"
    )

    assert not DEAR & loaded
    assert "tree_sitter" not in loaded


def test_a_document_knows_nothing_of_the_graph():
    loaded = modules(
        "from dflint.text.source import Source; from dflint.lint.document import Document;"
        "Document(Source('x', b'FROM a')).problems"
    )

    assert not [name for name in loaded if name.startswith(("dflint.graph", "dflint.verify"))]
