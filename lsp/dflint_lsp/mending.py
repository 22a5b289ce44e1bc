"""All fixes of a document at once, as `dflint check --fix` makes them."""

from __future__ import annotations

from dflint_lsp.convert import line_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.config.schema import Config
    from dflint.engine.session import Session
    from dflint.text.edit import Edit
    from dflint_lsp.documents import DocumentVersion


def fix_all_edits(
    session: Session,
    version: DocumentVersion,
    config: Config,
    rules: tuple[str, ...] | None,
    unsafe: bool = False,
) -> list[Edit]:
    """The edits that apply all fixes that are safe, or those of some rules, `unsafe` ones too.

    What would be built is compared before and after, and a fix that does more than it says is left
    out.
    """
    from dflint.discovery.markup import template_reason
    from dflint.fix.loop import Wanted
    from dflint.verify.plan import PlanVerifier

    if template_reason(version.text) is not None:
        return []
    configured = session.wanted(config)
    chosen = configured.rules if rules is None else rules
    wanted = Wanted(unsafe, chosen, configured.unfixable)
    mended = session.mend(version.source, config, wanted, PlanVerifier())
    if mended.problem or not mended.outcome.is_changed:
        return []
    return line_edits(version.text, mended.outcome.doc.text)
