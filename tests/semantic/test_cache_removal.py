"""Commands that remove the files of a cache again."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.semantic.package_caches import leftover_caches
from dflint.text.source import Source


@pytest.mark.parametrize(
    ("removal", "is_left"),
    [
        ("rm -rf /var/lib/apt/lists/*", False),
        ("cd /var/lib/apt && rm -rf lists", False),
        ("cd /var && rm -rf lib/", False),
        ("cd /var/lib/apt/lists && rm -rf ./*", False),
        ("cd /var/lib/apt/lists/partial && rm -rf ..", False),
        ("cd / && rm -rf {tmp,var}", False),
        ("D=/var/lib/apt && rm -rf $D/lists", False),
        ("cd /var/lib/apt && rm -f lists.tar", True),
        ("cd /var && rm -rf log/", True),
        ("rm a.tar.gz", True),
    ],
)
def test_lists_are_left_unless_a_path_leads_to_them(removal, is_left):
    doc = Document(Source("Dockerfile", f"FROM a\nRUN apt-get update && {removal}\n".encode()))
    found = list(leftover_caches(doc.tree, doc.programs, lambda: doc.model, "apt-lists"))
    assert bool(found) is is_left
