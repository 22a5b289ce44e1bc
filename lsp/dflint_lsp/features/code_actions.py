"""`textDocument/codeAction`: what mends a finding, all of a kind, or everything at once.

Quick fixes come with their edits. What would have to look at the whole file is made when the
action is chosen (`codeAction/resolve`); its edits belong to the version that was looked at.
"""

from __future__ import annotations

from collections import Counter

from lsprotocol import types

from dflint.lint.fix import Applicability, Fix
from dflint_lsp.edits import snippet_edit, snippet_text, takes_snippets, workspace_edit
from dflint_lsp.features.formatting import format_edits, options_for
from dflint_lsp.mending import fix_all_edits
from dflint_lsp.refactoring import EXTRACT, INLINE, REWRITE, refactorings
from dflint_lsp.silencing import Reach, silencing_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.engine.session import Session
    from dflint.lint.finding import Finding
    from dflint_lsp.checking import Found
    from dflint_lsp.documents import DocumentVersion
    from dflint_lsp.server import DflintServer

FIX_ALL = "source.fixAll.dflint"
"""The kind of the action that applies all safe fixes, also on save."""

FORMAT = "source.format.dflint"
"""The kind of the action that lays out the document."""

_KINDS = [
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.SourceFixAll,
    FIX_ALL,
    FORMAT,
    types.CodeActionKind.RefactorExtract,
    types.CodeActionKind.RefactorInline,
    types.CodeActionKind.RefactorRewrite,
]
#: Rules that no comment silences.
_NEVER_SILENCED = ("unused-suppression", "inline-ignore-banned")
#: What stands for the reason until somebody types one.
_REASON = "because-of"
_UNSAFE = (
    "It is probably what was meant, but only a build can tell whether the image stays the same."
)


def quick_fixes(
    server: DflintServer, version: DocumentVersion, checked: Found, wanted: types.Range
) -> Iterator[types.CodeAction]:
    """The actions for what was found in a range of a Dockerfile."""
    found = [
        (finding, shown)
        for finding, shown in zip(checked.findings, checked.diagnostics, strict=True)
        if _touch(shown.range, wanted)
    ]
    config = server.configurations.for_builds(version)[0]
    takes = server.checks.session.wanted(config).takes_rule
    several = Counter(
        one.rule for one in checked.findings if one.make_fix is not None and takes(one.rule)
    )
    for finding, shown in found:
        fix = _fix(server, finding) if takes(finding.rule) else None
        if fix is not None:
            yield from _quick_fix(server, version, fix, shown)
    for rule in dict.fromkeys(finding.rule for finding, _ in found):
        if several[rule] > 1:
            yield from _fix_all_of(server, version, rule)
    yield from _silencing(server, version, found)


def _quick_fix(
    server: DflintServer, version: DocumentVersion, fix: Fix, shown: types.Diagnostic
) -> Iterator[types.CodeAction]:
    edits = version.text_edits(fix.edits)
    if not edits:
        return  # it cannot be written where this stands
    is_safe = fix.applicability is Applicability.SAFE
    title = fix.title[:1].upper() + fix.title[1:]
    edit = workspace_edit(server.client_capabilities, version, edits, None if is_safe else _UNSAFE)
    yield types.CodeAction(
        title if is_safe else f"{title} (may change the image)",
        types.CodeActionKind.QuickFix,
        diagnostics=[shown],
        is_preferred=is_safe or None,
        edit=edit,
    )


def _fix_all_of(
    server: DflintServer, version: DocumentVersion, rule: str
) -> Iterator[types.CodeAction]:
    """The action that mends all that a rule has found, if its fixes may be offered."""
    entry = server.checks.session.entries.get(rule)
    best = "" if entry is None else entry.fix
    kind = types.CodeActionKind.QuickFix
    if best == "safe":
        yield _lazy(version, f"Fix all: {rule}", kind, "rule", rule)
    elif best == "unsafe" and server.settings.flag("lint.unsafeFixes"):
        yield _lazy(version, f"Fix all: {rule} (may change the image)", kind, "unsafe", rule)


def _silencing(
    server: DflintServer,
    version: DocumentVersion,
    found: Iterable[tuple[Finding, types.Diagnostic]],
) -> Iterator[types.CodeAction]:
    """The actions that write a comment which silences a rule, at the instruction or in the file."""
    seen: set[str] = set()
    for finding, shown in found:
        rule = finding.rule
        if rule in seen or rule in _NEVER_SILENCED:
            continue
        seen.add(rule)
        for reach, where in ((Reach.INSTRUCTION, "here"), (Reach.FILE, "in this file")):
            yield types.CodeAction(
                f"Ignore {rule} {where}",
                types.CodeActionKind.QuickFix,
                diagnostics=[shown],
                edit=_comment(server, version, rule, finding.span.start, reach),
            )


def _comment(
    server: DflintServer, version: DocumentVersion, rule: str, offset: int, reach: str
) -> types.WorkspaceEdit:
    """The comment that silences a rule, with a place for the reason where the client has such."""
    if takes_snippets(server.client_capabilities):
        edits = silencing_edits(version, rule, offset, reach, _REASON)
        if len(edits) == 1 and _REASON in edits[0].text:
            before, _, after = edits[0].text.partition(_REASON)
            snippet = f"{snippet_text(before)}${{1:reason}}{snippet_text(after)}"
            return snippet_edit(version, edits[0], snippet)
    edits = silencing_edits(version, rule, offset, reach)
    return workspace_edit(server.client_capabilities, version, version.text_edits(edits))


def _fix(server: DflintServer, finding: Finding) -> Fix | None:
    """What mends a finding and may be offered."""
    if finding.make_fix is None:
        return None
    fix = finding.fix()
    if fix is None or not fix.edits:
        return None
    if fix.is_safe or server.settings.flag("lint.unsafeFixes"):
        return fix
    return None


def _lazy(
    version: DocumentVersion, title: str, kind: str, work: str, rule: str = ""
) -> types.CodeAction:
    """An action whose edits are made when it is chosen."""
    data = {"work": work, "rule": rule, "uri": version.uri, "version": version.number}
    return types.CodeAction(title, kind, data=data)


def _touch(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges have a place in common, their ends included."""
    return _at(one.start) <= _at(other.end) and _at(other.start) <= _at(one.end)


def _at(position: types.Position) -> tuple[int, int]:
    return position.line, position.character


def _wants(context: types.CodeActionContext, kind: str) -> bool:
    """Whether the client asked for a kind: for itself, for one that contains it, or for all."""
    if context.only is None:
        return True
    return any(kind == one or kind.startswith(f"{one}.") or one == "" for one in context.only)


async def resolved_edits(
    server: DflintServer, version: DocumentVersion, work: str, rule: str
) -> list[types.TextEdit]:
    """The edits of an action that was chosen, in all Dockerfiles of a document."""
    if work == "format":
        given = types.FormattingOptions(tab_size=4, insert_spaces=True)
        return version.text_edits(format_edits(version, options_for(server, version, given))[0])
    builds = [
        (one, server.configurations.for_builds(one)[0])
        for one in version.dockerfiles
        if one.takes_edits
    ]
    rules = (rule,) if rule else None

    def mended(session: Session) -> list[types.TextEdit]:
        return [
            edit
            for one, config in builds
            for edit in one.text_edits(fix_all_edits(session, one, config, rules, work == "unsafe"))
        ]

    return await server.checks.in_thread(mended)


async def code_actions(
    server: DflintServer, version: DocumentVersion, params: types.CodeActionParams
) -> list[types.CodeAction]:
    """The actions that a client asks for."""
    actions: list[types.CodeAction] = []
    context = params.context
    takes_edits = any(one.takes_edits for one in version.dockerfiles)
    if takes_edits and server.lints(version.uri):
        if _wants(context, types.CodeActionKind.QuickFix):
            checked = await server.checks.of(version.uri)
            current = server.document(version.uri)
            if checked is None or current is None or checked.number != current.number:
                return []  # typing went on meanwhile: the client asks again
            version = current
            for one in version.dockerfiles:
                if one.takes_edits:
                    actions += quick_fixes(server, one, checked.within(one), params.range)
        if _wants(context, FIX_ALL):
            actions.append(_lazy(version, "Fix all that is safe to fix", FIX_ALL, "all"))
    formats = version.is_dockerfile and server.settings.flag("format.enable")
    if formats and _wants(context, FORMAT):
        actions.append(_lazy(version, "Format the Dockerfile", FORMAT, "format"))
    editable = server.editable_at(version.uri, params.range.start)
    if editable is not None and server.settings.flag("enable"):
        actions += _refactorings(server, editable, params)
    if not _resolves(server):
        actions = [await _resolve(server, action) for action in actions]
    return actions


def _refactorings(
    server: DflintServer, version: DocumentVersion, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    """The actions that write something otherwise; only where somebody asks at one place."""
    wants_any = any(_wants(params.context, kind) for kind in (EXTRACT, INLINE, REWRITE))
    if not wants_any or params.context.trigger_kind is types.CodeActionTriggerKind.Automatic:
        return
    offset = version.lines.offset(params.range.start)
    for kind, title, edits in refactorings(version.document, offset):
        changed = version.text_edits(edits)
        if changed and _wants(params.context, kind):
            edit = workspace_edit(server.client_capabilities, version, changed)
            yield types.CodeAction(title, kind, edit=edit)


def register(server: DflintServer) -> None:
    """Answer the requests of this area."""
    options = types.CodeActionOptions(code_action_kinds=list(_KINDS), resolve_provider=True)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def on_code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        version = server.document(params.text_document.uri)
        return [] if version is None else await code_actions(server, version, params)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def on_resolve(action: types.CodeAction) -> types.CodeAction:
        return await _resolve(server, action)


async def _resolve(server: DflintServer, action: types.CodeAction) -> types.CodeAction:
    data = action.data
    if not isinstance(data, dict) or action.edit is not None:
        return action
    version = server.document(str(data.get("uri", "")))
    if version is None or version.number != data.get("version"):
        return action  # the text has changed since: nothing is done
    rule, work = str(data.get("rule", "")), str(data.get("work", ""))
    edits = await resolved_edits(server, version, work, rule)
    warning = _UNSAFE if work == "unsafe" else None
    action.edit = workspace_edit(server.client_capabilities, version, edits, warning)
    return action


def _resolves(server: DflintServer) -> bool:
    """Whether the client fetches the edit of an action that it has none of."""
    document = server.client_capabilities.text_document
    actions = None if document is None else document.code_action
    support = None if actions is None else actions.resolve_support
    return support is not None and "edit" in support.properties
