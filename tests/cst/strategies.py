"""Strategies for texts that are nearly Dockerfiles."""

from __future__ import annotations

from hypothesis import strategies as st

KEYWORDS = (
    "FROM", "RUN", "CMD", "LABEL", "MAINTAINER", "EXPOSE", "ENV", "ADD", "COPY", "ENTRYPOINT",
    "VOLUME", "USER", "WORKDIR", "ARG", "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL",
    "from", "Run", "FOO", "ONBUILD RUN", "ONBUILD ENV", "HEALTHCHECK CMD",
)  # fmt: skip
PIECES = (
    "a", "b=c", 'x="y z"', "'q r'", "--flag=v", "--", "--mount=type=bind,from=x", '["a", "b"]',
    "['a']", "[1]", "$x", "${y:-z}", "\\ ", '\\"', "é", "\xa0", "<<EOF", "<<-'END'", "<< E", "&&",
    "\\\n", "\\  \n", "\\\n# c\n", "\\\n\n  ", "`\n", "\t", "  ", ".", "/", "AS", '"', "'", "\r",
    "\\\r\n", "]", "[",
)  # fmt: skip
LINES = ("# comment\n", "\n", "  \n", "EOF\n", "\tEND\n", "E\n", "# escape=`\n", "# syntax=x\n")


@st.composite
def dockerfiles(draw):
    """A text of instructions, comments, heredoc ends and directives in any order."""
    parts = [
        draw(st.sampled_from(("", "\ufeff", "# escape=`\n", " # escape=`\n", "# check=skip=all\n")))
    ]
    for _ in range(draw(st.integers(0, 8))):
        if draw(st.integers(0, 3)) == 0:
            parts.append(draw(st.sampled_from(LINES)))
            continue
        pieces = draw(st.lists(st.sampled_from(PIECES), max_size=6))
        parts.append(draw(st.sampled_from(("", "", "  ", "\t"))))
        parts.append(draw(st.sampled_from(KEYWORDS)))
        parts.append(draw(st.sampled_from((" ", "", "\t", "  "))))
        parts.append(draw(st.sampled_from((" ", "", "  "))).join(pieces))
        parts.append(draw(st.sampled_from(("\n", "\n", "\r\n", ""))))
    return "".join(parts)
