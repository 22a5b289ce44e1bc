"""Whether a file is formatted is told as formatting would tell it."""

from __future__ import annotations

import random

import pytest

from dflint.format.check import is_formatted
from dflint.format.formatter import format_source
from dflint.format.options import FormatOptions
from tests.format.laws import source_of
from tests.format.scripts import near, script

OPTIONS = (
    FormatOptions(),
    FormatOptions(final_newline=False),
    FormatOptions(indent="\t", line_length=30, align="keep"),
    FormatOptions(keyword_case="lower", line_length=0),
)
TEXTS = (
    "",
    "\ufeff",
    "\n",
    "\n\n",
    "# a",
    "# a\n\n",
    "FROM a",
    "FROM a\n\n\n# b",
    "FOO \r\n# comment\nFROM\r\n",
    "FOO  \nRUN a \\ \n",
    "# c\r\nRUN a \\\r\n# c\nENV A=1\n\r\n",
    "FROM a\n\n\nRUN b\n",
    "FROM a\n# b\n\n\nRUN c\n",
    "FROM a\nRUN b \\\n\n\n\n    c\n",
    "FROM a\nRUN <<E\n\n\n\nE\n",
    "FROM a\nRUN <<E\nRUN b\n",
    "FROM a\nRUN b; c ; d\n",
    "FROM a\nRUN b  c\n",
    "FROM a as b\n",
    'FROM a\nRUN ["a","b"]\n',
    'FROM a\nRUN ["a", "b"]\n',
    "FROM a\nRUN [ -f b ] && c\n",
    'FROM a\nRUN b "$(c "d  e")"\n',
    "FROM a\nRUN b # c  d\n",
    "FROM a\nRUN b &&c\n",
    "FROM a\nRUN b && \\\n    c\n",
    "FROM a\nRUN b \\\n  && c\n",
    "FROM a\nRUN b \\\n    && c\n",
    "FROM a\nRUN b 'c && \\\n    d'\n",
    'FROM a\nRUN "b \\\n  c"\n',
    "FROM a\nRUN b\\\n  c\n",
    "FROM a\nRUN b && \\\n    \\\n    c\n",
    "FROM a\nRUN b && \\\n    # c\n",
    "FROM a\nRUN b && \\\n",
    "FROM a\nRUN b && \\\n\n    copy c\n",
    "FROM a\nRUN b \\ \n    c\n",
    "FROM a\nRUN if b; then \\\n  c\n",
    "FROM a:nanoserver\nRUN b && \\\n    c\n",
    'FROM a\nSHELL ["cmd"]\nRUN b && \\\n  c\n',
    "ARG b=nano\\\nserver\nFROM a:$b\nRUN b && \\\n    c\n",
    "FROM a:nano\\\nserver\nRUN b && \\\n    c\n",
    "FROM a\nRUN b && \\\r\n    c\r\n",
    "FROM a\r\nRUN b\r\n",
    "# escape=`\nFROM a\nRUN b && `\n    c\n",
    "# escape=`\nFROM a\nENV b=c \\\n    d=e\n",
    "FROM a\nENV b=c \\\n    d=e\n",
    "FROM a\nENV b c \\\n  d\n",
    "FROM a\nENV b=c \\\n  d=e\n",
    'FROM a\nENV b="c \\\n  d"\n',
    "FROM a\nLABEL b=c|| \\\n    d=e\n",
    "FROM a\nENV \\\n    # b\n    c=d \\\n\n    e=f\n",
    "FROM a\nENV b=c \\\n    d\n",
    "FROM a\nNONE b \\\n  c\n",
    "FROM a\nMAINTAINER b  <c>\n",
    "FROM a\n# dflint: format=off\nRUN b  c\n",
    "FROM a\n RUN b\n",
    "FROM a\nONBUILD RUN b && \\\n  c\n",
    "FROM a\nRUN --mount=type=cache,target=/b c\n",
    "FROM a\nRUN apt-get install b -t\n",
    "FROM a\nRUN b \\\n    && apt-get install c d e\n",
    "FROM a\nRUN b \\\n    && apt-get install c d\n",
    "FROM a\nRUN python -m pip install b c d \\\n    && e\n",
    "FROM a\nRUN python \\\n    -m pip install b c d\n",
    "FROM a\nRUN python -m pip install \\\n    b \\\n    c\n",
    "FROM a\nRUN B='c d' apt-get install e f g \\\n    && h\n",
    "FROM a\nRUN sudo \\\n    apk add b c d\n",
    *(f"FROM a\nRUN {word} apk add b c d \\\n    && e\n" for word in ("!", "time", "env", "exec")),
    "FROM a\nRUN command apk add b c d \\\n    && e\n",
    "FROM a\nRUN docker-php-ext-install b \\\n    c\n",
    "FROM a\nRUN time then \\\n  b\n",
    'FROM a\nRUN b "c"\\\n  # d\ne\n',
)


@pytest.fixture(params=[True, False], ids=["many", "few"])
def is_many(request):
    """Whether there are many files, of which more is told at sight."""
    return request.param


@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_a_check_and_the_formatter_agree(text, is_many):
    for options in OPTIONS:
        before = source_of(text)
        result = format_source(before, options)
        assert is_formatted(before, options, is_many) is not result.changed
        assert is_formatted(source_of(result.text), options, is_many)


@pytest.mark.parametrize("seed", range(6))
def test_they_agree_on_scripts_that_are_nearly_laid_out(seed, is_many):
    chance = random.Random(seed)
    formatted = 0
    for _ in range(250):
        options = chance.choice((FormatOptions(), *OPTIONS))
        text = script(chance)
        laid_out = format_source(source_of(text), options).text
        for given in (text, laid_out, *(near(chance, laid_out) for _ in range(3))):
            changes = format_source(source_of(given), options).changed
            assert is_formatted(source_of(given), options, is_many) is not changes, given
            formatted += not changes
    assert 400 < formatted < 1000
