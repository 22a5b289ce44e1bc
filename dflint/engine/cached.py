"""Reports and fixes of earlier runs, found by everything that they follow from.

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
    from dflint.engine.report import FileReport, FixedFile
    from dflint.text.source import Source

    AskContext = Callable[[], BuildContext | None]

NOT_IN_REPORTS = frozenset(
    ("exclude", "fail_on", "format", "include", "path", "per_file_ignores", "unsafe_fixes")
)
"""The settings that change no report: what a run takes up, how it ends, how files are formatted.
Of the ignores for single files, those of the file at hand are taken instead."""


#: What begins a value that is no report but the questions on which one depends.
_QUESTIONS = b"?\0"


class ResultCache:
    """The reports and fixes in a store, made by the code with a certain identity."""

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

    def lookup(self, key: bytes, path: str, context: AskContext | None = None) -> FileReport | None:
        """The report with that key on the file at `path`, if there is one.

        Where the report follows from files of the build context too, what stands under the key
        are the questions that were asked, and the report is found by the answers of today.
        """
        value = self._value(key, context)
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
        if value is not None:
            self._put(key, value, context)

    def lookup_fixed(
        self, key: bytes, source: Source, unsafe: bool, context: AskContext
    ) -> FixedFile | None:
        """What fixes made of a source, the key of whose report is `key`; no findings are in it."""
        value = self._value(_fixed_key(key, unsafe), context)
        if value is None:
            return None
        from dflint.engine.fixed_codec import decode_fixed

        try:
            return decode_fixed(source.path, source.text, value)
        except ValueError:
            return None

    def keep_fixed(
        self, key: bytes, file: FixedFile, unsafe: bool, context: BuildContext | None
    ) -> None:
        """Keep what fixes made of a source, unless there is more to say of it than that."""
        from dflint.engine.fixed_codec import encode_fixed

        value = encode_fixed(file)
        if value is not None:
            self._put(_fixed_key(key, unsafe), value, context)

    def _value(self, key: bytes, context: AskContext | None) -> bytes | None:
        """What was put under a key, if what it follows from is as it was."""
        value = self.store.get(key)
        if value is None or not value.startswith(_QUESTIONS):
            return value
        text = value[len(_QUESTIONS) :].decode("utf-8", "surrogatepass")
        asked = None if context is None else context()
        return None if asked is None else self.store.get(_answered(key, asked, text.split("\0")))

    def _put(self, key: bytes, value: bytes, context: BuildContext | None) -> None:
        """Put a value under a key, together with what a build context was asked for it."""
        if context is None or not context.asked:
            self.store.put_many(((key, value),))
            return
        questions = sorted(context.asked)
        about = _QUESTIONS + "\0".join(questions).encode("utf-8", "surrogatepass")
        self.store.put_many(((key, about), (_answered(key, context, questions), value)))


def _fixed_key(key: bytes, unsafe: bool) -> bytes:
    """What the fixes of a file are found by, the key of whose report is given."""
    return digest(b"unsafe fixes\0" + key if unsafe else b"safe fixes\0" + key)


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
