"""The value of a word of a Dockerfile, exactly as BuildKit 0.32 works it out.

The reference describes it under "Environment replacement". Beyond what is written there: names
may have any letter of Unicode, positional and special parameters (`$1`, `$@`, `$#`) are empty, the
escape character is a backslash or a backtick, and `ENV`, `LABEL` and the like take one word where
`EXPOSE` takes as many as come out.
"""

from __future__ import annotations

from dflint.semantic.expand_lexer import WordLexer
from dflint.semantic.expand_values import (
    RESULT_LIMIT,
    Expansion,
    ExpansionError,
    Reference,
)
from dflint.text.go_quote import go_quote as quote
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict, Unpack

    from dflint.semantic.expand_values import Environment
    from dflint.semantic.expand_words import WordSplitter

    class Options(TypedDict, total=False):
        """How to read a word otherwise than an instruction's arguments are read.

        Quotes stay in the result with `raw_quotes` and mean nothing with `skip_quotes` (heredocs);
        escape characters stay with `raw_escapes`, references to what is not set with
        `keep_unset`. A result longer than `limit` code points is cut.
        """

        raw_quotes: bool
        raw_escapes: bool
        keep_unset: bool
        skip_quotes: bool
        limit: int


__all__ = [
    "RESULT_LIMIT",
    "Expansion",
    "ExpansionError",
    "Reference",
    "evaluate_word",
    "evaluate_words",
    "expand_word",
    "expand_words",
    "quote",
]

_REFERENCE = LazyPattern(r"\$(?:([A-Za-z_][A-Za-z0-9_]*+)|\{([A-Za-z_][A-Za-z0-9_]*+)\})")


def evaluate_word(
    text: str, env: Environment, escape: str = "\\", **options: Unpack[Options]
) -> Expansion:
    """The one word that a word gives; a failure is its `error`.

    `env` is a mapping or a function, `escape` the escape character of the Dockerfile.
    """
    if not options:
        if _is_plain(text, escape):
            return Expansion(text)
        if len(text) > 1 and text[0] == text[-1] == '"' and _is_plain(text[1:-1], escape):
            return Expansion(text[1:-1])
        expansion = _evaluate_references(text, env, escape)
        if expansion is not None:
            return expansion
    return _evaluate(text, env, escape, None, options)


def evaluate_words(
    text: str, env: Environment, escape: str = "\\", **options: Unpack[Options]
) -> Expansion:
    """The words that a word gives: values are parted at white space; a failure is its `error`."""
    is_plain = not options and _is_plain(text, escape)
    if is_plain and text.isprintable() and " " not in text:  # nor any other white space
        return Expansion(text, (text,) if text else ())
    from dflint.semantic.expand_words import WordSplitter

    splitter = WordSplitter()
    if is_plain:
        splitter.add(text, whole=False)
        return Expansion(text, splitter.words())
    return _evaluate(text, env, escape, splitter, options)


def expand_word(
    text: str, env: Environment, escape: str = "\\", **options: Unpack[Options]
) -> Expansion:
    """As `evaluate_word`, but a failure raises ExpansionError."""
    if _is_plain(text, escape) and not options:
        return Expansion(text)
    return _require(_evaluate(text, env, escape, None, options))


def expand_words(
    text: str, env: Environment, escape: str = "\\", **options: Unpack[Options]
) -> Expansion:
    """As `evaluate_words`, but a failure raises ExpansionError."""
    return _require(evaluate_words(text, env, escape, **options))


def _is_plain(text: str, escape: str) -> bool:
    return (
        "$" not in text
        and escape not in text
        and '"' not in text
        and "'" not in text
        and not text.startswith("\ufeff")
        and len(text) <= RESULT_LIMIT
    )


def _evaluate_references(text: str, env: Environment, escape: str) -> Expansion | None:
    """What most words with variables give, in which there is no more than `$name` and `${name}`.

    They may be in double quotes all through. None where anything else is in them.
    """
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    inner = text[1:-1] if is_quoted else text
    if not inner.isascii() or '"' in inner or escape in inner or ("'" in inner and not is_quoted):
        return None
    found = list(_REFERENCE.get().finditer(inner))
    if len(found) != inner.count("$"):
        return None
    get = env if callable(env) else env.get
    parts: list[str] = []
    references: list[Reference] = []
    at = 0
    for one in found:
        start, end = one.span()
        name = one[1] or one[2]
        value = get(name)
        span = Span(start + is_quoted, end + is_quoted)
        references.append(Reference(name, span, value is not None))
        parts += inner[at:start], value or ""
        at = end
    parts.append(inner[at:])
    result = "".join(parts)
    return Expansion(result, (), tuple(references)) if len(result) <= RESULT_LIMIT else None


def _evaluate(
    text: str, env: Environment, escape: str, splitter: WordSplitter | None, options: Options
) -> Expansion:
    get = env if callable(env) else env.get
    lexer = WordLexer(text, get, escape, splitter, **options)
    error = None
    try:
        result = lexer.run()
    except ExpansionError as failure:
        error, result, splitter = failure, text, None
    references = tuple(sorted(lexer.references, key=_begin))
    if error is not None:
        error.references = references
    words = () if splitter is None else splitter.words()
    return Expansion(result, words, references, lexer.cut, error)


def _begin(reference: Reference) -> int:
    return reference.span.start


def _require(expansion: Expansion) -> Expansion:
    if expansion.error is not None:
        raise expansion.error
    return expansion
