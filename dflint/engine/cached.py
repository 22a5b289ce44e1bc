"""Reports of earlier runs, found by everything that a report follows from.

That is: the bytes of the file and its path as it is given, the configuration that holds for it,
the code (`identity.py`), what others contribute as `extra`, such as what a `.dockerignore` says or
which ShellCheck there is, and what was asked about files of the build context, with the answers.
Whatever changes one of them gives another key; nothing is ever declared out of date.
"""

from __future__ import annotations

from dflint.cache.store import digest
from dflint.config.schema import Config
from dflint.engine.report_codec import decode_report, encode_report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.cache.store import Store
    from dflint.context.build_context import BuildContext
    from dflint.engine.report import FileReport
    from dflint.text.source import Source

NOT_IN_REPORTS = frozenset(
    ("exclude", "fail_on", "format", "include", "path", "per_file_ignores", "unsafe_fixes")
)
"""The settings that change no report: what a run takes up, how it ends, how files are formatted.
Of the ignores for single files, those of the file at hand are taken instead."""


#: What begins a value that is no report but the questions on which one depends.
_QUESTIONS = b"?\0"


class ResultCache:
    """The reports in a store, made by the code with a certain identity."""

    __slots__ = ("_code", "_settings", "store")

    def __init__(self, store: Store, code: bytes) -> None:
        self.store = store
        self._code = code
        self._settings: dict[int, tuple[Config, bytes]] = {}

    def key(self, source: Source, config: Config, extra: bytes = b"") -> bytes:
        """What the report on a source under a configuration is found by."""
        known = self._settings.get(id(config))
        if known is None:
            # The configuration is kept, so that no other one can get its id.
            known = self._settings[id(config)] = (config, settings_of(config))
        ignored = config.ignored_for(source.path)
        about = repr((source.path, ignored, extra)).encode("utf-8", "surrogatepass")
        # Everything in front of the file's bytes has a known length, so that nothing can shift.
        length = len(about).to_bytes(8, "little")
        return digest(b"".join((self._code, known[1], length, about, source.data)))

    def lookup(
        self, key: bytes, path: str, context: Callable[[], BuildContext | None] | None = None
    ) -> FileReport | None:
        """The report with that key on the file at `path`, if there is one.

        Where the report follows from files of the build context too, what stands under the key
        are the questions that were asked, and the report is found by the answers of today.
        """
        value = self.store.get(key)
        if value is not None and value.startswith(_QUESTIONS):
            text = value[len(_QUESTIONS) :].decode("utf-8", "surrogatepass")
            asked = None if context is None else context()
            if asked is None:
                return None
            value = self.store.get(_answered(key, asked, text.split("\0")))
        if value is None:
            return None
        try:
            return decode_report(path, value)
        except ValueError:
            return None

    def keep(self, key: bytes, report: FileReport, context: BuildContext | None = None) -> None:
        """Keep a report for later runs, unless it is about a failure.

        `context` is the build context that was asked, with what was asked.
        """
        value = encode_report(report)
        if value is None:
            return
        if context is None or not context.asked:
            self.store.put_many(((key, value),))
            return
        questions = sorted(context.asked)
        about = _QUESTIONS + "\0".join(questions).encode("utf-8", "surrogatepass")
        self.store.put_many(((key, about), (_answered(key, context, questions), value)))


def _answered(key: bytes, context: BuildContext, questions: list[str]) -> bytes:
    """What a report is found by that follows from answers."""
    answers = repr([(question, context.answer(question)) for question in questions])
    return digest(key + answers.encode("utf-8", "surrogatepass"))


def settings_of(config: Config) -> bytes:
    """Sixteen bytes that stand for the settings, all of them but those that change no report."""
    names = (name for name in Config.__slots__ if name not in NOT_IN_REPORTS)
    values = [(name, plain(getattr(config, name))) for name in names]
    return digest(repr(values).encode("utf-8", "surrogatepass"))


def plain(value: object) -> object:
    """The value with tuples and plain numbers in the place of everything else.

    Raises TypeError for a type of which it is not known whether `repr` tells values apart.
    """
    if value is None or type(value) in (str, bytes, bool, int, float):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, dict):
        return ("{}", *sorted((name, plain(one)) for name, one in value.items()))
    if isinstance(value, tuple | list):
        return tuple([plain(one) for one in value])
    raise TypeError(f"a setting of the type `{type(value).__name__}` has no place in a key")
