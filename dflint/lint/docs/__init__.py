"""What is written of the rules: their pages, their index, and what of other tools they cover.

`python -m dflint.lint.docs` writes it below `docs/`; `dflint rule`, SARIF and editors show the
same pages. Nothing of it is imported where files are checked.
"""

from __future__ import annotations

from dflint.lint.docs.rule_index import rule_index
from dflint.lint.docs.rule_page import explanation, page, page_url
from dflint.lint.docs.shellcheck_page import shellcheck_page

__all__ = ["explanation", "page", "page_url", "rule_index", "shellcheck_page"]
