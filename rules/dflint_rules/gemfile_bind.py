"""The rule `gemfile-bind`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Run
from dflint.lint.finding import Related
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.gemfile_copies import GemfileCopies
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class GemfileBind(Rule):
    """A Gemfile is copied for one `RUN`, and copied again with all sources.

    `bundle install` needs the Gemfile and its lock; bound to the RUN
    (`--mount=type=bind,source=Gemfile,target=Gemfile`) they are there without a layer of their
    own, and the cache still knows them.

    Off unless selected: a copy is as good, but for the layer. The fix binds the files and takes the
    copy out, where nothing else may want them before the copy of all sources. Unless Bundler is
    told not to write the lock it may (`rw`): it fails otherwise. What it writes there is lost with
    the RUN; the copy below writes over it as it is. It is unsafe: it takes BuildKit, and a gem may
    look for other files.

    Dockerfile reference, "RUN --mount=type=bind".
    """

    meta = Meta(
        "gemfile-bind",
        Category.SIZE,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/prefer-gemfile-bind-mounts",),
        default=False,
        fix="unsafe",
    )
    on = (Run,)
    mentions = ("bundle",)
    bad = (
        "FROM ruby:3.4\n"
        "ENV BUNDLE_DEPLOYMENT=1\n"
        "WORKDIR /app\n"
        "COPY Gemfile Gemfile.lock ./\n"
        "RUN bundle install\n"
        "COPY . .\n"
    )
    good = (
        "FROM ruby:3.4\n"
        "ENV BUNDLE_DEPLOYMENT=1\n"
        "WORKDIR /app\n"
        "RUN --mount=type=bind,source=Gemfile,target=Gemfile \\\n"
        "    --mount=type=bind,source=Gemfile.lock,target=Gemfile.lock \\\n"
        "    bundle install\n"
        "COPY . .\n"
    )
    valid = (
        Valid("FROM a\nWORKDIR /b\nCOPY Gemfile ./\nRUN bundle install\nCOPY lib lib\n"),
        Valid("FROM a\nWORKDIR /b\nCOPY Gemfile ./\nRUN bundle install\nRUN rake\nCOPY . .\n"),
        Valid("FROM a\nWORKDIR /b\nCOPY Gemfile c ./\nRUN bundle install\nCOPY . .\n"),
        Valid("FROM a\nWORKDIR /b\nCOPY Gemfile /c/\nRUN bundle install\nCOPY . .\n"),
        Valid("FROM a\nCOPY Gemfile ./\nRUN bundle install\nCOPY . .\n"),
        Valid("FROM a\nWORKDIR /b\nCOPY --from=c Gemfile ./\nRUN bundle install\nCOPY . .\n"),
        Valid(
            "FROM a\nWORKDIR /b\nCOPY Gemfile ./\nRUN --mount=target=/d bundle install\nCOPY . ."
        ),
        Valid("FROM a\nWORKDIR /b\nCOPY c/Gemfile ./\nRUN bundle install\nCOPY . .\n"),
    )
    invalid = (
        Invalid(
            "FROM ruby\nWORKDIR /b\nADD Gemfile /b/Gemfile\n# c\nCOPY c d/\nADD Gemfile.lock ./\n"
            "RUN gem i bundler && rm -f /d && bundle install\nRUN npm ci\nCOPY --chown=1 . /b\n",
            at="Gemfile",
            fixed=(
                "FROM ruby\nWORKDIR /b\n# c\nCOPY c d/\n"
                "RUN --mount=type=bind,source=Gemfile,target=Gemfile \\\n"
                "    --mount=type=bind,source=Gemfile.lock,target=Gemfile.lock,rw \\\n"
                "    gem i bundler && rm -f /d && bundle install\nRUN npm ci\nCOPY --chown=1 . /b\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM ruby\nWORKDIR /b\nCOPY c/Gemfile ./\nRUN bundle install\nCOPY c .\n",
            at="c/Gemfile",
            fixed=(
                "FROM ruby\nWORKDIR /b\n"
                "RUN --mount=type=bind,source=c/Gemfile,target=Gemfile bundle install\nCOPY c .\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM ruby\nWORKDIR /b\nCOPY Gemfile* ./\nRUN bundle install\nCOPY . .\n",
            at="Gemfile*",
        ),
        Invalid(
            "FROM a\nWORKDIR /b\nCOPY Gemfile ./\nRUN bundle install && chown -R c .\nCOPY . .\n",
            at="Gemfile",
        ),
        Invalid(
            "FROM a\nWORKDIR /b\nUSER c\nCOPY Gemfile ./\nRUN bundle install\nCOPY . .\n",
            at="Gemfile",
        ),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the copies for the first installation of each RUN."""
        if "Gemfile" not in doc.text:
            return
        from dflint.semantic.gemfile_copies import gemfile_copies

        for program in doc.programs:
            mounts = program.occurrence.reading.flag_values("mount")
            if program.occurrence.is_trigger or not all("type=cache" in one for one in mounts):
                continue
            directory = doc.model.state_before(program.instruction).workdir
            if directory is None:
                continue
            for call in program.invocations_of("bundle"):
                if call.action != "install" or program.directory_at(call.command) != directory:
                    continue
                copies = gemfile_copies(doc.model, program, directory)
                if copies is not None:
                    yield self._report(doc, program, call, copies)
                break

    def _report(
        self, doc: Document, program: Program, call: Invocation, copies: GemfileCopies
    ) -> Finding:
        again = doc.lines.line(copies.below.line.start)
        return self.finding(
            doc,
            doc.argument(copies.copies[0], 0),
            f"line {again} copies this again; bind it to the RUN that installs instead, with "
            f"`--mount=type=bind,source={copies.sources['Gemfile']},target=Gemfile`",
            (Related(call.call_span, "installed here"),),
            partial(_fix, doc, program, call, copies),
        )


def _fix(doc: Document, program: Program, call: Invocation, copies: GemfileCopies) -> Fix | None:
    from dflint.lint.gemfile_binds import bind

    return bind(doc, program, call, copies)
