"""The stages of a Dockerfile as a picture."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.stages import Stage


def mermaid(document: Document) -> str:
    """The stages, the images they are built on and who copies from whom, as a Mermaid flowchart.

    A solid arrow leads to what is built on a stage, a dashed one to what takes files from it.
    """
    lines = ["flowchart TD"]
    images: dict[str, str] = {}
    for stage in document.model.stages:
        lines.append(f'  s{stage.index}["{_text(_name(stage))}"]')
    for stage in document.model.stages:
        if stage.base is not None:
            lines.append(f"  s{stage.base.index} --> s{stage.index}")
            continue
        image = images.get(stage.image)
        if image is None:
            image = images[stage.image] = f"i{len(images)}"
            lines.append(f'  {image}(["{_text(stage.image)}"])')
        lines.append(f"  {image} --> s{stage.index}")
    drawn: set[tuple[int, int]] = set()
    for reference in document.model.references:
        if reference.stage is None or reference.stage is reference.user.base:
            continue
        arrow = (reference.stage.index, reference.user.index)
        if arrow not in drawn:
            drawn.add(arrow)
            lines.append(f"  s{arrow[0]} -.-> s{arrow[1]}")
    return "\n".join(lines) + "\n"


def _name(stage: Stage) -> str:
    return stage.name or f"stage {stage.index}"


def _text(text: str) -> str:
    """A text as it may stand in quotes."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
