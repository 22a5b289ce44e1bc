"""The rule `secret-mount`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation


class SecretMount(Rule):
    """A command that needs credentials has no secret mounted.

    Which commands speak to servers that want credentials is in the option `commands`: `npm ci`,
    `pip install`. Without `--mount=type=secret` (or `type=ssh`) in their `RUN` the credentials
    come from the image or from build arguments, where everybody finds them who has the image.

    Proposed is a mount of the file in which the program looks for credentials in root's home, or of
    the SSH agent for `git`; which they are, and how the build is given them, has to be decided.

    Off unless selected: without the option it says nothing.

    Docker documentation, "Build secrets".
    """

    meta = Meta(
        "secret-mount",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "tally/require-secret-mounts",
            "tally/ruby/prefer-secret-mounts-for-build-credentials",
        ),
        default=False,
        fix="display",
        options=(
            OptionSpec("commands", "list[str]", (), "Programs, perhaps with a verb: `npm ci`."),
        ),
    )
    on = (
        Run,
        OnBuild,
    )
    bad = "FROM node:22-slim\nRUN npm whoami\n"
    good = "FROM node:22-slim\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm whoami\n"
    given = (("commands", ("npm",)),)
    valid = (
        Valid("FROM a\nRUN npm ci\n"),
        Valid(
            "FROM a\nRUN --mount=type=ssh npm ci && pip freeze\n",
            {"commands": ("npm", "pip install")},
        ),
    )
    invalid = (
        Invalid("FROM a\nRUN npm ci && npm test\n", at="npm ci", options={"commands": ("npm ci",)}),
        Invalid("FROM a\nRUN go build\n", at="go build", options={"commands": ("go",)}),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        wanted = doc.settings.options.get(self.meta.name, {}).get("commands", ())
        if not isinstance(wanted, (tuple, list)):
            return
        names = {text.split(" ")[0] for text in wanted if text.strip()}
        for program in doc.programs if names else ():
            mounts = program.occurrence.reading.flag_values("mount")
            if any("type=secret" in mount or "type=ssh" in mount for mount in mounts):
                continue
            for call in program.invocations_of(*names):
                called = (
                    f"{call.name} {call.verb or ''.join(one.prefix for one in call.arguments[:1])}"
                )
                if call.name in wanted or called in wanted:
                    yield self.finding(
                        doc,
                        call.call_span,
                        "this project has its credentials mounted here; add `--mount=type=secret` "
                        "to the RUN",
                        fix=partial(_fix, doc, program, call),
                    )


#: Where programs look for credentials, below root's home.
_FILES = {
    "bundle": ".bundle/config",
    "cargo": ".cargo/credentials.toml",
    "composer": ".composer/auth.json",
    "dotnet": ".nuget/NuGet/NuGet.Config",
    "gem": ".gem/credentials",
    "go": ".netrc",
    "gradle": ".gradle/gradle.properties",
    "mvn": ".m2/settings.xml",
    "npm": ".npmrc",
    "npx": ".npmrc",
    "pip": ".config/pip/pip.conf",
    "pnpm": ".npmrc",
    "twine": ".pypirc",
    "uv": ".netrc",
    "yarn": ".npmrc",
}
_ROOT = ("", "0", "root")


def _fix(doc: Document, program: Program, call: Invocation) -> Fix | None:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix

    name = call.tool.name if call.tool is not None else call.name or ""
    user = doc.model.state_before(program.instruction).user or ""
    if name == "git":
        mount = "type=ssh"
    elif name in _FILES and user.partition(":")[0] in _ROOT:
        path = _FILES[name]
        id = path.rpartition("/")[2].lstrip(".")
        mount = f"type=secret,id={id},target=/root/{path}"
    else:
        return None
    edit = Edit.insertion(program.occurrence.keyword.end, f" --mount={mount}")
    title, level = f"mount `{mount}`", Applicability.DISPLAY
    return Fix(title, (edit,), level, Effect.FILES, contract=SAME_IMAGE)
