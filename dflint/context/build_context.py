"""What is known of the build context of one Dockerfile."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.context.context_files import ContextFiles
    from dflint.context.patterns import Pattern, PatternMatcher

_WILDCARDS = "*?[\\"
#: What can be asked about a path.
_QUESTIONS = frozenset(("kind", "names", "listing", "begin", "is_ignored"))


class IgnoreFile:
    """The text of a .dockerignore, and where it was found."""

    __slots__ = ("path", "text")

    path: str
    text: str

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return self.path.replace("\\", "/").rpartition("/")[2]


class Exclusion:
    """Why a source is not in the context: `pattern`, as the ignore file has it.

    `finds_nothing` tells that the builder goes on without the files; else it stops.
    """

    __slots__ = ("finds_nothing", "pattern")

    pattern: str
    finds_nothing: bool

    def __init__(self, pattern: str, finds_nothing: bool) -> None:
        self.pattern = pattern
        self.finds_nothing = finds_nothing


class BuildContext:
    """The build context of one Dockerfile, as far as an ignore file and its files tell.

    `read` finds and reads the ignore file; it is called once, when the file is first asked for.
    `files` are what is in the folder, None where that is not known. `asked` holds what was asked
    about files, and the answers: as long as these stay the same, so does what follows from them.
    """

    __slots__ = ("_files", "_ignore", "_matcher", "_read", "asked")

    def __init__(
        self,
        read: Callable[[], IgnoreFile | None],
        files: ContextFiles | None = None,
    ) -> None:
        self._files = files
        self._read: Callable[[], IgnoreFile | None] | None = read
        self._ignore: IgnoreFile | None = None
        self._matcher: PatternMatcher | None = None
        self.asked: dict[str, str | bytes | bool | tuple[str, ...] | None] = {}

    @property
    def ignore(self) -> IgnoreFile | None:
        """The ignore file that a builder would read; None when there is none."""
        if self._read is not None:
            self._ignore, self._read = self._read(), None
        return self._ignore

    def fingerprint(self) -> str:
        """The place and the text of the ignore file; empty without one.

        What is found in a Dockerfile stays true as long as this and the answers in `asked` stay
        the same.
        """
        ignore = self.ignore
        return "" if ignore is None else f"{ignore.path}\0{ignore.text}"

    def answer(self, question: str) -> str | bytes | bool | tuple[str, ...] | None:
        """What the files say to a question of `asked`: the name of a method and a path."""
        if question not in self.asked:
            method, _, path = question.partition(" ")
            self.asked[question] = (
                None
                if self._files is None or method not in _QUESTIONS
                else getattr(self._files, method)(path)
            )
        return self.asked[question]

    @property
    def knows_files(self) -> bool:
        """Whether it is known what is in the folder."""
        return self._files is not None and self._files.is_known

    def kind(self, path: str) -> str:
        """`file` or `directory` for a clean path from the root; empty where nothing is."""
        return str(self.answer(f"kind {path}") or "")

    def names(self, path: str) -> tuple[str, ...]:
        """The names in a directory; none where it is not known."""
        found = self.answer(f"names {path}")
        return found if isinstance(found, tuple) else ()

    def listing(self, path: str) -> tuple[str, ...]:
        """The names in a directory, those of directories with a slash behind them."""
        found = self.answer(f"listing {path}")
        return found if isinstance(found, tuple) else ()

    def is_ignored(self, path: str) -> bool:
        """Whether git ignores what is, or would be, at a clean path."""
        return bool(self.answer(f"is_ignored {path}"))

    def begin(self, path: str) -> bytes | None:
        """The first 512 bytes of a file; none of a directory, None where nothing is."""
        found = self.answer(f"begin {path}")
        return found if isinstance(found, bytes) else None

    def has(self, path: str) -> bool:
        """Whether a file or directory is known to be there."""
        from dflint.context.patterns import clean_path

        return self.begin(clean_path("/" + path)[1:]) is not None

    def sends(self, path: str) -> bool:
        """Whether a file or directory with a clean path is there and nothing keeps it out."""
        if not self.kind(path):
            return False
        matcher = self._patterns()
        return matcher is None or not matcher.excludes(path)

    def holds_archive(self, source: str) -> bool | None:
        """Whether a source of ADD is a file that it would unpack; None when nobody knows."""
        if self._files is None or _has_wildcard(source):
            return None
        from dflint.context.archives import may_be_archive
        from dflint.context.patterns import clean_path

        first = self.begin(clean_path("/" + source)[1:])
        return None if first is None else may_be_archive(first)

    def exclusion(self, source: str) -> Exclusion | None:
        """The pattern that keeps a source of COPY or ADD out, with all that may be below it.

        None when some of it may be in the context: the root always is, an exception may take in
        what is below a directory, and only patterns that hold for all that a source with
        wildcards may name count for it. None too when a builder refuses the patterns.
        """
        from dflint.context.patterns import clean_path

        path = clean_path("/" + source)[1:]
        if not path:
            return None
        pattern = self._last_exclusion(path)
        if pattern is not None:
            return Exclusion(pattern.text, finds_nothing=_has_wildcard(path))
        # A directory stands for what is in it, and is itself there.
        pattern = self._last_exclusion(path + "/*") if source.endswith("/") else None
        return None if pattern is None else Exclusion(pattern.text, finds_nothing=True)

    def _last_exclusion(self, path: str) -> Pattern | None:
        matcher = self._patterns()
        found: Pattern | None = None
        for pattern in () if matcher is None else matcher.patterns:
            if pattern.is_exception:
                if found is not None and _may_reach(pattern, path):
                    found = None
            elif found is None and pattern.matches_within(path):
                # What matches the text of a wildcard need not match what the wildcard stands for.
                is_whole = not any(sign in pattern.text for sign in "?[\\|")
                found = pattern if is_whole or not _has_wildcard(path) else None
        return found

    def _patterns(self) -> PatternMatcher | None:
        if self._matcher is None and self.ignore is not None:
            from dflint.context.dockerignore import matcher_of
            from dflint.context.patterns import PatternError, PatternMatcher

            try:
                self._matcher = matcher_of(self.ignore.text)
            except PatternError:
                self._matcher = PatternMatcher(())
        return self._matcher


def _may_reach(exception: Pattern, path: str) -> bool:
    """Whether an exception may take in a path, or something below it."""
    from dflint.context.patterns import PatternError

    if exception.matches_within(path):
        return True
    try:
        return _meet(exception.text.split("/"), path.split("/"))
    except PatternError:
        return True


def _meet(parts: list[str], others: list[str]) -> bool:
    """Whether two paths with wildcards can be the same, as far as the shorter one goes."""
    from dflint.context.patterns import Pattern

    for part, other in zip(parts, others, strict=False):
        if "**" in part or "|" in part:
            return True
        is_open = _has_wildcard(part)
        other_is_open = _has_wildcard(other)
        if is_open and other_is_open:
            continue
        if not (Pattern(part).matches(other) if is_open else Pattern(other).matches(part)):
            return False
    return True


def _has_wildcard(path: str) -> bool:
    return any(sign in path for sign in _WILDCARDS)
