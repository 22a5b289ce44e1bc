"""What the editor's settings say of features that can be turned off."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.server import DflintServer


def is_wanted(server: DflintServer, name: str, default: bool) -> bool:
    """Whether the setting of that name (`inlayHints.variables`) is on."""
    settings = getattr(server, "settings", None)
    if settings is None:
        return default
    try:
        wanted: bool = settings.flag(name)
    except KeyError:  # the server does not know the setting
        return default
    return wanted
