"""`dflint audit`: what a built image holds besides what was meant."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence

from dflint.build.session import BuildSession
from dflint.cli.build import enter_namespace
from dflint.cli.docker_flags import Flag, read_flags
from dflint.cli.flag_help import flag_lines
from dflint.cli.output.visible import make_visible
from dflint.cli.verify_options import BUILD_GROUPS, FORMATS, choice, read_request
from dflint.errors import BuildError, UsageError
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.audit.secrets import SecretsAudit, audit_secrets

CLEAN, FOUND, UNKNOWN, INTERRUPTED = 0, 1, 4, 130
_WHAT = {"secrets": "whether the image gives away arguments, secrets or files of the context"}
_OWN = (
    Flag("--format", "FORMAT", "how to print it: " + ", ".join(FORMATS)),
    Flag("--help", "", "print this", "-h"),
)
_GROUPS = (*BUILD_GROUPS, ("the output", _OWN))
_FLAGS = tuple(flag for _, flags in _GROUPS for flag in flags)


def audit(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 when something was found, 4 when nobody can tell."""
    try:
        given = read_flags(words, _FLAGS)
        if given.is_on("--help"):
            sys.stdout.write(_help())
            return CLEAN
        what, path = _what(given.arguments)
        source = Source.read(path)
        context = given.text("--context") or os.path.dirname(path) or "."
        if not os.path.isdir(context):
            raise UsageError(f"--context: expected a directory, found `{context}`")
        request = read_request(given, os.environ, context, path)
        form = choice(given, "--format", FORMATS)
    except UsageError as error:
        raise UsageError(f"{error} (`dflint audit --help` lists the options)") from None
    assert what == "secrets"
    try:
        enter_namespace()
        with BuildSession(request) as session, tempfile.TemporaryDirectory() as folder:
            found = audit_secrets(session, request, Document(source), folder)
    except BuildError as error:
        sys.stderr.write(f"dflint: it could not be found out: {make_visible(str(error))}\n")
        return UNKNOWN
    except KeyboardInterrupt:
        return INTERRUPTED
    sys.stdout.write(_secrets_text(found, path, form))
    return FOUND if found.leaks else CLEAN


def _what(words: list[str]) -> tuple[str, str]:
    """Which audit of which file."""
    if not words or words[0] not in _WHAT or len(words) > 2:
        found = " ".join(f"`{word}`" for word in words) or "none"
        raise UsageError(f"expected {', '.join(_WHAT)} and perhaps a Dockerfile, found {found}")
    return words[0], words[1] if len(words) == 2 else "Dockerfile"


def _secrets_text(found: SecretsAudit, path: str, form: str) -> str:
    if form == "json":
        said = {
            "dockerfile": path,
            "looked_for": [{"kind": one.kind, "name": one.name} for one in found.needles],
            "leaks": [one.plain() for one in found.leaks],
        }
        return json.dumps(said, indent=2, ensure_ascii=False) + "\n"
    lines = [f"{path}: {leak}" for leak in found.leaks]
    count, looked = len(found.leaks), len(found.needles)
    noun = "secret" if looked == 1 else "secrets"
    lines.append(f"{count} leak{'' if count == 1 else 's'} of {looked} {noun} looked for")
    return "\n".join(map(make_visible, lines)) + "\n"


def _help() -> str:
    lines = ["usage: dflint audit WHAT [OPTIONS] [DOCKERFILE]", ""]
    lines.append("Builds an image and looks into it. WHAT is one of:")
    lines += [f"  {name:<10}{text}" for name, text in _WHAT.items()]
    lines += flag_lines(_GROUPS)
    lines += ["", "exit status: 0 nothing, 1 something found, 2 wrong usage, 4 unknown"]
    return "\n".join(lines) + "\n"
