"""The rule `pip-pin`."""

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


class PipPin(Rule):
    """A Python package is installed without saying which version.

    The same Dockerfile gives another image when the project has released again, and a new major
    version arrives unannounced.

    Off unless selected: it is what users of linters switch off most.

    Any version will do (`==`, `~=`, `>=`, …), as will a constraints file. Not reported:
    requirements files, local directories and archives, URLs, repositories with a revision
    (`git+https://…@v1`), and what only a run can tell.

    pip documentation, "Requirement Specifiers".
    """

    meta = Meta(
        "pip-pin",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3013",
            "Unpinned_Package_Version_in_Pip_Install",
        ),
        default=False,
    )
    on = (Run, OnBuild)
    mentions = ("pip",)
    bad = "FROM python:3.13-slim\nRUN pip install --no-cache-dir flask\n"
    good = "FROM python:3.13-slim\nRUN pip install --no-cache-dir flask==3.1.1\n"
    valid = (
        Valid(
            "FROM a\nRUN pip install -r b -i c 'd>=1' e~=2 f[g]==3 . ./h i.whl && pip download j\n"
        ),
        Valid("FROM a\nRUN pip install -c b c && pip install git+https://d/e@f -e g/h $I j==$K\n"),
        Valid("FROM a\nENV P='b==1 c==2'\nRUN python3 -m pip install $P https://d/e.zip\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN pip install -U pip b[c] d==1\n", at=("pip", "b[c]")),
        Invalid(
            "FROM a\nRUN python3 -m \\\n  # new\n  pip install git+https://b/c#egg=d e==1\n",
            at="git+https://b/c#egg=d",
        ),
        Invalid(
            "ONBUILD RUN pipx install b && uv pip install 'c; d>\"1\"'\n", ("b", "'c; d>\"1\"'")
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each package without a version."""
        for _, package in unpinned_packages(doc.programs, "pip", "uv pip", "pipx"):
            name = package.value or ""
            advice = f"write {quoted(f'{name}==version')}, or install from a requirements file"
            if name.startswith("git+"):
                advice = "write `@` and a tag or commit behind its path"
            message = (
                f"{quoted(name)} is installed in the version that is newest at build time; {advice}"
            )
            yield self.finding(doc, package.span, message)
