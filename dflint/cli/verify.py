"""`dflint verify` and `dflint equiv`: whether two Dockerfiles make the same image."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from dflint.cli.docker_flags import choice, read_flags
from dflint.cli.output.verdict import render_verdict
from dflint.cli.verify_options import FLAGS, FORMATS, Compared, help_text, read_compared
from dflint.engine.context import context_of
from dflint.errors import UnsupportedError, UsageError
from dflint.lint.document import Document
from dflint.verify.image.proof import prove
from dflint.verify.image.verdict import ImageVerdict, Level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.build.progress.progress import Progress
    from dflint.build.request import BuildRequest
    from dflint.build.session import BuildSession
    from dflint.verify.image.verifier import ImageVerifier

SAME, DIFFERENT, UNKNOWN, INTERRUPTED = 0, 1, 4, 130


def verify(words: Sequence[str]) -> int:
    """Run `dflint verify`; the exit status is as `compare` gives it."""
    return compare("verify", words)


def compare(verb: str, words: Sequence[str]) -> int:
    """Run `verify` or `equiv`; the exit status is 0 for the same image, 1 for another one."""
    try:
        given = read_flags(words, FLAGS)
        if given.is_on("--help"):
            sys.stdout.write(help_text(verb))
            return SAME
        compared = read_compared(given, os.environ)
        form = choice(given, "--format", FORMATS)
        kind = choice(given, "--progress", ("none", "plain"))
    except UsageError as error:
        raise UsageError(f"{error} (`dflint {verb} --help` lists the options)") from None
    before, after = Document(compared.before), Document(compared.after)
    with contextlib.ExitStack() as held:
        made: list[ImageVerifier] = []

        def images() -> ImageVerifier:
            made.append(held.enter_context(verifying(compared.request, kind == "plain")))
            return made[0]

        try:
            verdict = prove(
                before,
                after,
                images,
                compared.contract,
                uses_plan=not given.is_on("--no-plan"),
                context=context_of(compared.after, compared.request.context),
            )
        except UnsupportedError as error:
            verdict = ImageVerdict(Level.UNVERIFIED, reason=str(error))
        except KeyboardInterrupt:
            return INTERRUPTED
        place = given.last("--evidence")
        if place is not None:
            _write_evidence(place, compared, verdict, made[0].session if made else None)
        sys.stdout.write(render_verdict(verdict, compared.names, form, is_short=verb == "equiv"))
        return status_of(verdict)


def _write_evidence(
    place: str, compared: Compared, verdict: ImageVerdict, session: BuildSession | None
) -> None:
    from dflint.cli.evidence_files import write_evidence
    from dflint.engine.report import FileReport, FixedFile
    from dflint.verify.image.evidence import Proof, statement

    request = compared.request
    values = {"arguments": dict(request.build_args), "target": request.target}
    texts = compared.before.text, compared.after.text
    proof = Proof(compared.names[1], *texts, verdict, "dflint", values)
    file = FixedFile(FileReport(compared.names[1]), *texts)
    write_evidence(place, [(file, [statement(proof, session)])])


def status_of(verdict: ImageVerdict) -> int:
    """The exit status for a verdict."""
    if verdict.level is Level.UNVERIFIED:
        return UNKNOWN
    return SAME if verdict.is_accepted else DIFFERENT


@contextlib.contextmanager
def verifying(request: BuildRequest, is_loud: bool = False) -> Iterator[ImageVerifier]:
    """An image verifier; `is_loud` shows what it builds on standard error.

    The process goes where mounts can be made. Raises UnsupportedError where that cannot be.
    """
    from dflint.build.session import BuildSession
    from dflint.cli.build import enter_namespace
    from dflint.verify.image.verifier import ImageVerifier

    enter_namespace()
    with BuildSession(request) as session:
        yield ImageVerifier(session, _plain_progress) if is_loud else ImageVerifier(session)


def _plain_progress() -> Progress:
    from dflint.build.progress.plain import PlainPrinter
    from dflint.build.progress.progress import Progress

    return Progress(PlainPrinter(_write))


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
