"""What is known of a stage while its instructions are made."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.conformance.builds.case import Draw
from tests.conformance.builds.words import Scope, safe_name

#: Where directories may be made; some are there in the base images, others not.
ROOTS = ("/", "/opt/", "/srv/x/", "/tmp/", "/etc/", "/home/", "/usr/local/share/", "/var/")


@dataclass
class Stage:
    """One stage; the paths are those that instructions before are likely to have made."""

    index: int
    name: str
    base: str
    has_shell: bool
    is_root: bool = True
    scope: Scope = field(default_factory=Scope)
    files: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """What a `from` calls it."""
        return self.name or str(self.index)

    def folder(self, draw: Draw) -> str:
        """A directory, mostly one that is there."""
        if self.folders and draw.chance(0.6):
            return draw.pick(self.folders)
        return draw.pick(ROOTS) + draw.new("d")

    def file(self, draw: Draw) -> str:
        """A file, mostly one that is there."""
        if self.files and draw.chance(0.85):
            return draw.pick(self.files)
        return "/etc/passwd"

    def add_file(self, path: str) -> None:
        if path not in self.files:
            self.files.append(path)

    def add_folder(self, path: str) -> None:
        if path not in self.folders:
            self.folders.append(path)


def destination_folder(draw: Draw, stage: Stage) -> str:
    """An absolute or relative directory to copy into, with a slash at its end."""
    kind = draw.weighted({"known": 4, "new": 3, "relative": 2, ".": 1, "/": 1, "dots": 1})
    if kind == "known":
        return stage.folder(draw).rstrip("/") + "/"
    if kind == "new":
        folder = draw.pick(ROOTS) + safe_name(draw, stage.scope) + draw.new()
        if "$" not in folder:
            stage.add_folder(folder)
        return folder + draw.pick(("/", "/", "/deeper/", "/."))
    if kind == "relative":
        return draw.pick(("", "./")) + safe_name(draw, stage.scope) + "/"
    if kind == ".":
        return draw.pick((".", "./"))
    if kind == "/":
        return "/"
    return stage.folder(draw).rstrip("/") + draw.pick(("/../x/", "/./", "//y/"))
