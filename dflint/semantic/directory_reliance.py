"""What relies on the directory that was there before a WORKDIR that a fix writes."""

from __future__ import annotations

import re

from dflint.cst.instructions import (
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    HealthCheck,
    OnBuild,
    Run,
    User,
    Workdir,
    class_of,
)  # fmt: skip
from dflint.semantic.directory_changes import is_directory_given
from dflint.semantic.expand import evaluate_word
from dflint.semantic.first_base import fixed_base
from dflint.semantic.known_images import working_directory
from dflint.semantic.occurrences import Occurrence
from dflint.semantic.run_scripts import exec_form_script, shell_form_script
from dflint.semantic.settable import is_settable
from dflint.semantic.stage_shell import stage_shells
from dflint.shell.directory_use import is_plainly_relative, is_relative, uses_directory
from dflint.shell.script import read_shell_form
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.semantic.directory_changes import DirectoryChange
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage

#: A variable that a word, or the value of an option, begins with.
_GIVEN = LazyPattern(r"""(?<![^\s"'=;&|(,])\$\{?(\w++)""", re.ASCII)
_NAME = LazyPattern(r"\$\{?(\w++)", re.ASCII)
_QUOTES = "\"'"
_TARGETS = ("target", "dst", "destination")
#: Their command starts where the stage ends.
_STARTING = frozenset((Cmd, Entrypoint, HealthCheck))


def known_before(change: DirectoryChange, model: SemanticModel) -> str | None:
    """What WORKDIR has to name to lead back to where the RUN starts.

    None where nobody knows, as for a base image that is not known.
    """
    if model.state_before(change.run).workdir_set:
        return written_directory(change, model)
    return working_directory(fixed_base(model.stage_of(change.run)))


def written_directory(change: DirectoryChange, model: SemanticModel) -> str | None:
    """The directory that WORKDIR has set before, with the arguments of the build that are in it.

    None where a WORKDIR cannot be written that names the same whatever a build is given.
    """
    if is_directory_given(change.run, model):
        return None
    before = model.tree.instructions[: change.order]
    workdirs = [one for one in before if type(one) is Workdir]
    if not any("$" in one.line.text for one in workdirs):
        return model.state_before(change.run).workdir
    stage = model.stage_of(change.run)
    path = ""
    changed = ""
    for one in reversed(before[0 if stage is None else stage.first :]):
        if type(one) is Arg or type(one) is Env:
            changed += one.line.text + "\n"
        elif type(one) is Workdir:
            text = (one.reading.arguments or ("",))[0]
            if any(_is_set(name, changed) for name in _names(text)):
                return None
            path = f"{text.rstrip('/')}/{path}" if path else text
            if text.startswith(("/", "$")):
                return path
    return None


def _is_set(name: str, text: str) -> bool:
    """Whether ARG or ENV may set a variable: it stands there otherwise than as `$name`."""
    return re.search(rf"(?<![${{\w]){re.escape(name)}(?!\w)", text) is not None


def _names(text: str) -> list[str]:
    return re.findall(r"\$\{?(\w+)", text)


def is_named_again(change: DirectoryChange, full: str, model: SemanticModel) -> bool:
    """Whether something up to the next WORKDIR names the directory from where the RUN starts.

    Who writes `RUN cd x`, `RUN cd x && make` knows that a `cd` does not last. `full` is the
    directory in full.
    """
    stage = model.stage_of(change.run)
    former = known_before(change, model)
    if stage is None or former is None or not full.startswith(former.rstrip("/") + "/"):
        return False
    first = full[len(former.rstrip("/")) + 1 :].partition("/")[0]
    named = re.compile(rf"(?<![\w./$}}@:-])(?:\./)*+{re.escape(first)}(?![\w.@:=-])")
    for instruction in model.tree.instructions[change.order + 1 : stage.last]:
        if type(instruction) is Workdir:
            return named.match((instruction.reading.arguments or ("",))[0]) is not None
        if named.search(instruction.line.text):
            return True
    return False


class Reliance:
    """What of a file relies on the directory that it finds; each instruction is looked at once."""

    __slots__ = ("_known", "_model")

    def __init__(self, model: SemanticModel) -> None:
        self._model = model
        self._known: dict[Instruction, bool] = {}

    def last_undisturbed(self, change: DirectoryChange) -> Instruction | None:
        """The instruction below which a WORKDIR has to lead back to the directory from before.

        None where nothing is seen that relies on it up to the next WORKDIR, nor in stages that are
        built on this one.
        """
        tree, stage = self._model.tree, self._model.stage_of(change.run)
        if stage is None:
            return None
        before = [*tree.instructions[stage.first : change.order]]
        for outer in stage.ancestors():
            before += outer.instructions
        starting = [one for one in before if type(one) in _STARTING]
        starts_here = any(map(self._relies, starting)) or any(
            map(_is_set_from_here, [*before, *tree.instructions[change.order : stage.last]])
        )
        is_private = f"{change.directory.strip(_QUOTES)}/".startswith("/root/")
        return self._last_before(change.run, stage, change.order + 1, starts_here, is_private)

    def _last_before(
        self,
        start: Instruction,
        stage: Stage,
        first: int,
        starts_here: bool = False,
        is_private: bool = False,
    ) -> Instruction | None:
        """The last one from `start` on that relies on nothing, where one that follows it does.

        `starts_here` tells whether the containers of the stage do, `is_private` whether the new
        directory is one that another user than root may not read.
        """
        tree = self._model.tree
        last, awaited = start, None
        for instruction in tree.instructions[first : stage.last]:
            if type(instruction) is Workdir:
                return None if _is_absolute(instruction, self._model) else awaited or last
            if (is_private and _is_other_user(instruction)) or self._relies(instruction):
                if type(instruction) not in _STARTING:
                    return awaited or last
                awaited = awaited or last
            last = instruction
        if awaited is not None or starts_here:
            return awaited or last
        for other in self._model.stages:
            if other.base is stage:
                head = tree.instructions[other.first]
                if self._last_before(head, other, other.first + 1) is not None:
                    return last
        return None

    def _relies(self, instruction: Instruction) -> bool:
        found = self._known.get(instruction)
        if found is None:
            found = self._known[instruction] = _relies(instruction, self._model)
        return found


def _is_set_from_here(instruction: Instruction) -> bool:
    """Whether ENV gives containers a path that begins where they start: `PYTHONPATH=.`."""
    if type(instruction) is not Env:
        return False
    parts = [part for _, value in instruction.reading.pairs for part in value.split(":")]
    return any(f"{part.strip(_QUOTES)}/".startswith(("./", "../")) for part in parts)


def _is_other_user(instruction: Instruction) -> bool:
    """Whether an instruction lets go of root."""
    if not isinstance(instruction, User):
        return False
    return (instruction.reading.arguments or ("",))[0].partition(":")[0] not in ("root", "0")


def _is_absolute(workdir: Instruction, model: SemanticModel) -> bool:
    path = (workdir.reading.arguments or ("",))[0].strip("\"'")
    if path[:1] == "$" and _is_argument(path, workdir, model):
        return False  # a build may be given a relative one
    return not is_relative(_with_value(path, workdir, model)) and bool(path)


def _is_argument(path: str, workdir: Instruction, model: SemanticModel) -> bool:
    """Whether a path begins with a variable of the file that an argument of the build decides."""
    found = _NAME.get().match(path)
    if found is None or model.environment(workdir).get(found[1]) is None:
        return False
    return is_settable(model, workdir, f"${found[1]}")


def _with_value(path: str, instruction: Instruction, model: SemanticModel) -> str:
    """A path that begins with a variable as what is known of it, or as one in full."""
    if path[:1] != "$":
        return path
    environment = model.environment(instruction)
    return evaluate_word(path, environment.get, instruction.line.escape).text or "/"


def _relies(instruction: Instruction, model: SemanticModel) -> bool:
    """Whether one plausibly has a path in the directory that it finds."""
    reading, kind = instruction.reading, type(instruction)
    if isinstance(instruction, OnBuild):
        trigger = instruction.reading.trigger
        of_trigger = class_of(trigger.keyword) if trigger is not None else None
        if trigger is None or of_trigger is None:
            return False
        reading, kind = trigger, of_trigger
    if kind is Workdir:
        return bool(reading.arguments) and is_relative(reading.arguments[0].strip("\"'$"))
    if kind is Copy or kind is Add:
        return _is_put_here(instruction, reading, model)
    if kind is Run or kind in _STARTING:
        return (
            has_relative_mounts(reading)
            or _runs_here(instruction, reading, model)
            or _is_told_here(instruction, model)
        )
    return False


def _is_put_here(instruction: Instruction, reading: Reading, model: SemanticModel) -> bool:
    if not reading.arguments:
        return True
    path = reading.arguments[-1].strip("\"'")
    return is_relative(_with_value(path, instruction, model))


def has_relative_mounts(reading: Reading) -> bool:
    """Whether WORKDIR decides where a mount of a RUN is put."""
    return any(
        pair.partition("=")[0] in _TARGETS and is_relative(pair.partition("=")[2])
        for mount in reading.flag_values("mount")
        for pair in mount.split(",")
    )


def _is_told_here(instruction: Instruction, model: SemanticModel) -> bool:
    """Whether the value of a variable that a command is given is plainly a path from there."""
    text = instruction.line.text
    if "$" not in text:
        return False
    environment = model.environment(instruction)
    values = [environment.get(name) or "" for name in _GIVEN.get().findall(text)]
    return any(is_plainly_relative(word) for value in values for word in value.split())


def _runs_here(instruction: Instruction, reading: Reading, model: SemanticModel) -> bool:
    if not reading.arguments:
        return False
    if reading.keyword == "healthcheck":
        return uses_directory(read_shell_form(" ".join(reading.arguments[1:])))
    occurrence = Occurrence(instruction, reading)
    if reading.is_json:
        first = reading.arguments[0]
        if reading.keyword == "cmd" and is_plainly_relative(first) and not first.endswith(".sh"):
            return True  # for the program of ENTRYPOINT
        script = exec_form_script(occurrence)
        return script is not None and uses_directory(script)
    found = shell_form_script(occurrence, stage_shells(model.tree)[instruction].dialect)
    return found is None or uses_directory(found[0])
