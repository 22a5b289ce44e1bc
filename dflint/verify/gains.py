"""Whether a step that a fix edits does all that it did, and perhaps more.

What a flag or a command more brings is for a build to tell; what is lost can be seen here. A fix
that takes a word away says which.
"""

from __future__ import annotations

from dflint.graph.ops import ExecOp, FileOp
from dflint.shell.meaning import meaning_of
from dflint.text.lazy_pattern import LazyPattern
from dflint.verify.align import align, gaps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.graph.command import Command
    from dflint.graph.ops import CopyAction, Op

#: The operators whose loss lets commands run that should not, or not run that should.
_JOINTS = frozenset(("&&", "||", "|", ";", "&", "\n", "(", " (", ")", "{", "}", "!"))
_QUOTING = frozenset("'\"\\")
# A line in which blanks stand between words, and nowhere else.
_BARE = LazyPattern(r"[A-Za-z0-9!$%&*+,./:;=>?@\[\]^_|~ \t-]*+")
#: The endings of what ADD unpacks, as far as a name tells.
ARCHIVES = (".tar", ".gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".zst")


def only_gains(
    before: Op,
    after: Op,
    lost: frozenset[str],
    inputs: tuple[object, ...],
    new_inputs: tuple[object, ...],
) -> bool:
    """Whether an edited step has all that it had."""
    if isinstance(before, ExecOp) and isinstance(after, ExecOp):
        return _exec_gains(before, after, lost)
    if isinstance(before, FileOp) and isinstance(after, FileOp):
        return _file_gains(before, after, inputs, new_inputs)
    return False


def _exec_gains(before: ExecOp, after: ExecOp, lost: frozenset[str]) -> bool:
    for field in ("network", "security"):
        if getattr(before, field) not in ("", getattr(after, field)):
            return False
    if not all(one in after.devices for one in before.devices):
        return False
    kept = [one.target for one in after.mounts]
    if not all(one in after.mounts or one.target in kept for one in before.mounts):
        return False
    one, other = before.script_file, after.script_file
    if one is not None and (other is None or not text_gains(one.content, other.content, lost)):
        return False
    return command_gains(before.command, after.command, lost)


def command_gains(before: Command, after: Command, lost: frozenset[str]) -> bool:
    """Whether a command has all words and joints that it had, each perhaps replaced by others.

    A word in whose place nothing stands is lost, as are quotes and escapes of one that stays.
    """
    if before == after:
        return True
    if before.is_shell != after.is_shell:
        return False
    if not before.is_shell:
        return _array_gains(before.arguments, after.arguments, lost)
    return text_gains(before.text, after.text, lost)


def _array_gains(before: tuple[str, ...], after: tuple[str, ...], lost: frozenset[str]) -> bool:
    """Whether an exec form kept its arguments in order; what follows `-c` or `-lc` is a script."""
    scripts = {
        at + 1
        for at, word in enumerate(before[:-1])
        if word[:1] == "-" and word[-1] == "c" and word[1:].isalpha()
    }
    pairs = align(before, after)
    for gone, new in gaps(pairs, len(before), len(after)):
        left = [at for at in gone if before[at] not in lost]
        if not left:
            continue
        if len(left) != len(new) or not scripts.issuperset(left):
            return False
        texts = zip(left, new, strict=True)
        if not all(text_gains(before[one], after[other], lost) for one, other in texts):
            return False
    return True


def text_gains(before: str, after: str, lost: frozenset[str]) -> bool:
    """Whether a script has all words and joints that it had: see `command_gains`."""
    if _only_adds_words(before, after):
        return True
    meaning = meaning_of(before)
    new_meaning = meaning_of(after)
    if meaning is None or new_meaning is None:
        if meaning is not None:
            return False  # it was a program
        ones, others = before.split(), after.split()
    else:
        ones, others = _flat(meaning), _flat(new_meaning)
    if lost:  # nor do they stand in the way of others, wherever they went
        ones = [one for one in ones if one not in lost]
        others = [one for one in others if one not in lost]
    pairs = align(ones, others)
    for gone, new in gaps(pairs, len(ones), len(others)):
        words = [ones[at] for at in gone]
        if not words:
            continue
        instead = [others[at] for at in new]
        if len(words) > len(instead):
            return False
        if any(word in _JOINTS and word not in instead for word in words):
            return False
        if not all(_keeps_quoting(word, instead) for word in words):
            return False
    return True


def _only_adds_words(before: str, after: str) -> bool:
    """A quick look: whether all words of a bare line stand in another one, in that order."""
    bare = _BARE.get()
    if bare.fullmatch(before) is None or bare.fullmatch(after) is None:
        return False
    words = iter(after.split())
    return all(word in words for word in before.split())


def _flat(meaning: tuple[object, ...]) -> list[str]:
    """The words and operators of a script without its nesting."""
    found: list[str] = []
    todo: list[object] = list(reversed(meaning))
    while todo:
        token = todo.pop()
        if type(token) is str:
            found.append(token)
        elif isinstance(token, tuple):
            todo += reversed(token)
    return found


def _keeps_quoting(word: str, instead: list[str]) -> bool:
    """Whether what stands for a word has its quotes, if it is the same word, and all of it."""
    letters = _letters(word)
    for other in instead:
        if _letters(other) == letters:
            return _is_within(word, other)
        if 2 * len(other) >= len(word) and _is_within(other, word):
            return False
    return True


def _is_within(part: str, whole: str) -> bool:
    """Whether the characters of one text all stand in the other, in that order."""
    rest = iter(whole)
    return all(one in rest for one in part)


def _letters(word: str) -> str:
    return "".join(one for one in word if one not in _QUOTING)


def _file_gains(
    before: FileOp,
    after: FileOp,
    inputs: tuple[object, ...],
    new_inputs: tuple[object, ...],
) -> bool:
    if before.link and not after.link:
        return False
    kept = [(_origin(one, new_inputs), one) for one in after.actions]
    for action in before.actions:
        origin = _origin(action, inputs)
        if not any(origin == where and _action_gains(action, one) for where, one in kept):
            return False
    return True


def _origin(action: CopyAction, inputs: tuple[object, ...]) -> object:
    return inputs[action.input - 1] if action.input > 0 else None


def _action_gains(before: CopyAction, after: CopyAction) -> bool:
    if (before.source, before.content, before.target) != (
        after.source,
        after.content,
        after.target,
    ):
        return False
    if before.unpack and not after.unpack and before.source.lower().endswith(ARCHIVES):
        return False
    one, other = before.options, after.options
    return (
        one.owner in ("", other.owner)
        and one.mode in ("", other.mode)
        and one.parents == other.parents
        and all(each in other.excludes for each in one.excludes)
    )
