"""What EditorConfig files say of the layout (https://spec.editorconfig.org).

`indent_style`, `indent_size`, `tab_width`, `max_line_length` and `insert_final_newline` count.
Line ends stay as the file has them, and blanks at the end of lines always go.
"""

from __future__ import annotations

import os

NAME = ".editorconfig"


class EditorConfigs:
    """Gives the settings for each file; what a folder has is looked up once."""

    __slots__ = ("_folders",)

    def __init__(self) -> None:
        self._folders: dict[str, dict[str, dict[str, object]] | None] = {}

    def settings_for(self, path: str) -> dict[str, object]:
        """The settings for a file, with the keys of a configuration; none without such a file."""
        folder, name = os.path.split(os.path.abspath(path))
        known = self._known(folder)
        if known is None:
            return {}
        if name not in known:
            known[name] = _read(os.path.join(folder, name))
        return known[name]

    def count_in(self, folder: str) -> bool:
        """Whether there is such a file in a folder or above it."""
        return self._known(os.path.abspath(folder)) is not None

    def _known(self, folder: str) -> dict[str, dict[str, object]] | None:
        if folder not in self._folders:
            self._folders[folder] = {} if _is_below_one(folder) else None
        return self._folders[folder]


def _is_below_one(folder: str) -> bool:
    while True:
        if os.path.isfile(os.path.join(folder, NAME)):
            return True
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above


def _read(path: str) -> dict[str, object]:
    import editorconfig

    try:
        properties = editorconfig.get_properties(path)
    except (editorconfig.EditorConfigError, OSError, UnicodeDecodeError):
        return {}  # a file that editors, too, pass over
    settings: dict[str, object] = {}
    indent = _indent(properties)
    if indent is not None:
        settings["indent"] = indent
    length = properties.get("max_line_length", "")
    if length == "off":
        settings["line-length"] = 0
    elif length.isdecimal():
        settings["line-length"] = int(length)
    if properties.get("insert_final_newline") == "false":
        settings["final-newline"] = False
    return settings


def _indent(properties: dict[str, str]) -> int | str | None:
    if properties.get("indent_style") == "tab":
        return "tab"
    size = properties.get("indent_size", "")
    if size == "tab":
        size = properties.get("tab_width", "")
    return int(size) if size.isdecimal() and 1 <= int(size) <= 16 else None
