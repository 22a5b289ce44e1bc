"""The rule `npm-pin`."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.package_versions import unpinned_packages
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class NpmPin(Rule):
    """A package is installed with `npm` without saying which version.

    `npm install name` takes the version that has the tag `latest` when the image is built: the
    same Dockerfile gives another image after the next release, and a new major version arrives
    unannounced. What `package.json` names has its version there, and a lock file for the rest;
    what is named in a `RUN` has neither.

    Any version or range will do, and so will a tag: who writes `npm@latest` or `npm@next` wants
    just that. Not reported: directories, archives, repositories with `#` and a revision, and
    what only a run can tell.

    npm documentation, "npm install".
    """

    meta = Meta(
        "npm-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3016",
            "NPM_Install_Command_Without_Pinned_Version",
        ),
    )
    on = (Run, OnBuild)
    mentions = ("npm",)
    bad = "FROM node:22-slim\nRUN npm install -g typescript\n"
    good = "FROM node:22-slim\nRUN npm install -g typescript@5.9.2\n"
    valid = (
        Valid("FROM a\nRUN npm install && npm i -g b@1 @c/d@^2 npm@latest ./e f.tgz $G h@$I\n"),
        Valid(
            "FROM a\nRUN npm --prefix b install --registry c -w d git+https://e/f.git#v1 g/h#i .\n"
        ),
    )
    invalid = (
        Invalid("FROM a\nRUN npm install -g b c@1 @d/e\n", at=("b", "@d/e")),
        Invalid(
            "FROM a\nRUN npm \\\n  # new\n  i b/c git+https://d/e.git f@1\n",
            at=("b/c", "git+https://d/e.git"),
        ),
        Invalid("ONBUILD RUN bash -c 'npm install --global b'\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package without a version."""
        for _, package in unpinned_packages(doc.programs, "npm"):
            name = package.value or ""
            is_package = ":" not in name and (name.startswith("@") or "/" not in name)
            advice = f"write {quoted(f'{name}@version')}"
            if not is_package:
                advice = "write `#` and a tag or commit behind it"
            message = (
                f"{quoted(name)} is installed in the version that is newest at build time; {advice}"
            )
            yield self.finding(doc, package.span, message)
