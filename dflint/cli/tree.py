"""`dflint tree`."""

from __future__ import annotations

import sys

from dflint.errors import UsageError
from dflint.lint.document import Document
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cli.options import Arguments


def tree(arguments: Arguments) -> int:
    """Print the tree of one file, or with `--format json` what a builder reads there."""
    if len(arguments.paths) != 1:
        raise UsageError(f"tree: expected one file, found {len(arguments.paths)}")
    path = arguments.paths[0]
    source = Source.read_stdin("Dockerfile") if path == "-" else Source.read(path)
    doc = Document(source)
    if arguments.text("format") == "json":
        import json

        from dflint.engine.builder_view import builder_view

        text = json.dumps(builder_view(doc), indent=2, ensure_ascii=False) + "\n"
    else:
        from dflint.cst.dump import dump

        text = "".join(line + "\n" for line in dump(doc.tree, doc.text))
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    return 0
