"""`dflint config`."""

from __future__ import annotations

import os
import sys

from dflint.config.find import ConfigFinder
from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.errors import UsageError
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cli.options import Arguments

_HADOLINT = (".hadolint.yaml", ".hadolint.yml")


def configuration(arguments: Arguments) -> int:
    """Print the configuration that holds in this folder, or migrate one of hadolint."""
    words = arguments.paths
    if words and words[0] == "migrate":
        text = _migrated(words[1:])
        file = arguments.text("output_file")
        if file is None:
            sys.stdout.write(text)
        else:
            with open(file, "x", encoding="utf-8") as stream:
                stream.write(text)
        return 0
    if len(words) > 1:
        raise UsageError("config: expected a path or `migrate`")
    session = Session()
    finder = ConfigFinder(lambda: session.names)
    place = os.path.join(os.path.abspath(words[0] if words else "."), "Dockerfile")
    sys.stdout.write(_shown(finder.for_file(place)))
    return 0


def _migrated(words: list[str]) -> str:
    from dflint.config.migrate import migrate

    names = words or [name for name in _HADOLINT if os.path.isfile(name)]
    if not names:
        raise UsageError(f"config migrate: there is no `{_HADOLINT[0]}` here; name the file")
    return migrate(Source.read(names[0]).text)


def _shown(config: Config) -> str:
    lines = [f"# {config.path or 'no configuration file: the defaults hold'}"]
    for name in Config.__slots__:
        if name != "path":
            lines.append(f"{name.replace('_', '-')} = {getattr(config, name)!r}")
    return "\n".join(lines) + "\n"
