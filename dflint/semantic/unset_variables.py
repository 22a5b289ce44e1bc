"""Why a variable is not set where it is used, as far as the Dockerfile shows."""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice

from dflint.cst.instructions import Arg
from dflint.cst.reading import place_span
from dflint.semantic.first_base import first_base
from dflint.semantic.known_images import may_set
from dflint.semantic.scope import PLATFORM, PREDEFINED
from dflint.semantic.variable_setters import Setters, setters_by_name
from dflint.semantic.variable_uses import unset_uses
from dflint.text.choice import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.expansion import VariableUse
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage


#: What only a shell has; no image sets it with ENV.
_SHELL_PARAMETERS = frozenset(("PWD", "OLDPWD", "RANDOM", "SHLVL", "PPID", "BASHPID"))

#: How many names are looked for among similar ones: no file has so many misspellings.
_MOST_SEARCHES = 100


class Cause(Choice):
    """Why a name is not set."""

    #: A positional or special parameter, which only a shell has.
    PARAMETER = "parameter"
    #: A platform argument or a proxy argument that the stage does not declare.
    PREDEFINED = "predefined"
    #: Declared before the first FROM, and not again in the stage.
    GLOBAL = "global"
    #: `ENV X=$X`.
    ITSELF = "itself"
    #: Set by the very instruction that uses it.
    SAME = "same"
    #: Set further down in the stage.
    LATER = "later"
    #: A misspelling of a name that is set.
    MISSPELT = "misspelt"
    #: Set in another stage only.
    OTHER_STAGE = "other-stage"
    #: Set nowhere, the base image's known variables included.
    NOWHERE = "nowhere"
    #: Set nowhere in the file; the base image may set it.
    UNKNOWN = "unknown"
    #: Set nowhere, and the use says what an unset variable gives (`${x:-y}`, `${x:+y}`, `${x:?y}`).
    FORESEEN = "foreseen"
    #: Set nowhere, and written with a modifier that the builder refuses (`${x:upper}`).
    REFUSED = "refused"
    #: The default of an ARG of the same name: it takes what `--build-arg` gives all the same.
    ARGUMENT = "argument"


#: The causes of uses that may well be right, or have another defect that tells more.
HARMLESS = frozenset((Cause.UNKNOWN, Cause.FORESEEN, Cause.REFUSED, Cause.ARGUMENT))
#: The causes that count whatever the use says of an unset variable.
_UNFORESEEN = (Cause.PREDEFINED, Cause.GLOBAL, Cause.ARGUMENT)


class UnsetVariable:
    """One use of a variable that is not set.

    `instruction` sets it elsewhere, `meant` is the name that was probably meant. `base` is the
    image that the stage begins with, empty when the file alone does not tell or there is none;
    `is_certain` tells that the image does not set the variable either.
    """

    __slots__ = ("base", "cause", "instruction", "is_certain", "meant", "use")

    use: VariableUse
    cause: Cause
    base: str
    is_certain: bool
    instruction: Instruction | None
    meant: str

    def __init__(self, use: VariableUse, cause: Cause, base: str | None) -> None:
        self.use = use
        self.cause = cause
        self.base = base or ""
        self.is_certain = base is None or not may_set(base, use.name)
        self.instruction = None
        self.meant = ""


def unset_variables(model: SemanticModel) -> Iterator[UnsetVariable]:
    """Explain every use of a variable that is not set; each name once in an instruction."""
    explainer: _Explainer | None = None
    seen: set[tuple[int, str]] = set()
    for use in unset_uses(model):
        if model.stage_of(use.instruction) is None and not isinstance(use.instruction, Arg):
            continue
        key = (model.order(use.instruction), use.name)
        if key in seen or not use.name:
            continue
        seen.add(key)
        explainer = explainer or _Explainer(model)
        found = explainer.explain(use)
        is_foreseen = use.modifier.lstrip(":") in ("-", "+", "?")
        if is_foreseen and found.cause not in _UNFORESEEN:
            found.cause = Cause.FORESEEN
            found.instruction = None
        elif use.modifier.startswith(":") and not is_foreseen:
            found.cause = Cause.REFUSED
            found.instruction = None
        yield found


class _Explainer:
    """Looks for the cause of each use, with what it knows of the whole file."""

    def __init__(self, model: SemanticModel) -> None:
        self._model = model
        self._setters = setters_by_name(model)
        self._bases: list[str] = []
        for stage in model.stages:
            self._bases.append(
                first_base(stage) if stage.base is None else self._bases[stage.base.index]
            )
        self._searches = _MOST_SEARCHES
        self._values_of: Instruction | None = None
        self._values: list[int] = []

    def explain(self, use: VariableUse) -> UnsetVariable:
        """Give the cause."""
        stage = self._model.stage_of(use.instruction)
        base = None if stage is None else self._bases[stage.index]
        setters = self._setters.get(use.name) or Setters()
        name = use.name
        if name in _SHELL_PARAMETERS or not (name[0].isalpha() or name[0] == "_"):
            return UnsetVariable(use, Cause.PARAMETER, base)
        if base is not None and setters.is_global and not _is_of_image(base, name):
            return UnsetVariable(use, Cause.GLOBAL, base)
        if name in PREDEFINED or name in PLATFORM:
            return UnsetVariable(use, Cause.PREDEFINED, base)
        if use.instruction in setters.instructions:
            if isinstance(use.instruction, Arg):
                return UnsetVariable(use, Cause.ARGUMENT, base)
            return _nowhere(use, base, self._cause_within(use))
        found = None if stage is None else self._set_elsewhere(use, stage, base, setters)
        return found or self._misspelt(use, stage, base) or _nowhere(use, base)

    def _cause_within(self, use: VariableUse) -> Cause | None:
        """Tell how an ENV that sets the name uses it; None where it adds to the value before."""
        reading = use.instruction.reading
        if self._values_of is not use.instruction:
            self._values_of = use.instruction
            self._values = [
                place_span(use.instruction, place).start for place in reading.places[1::3]
            ]
        at = bisect_right(self._values, use.span.start) - 1
        if at < 0:
            return None
        name, value = reading.arguments[3 * at : 3 * at + 2]
        if name != use.name:
            return Cause.SAME
        return Cause.ITSELF if value.strip('"${}') == name else None

    def _set_elsewhere(
        self, use: VariableUse, stage: Stage, base: str | None, setters: Setters
    ) -> UnsetVariable | None:
        found = UnsetVariable(use, Cause.LATER, base)
        found.instruction = setters.by_stage.get(stage.index)
        if found.instruction is not None:
            return found
        found.cause = Cause.OTHER_STAGE
        for index in islice(reversed(setters.by_stage), _MOST_SEARCHES):
            # A stage on the same image says nothing of what that image sets.
            if self._bases[index] != base:
                found.instruction = setters.by_stage[index]
                return found
        return None

    def _misspelt(
        self, use: VariableUse, stage: Stage | None, base: str | None
    ) -> UnsetVariable | None:
        from dflint.text.nearest import distance, nearest

        self._searches -= 1
        if self._searches < 0:
            return None
        name = use.name
        scope = self._model.global_scope if stage is None else stage.scope
        meant = nearest(name, scope.names())
        if meant is None:
            return None
        found = UnsetVariable(use, Cause.MISSPELT, base)
        found.meant = meant
        if not found.is_certain:
            # Two names of one kind (`NB_UID` and `NB_GID`) are as near as a misspelling.
            is_slip = len(name) != len(meant) or sorted(name) == sorted(meant)
            if not is_slip or distance(name, meant, 1) > 1 or _has_digit(name + meant):
                return None
        return found


def _nowhere(use: VariableUse, base: str | None, cause: Cause | None = None) -> UnsetVariable:
    found = UnsetVariable(use, cause or Cause.NOWHERE, base)
    # Images set variables in capitals.
    if cause is None and not found.is_certain and not use.name.islower():
        found.cause = Cause.UNKNOWN
    return found


def _is_of_image(base: str, name: str) -> bool:
    """Tell whether a name begins as the image is called: `NODE_VERSION` in `node:20`."""
    image = base.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return bool(image) and name.startswith(image.upper().replace("-", "_") + "_")


def _has_digit(name: str) -> bool:
    return any(character.isdigit() for character in name)
