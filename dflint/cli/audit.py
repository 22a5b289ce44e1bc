"""`dflint audit`: what a built image holds besides what was meant."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial

from dflint.build.request import BuildRequest
from dflint.build.session import BuildSession
from dflint.cli.build import enter_namespace
from dflint.cli.docker_flags import Flag, Given, choice, read_flags
from dflint.cli.flag_help import flag_lines
from dflint.cli.verify_options import BUILD_GROUPS, FORMATS, read_request
from dflint.errors import BuildError, UsageError
from dflint.lint.document import Document
from dflint.text.replace import replace_file
from dflint.text.source import Source
from dflint.text.visible import make_visible
from dflint.verify.audit.repro import audit_repro, told
from dflint.verify.audit.secret_proof import mend_secrets
from dflint.verify.audit.secrets import SecretsAudit, audit_secrets
from dflint.verify.audit.size import Share, audit_size
from dflint.verify.image.verifier import silence

CLEAN, FOUND, UNKNOWN, INTERRUPTED = 0, 1, 4, 130
_WHAT = {
    "secrets": "whether the image gives away arguments, secrets or files of the context",
    "repro": "what differs from build to build, which instruction makes it, and why",
    "size": "what takes room, by instruction and kind, and what of it is not needed",
}
_OWN = (
    Flag("--fix", "", "secrets: mount them where they are used; kept where a build proves it"),
    Flag("--after", "FILE", "size: a Dockerfile that is mended, to tell what it really saves"),
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
        audited = _audited(what, source, given)
    except UsageError as error:
        raise UsageError(f"{error} (`dflint audit --help` lists the options)") from None
    try:
        enter_namespace()
        lines, said, is_found = audited(request, source)
    except BuildError as error:
        sys.stderr.write(f"dflint: it could not be found out: {make_visible(str(error))}\n")
        return UNKNOWN
    except KeyboardInterrupt:
        return INTERRUPTED
    if form == "json":
        said = {"dockerfile": path, **said}
        sys.stdout.write(json.dumps(said, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{make_visible(line)}\n" for line in lines)
    return FOUND if is_found else CLEAN


#: The lines for people, the JSON object, and whether something was found.
_Answer = tuple[list[str], dict[str, object], bool]


def _audited(what: str, source: Source, given: Given) -> Callable[[BuildRequest, Source], _Answer]:
    """What makes the audit that the options ask for."""
    after = given.text("--after")
    if given.is_on("--fix"):
        if what != "secrets" or source.is_stream:
            raise UsageError("--fix: expected `audit secrets` and the path of a Dockerfile")
        return _fixed_secrets
    if after:
        if what != "size":
            raise UsageError(f"--after: expected `audit size`, found `audit {what}`")
        return partial(_size, after=Source.read(after))
    return _AUDITS[what]


def _secrets(request: BuildRequest, source: Source) -> _Answer:
    with BuildSession(request) as session, tempfile.TemporaryDirectory() as folder:
        found = audit_secrets(session, request, Document(source), folder)
    return _told_secrets(found, source)


def _fixed_secrets(request: BuildRequest, source: Source) -> _Answer:
    """The audit of the file with all proved fixes, which is written."""
    with BuildSession(request) as session, tempfile.TemporaryDirectory() as folder:
        doc = Document(source)
        found = audit_secrets(session, request, doc, folder)
        text, mended, found = mend_secrets(session, doc, found, folder)
    if text != source.text:
        data = text.encode("utf-8", "surrogateescape")
        replace_file(source.path, data, source.data)
    lines, said, is_found = _told_secrets(found, source)
    told = [f"{source.path}: {one}" for one in mended]
    return [*told, *lines], {**said, "fixes": [one.plain() for one in mended]}, is_found


def _told_secrets(found: SecretsAudit, source: Source) -> _Answer:
    lines = [f"{source.path}: {leak}" for leak in found.leaks]
    count, looked = len(found.leaks), len(found.needles)
    noun = "secret" if looked == 1 else "secrets"
    lines.append(f"{count} leak{'' if count == 1 else 's'} of {looked} {noun} looked for")
    said: dict[str, object] = {
        "looked_for": [{"kind": one.kind, "name": one.name} for one in found.needles],
        "leaks": [one.plain() for one in found.leaks],
    }
    return lines, said, bool(found.leaks)


def _repro(request: BuildRequest, source: Source) -> _Answer:
    found = audit_repro(request, source.text)
    lines = [f"{source.path}: {line}" for line in told(found)]
    count = len(found.found)
    lines.append(f"{count} path{'' if count == 1 else 's'} differ{'s' if count == 1 else ''}")
    said: dict[str, object] = {
        "differences": [one.plain() for one in found.found],
        "times": [
            {"line": origin.line, "instruction": origin.text, "paths": number}
            for origin, number in found.times
        ],
    }
    return lines, said, bool(found.found)


def _size(request: BuildRequest, source: Source, after: Source | None = None) -> _Answer:
    with BuildSession(request) as session:
        shares = audit_size(session.build(source.text, silence()), source.text)
        if after is None:
            return _told_size(shares)
        mended = audit_size(session.build(after.text, silence()), after.text)
    lines, said, is_found = _told_size(shares)
    total, new = (sum(one.size for one in each) for each in (shares, mended))
    lines.append(f"{total - new:>12,}  bytes less with {after.path}")
    rest = sum(one.size for one in mended if one.is_needless)
    return (
        lines,
        {**said, "after": {"bytes": new, "saved": total - new, "needless": rest}},
        is_found,
    )


def _told_size(shares: Sequence[Share]) -> _Answer:
    needless = sum(one.size for one in shares if one.is_needless)
    lines = [
        f"{one.size:>12,}  {one.kind:<18}{'needless' if one.is_needless else '':<10}{one.origin}"
        for one in shares
    ]
    total = sum(one.size for one in shares)
    lines.append(f"{total:>12,}  bytes in all, {needless:,} of them not needed")
    said: dict[str, object] = {
        "shares": [one.plain() for one in shares], "bytes": total, "needless": needless,
    }  # fmt: skip
    return lines, said, needless > 0


_AUDITS = {"secrets": _secrets, "repro": _repro, "size": _size}


def _what(words: list[str]) -> tuple[str, str]:
    """Which audit of which file."""
    if not words or words[0] not in _WHAT or len(words) > 2:
        found = " ".join(f"`{word}`" for word in words) or "none"
        raise UsageError(f"expected {', '.join(_WHAT)} and perhaps a Dockerfile, found {found}")
    return words[0], words[1] if len(words) == 2 else "Dockerfile"


def _help() -> str:
    lines = ["usage: dflint audit WHAT [OPTIONS] [DOCKERFILE]", ""]
    lines.append("Builds an image and looks into it. WHAT is one of:")
    lines += [f"  {name:<10}{text}" for name, text in _WHAT.items()]
    lines += flag_lines(_GROUPS)
    lines += ["", "exit status: 0 nothing, 1 something found, 2 wrong usage, 4 unknown"]
    return "\n".join(lines) + "\n"
