"""What shows that instructions are not to be put together: the file is made of this one."""

from __future__ import annotations

import re

from dflint.text.lazy_pattern import LazyPattern

#: What tells that the file is made of this one, and one of two instructions may not be in it; or
#: that a formatter leaves one of them alone.
MARKUP = LazyPattern(
    r"\{\{|\{%|<%|^[ \t]*+#(?:if|ifdef|ifndef|elif|[ \t]*+else|[ \t]*+endif"
    r"|[ \t]*+dflint:[ \t]*+format)\b[^\n]*+$",
    re.MULTILINE,
)
