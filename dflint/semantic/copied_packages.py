"""Go packages whose sources COPY or ADD puts into the workspace."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.semantic.expand import evaluate_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel


def is_copied_package(model: SemanticModel, package: str, before: int) -> bool:
    """Whether something is copied before an offset to `src` where a package, or a part, would be.

    `go get` takes what is there, unless it is told to update.
    """
    for instruction in model.tree.instructions:
        if instruction.line.start >= before:
            break
        if not isinstance(instruction, (Copy, Add)) or not instruction.reading.arguments:
            continue
        word = instruction.reading.arguments[-1]
        environment = model.environment(instruction)
        path = evaluate_word(word, environment.get, instruction.line.escape).text
        if not path.startswith(("/", "$")):
            path = f"{model.state_before(instruction).workdir or ''}/{path}"
        place = path.partition("/src/")[2].removesuffix(".").strip("/")
        if place and (f"{package}/".startswith(f"{place}/") or place.startswith(f"{package}/")):
            return True
    return False
