"""The rule `copy-before-install`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy, Run
from dflint.lint.finding import Related, Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid
from dflint.semantic.install_hints import installs_dependencies_late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.repeated_installs import RepeatedInstallation


class CopyBeforeInstall(Rule):
    """Sources copied before the dependencies are installed make every change install them again.

    A `COPY` is cached as long as what it copies is the same, and a `RUN` as long as all before it
    is. After `COPY . .` each edited line repeats `npm ci`, although nothing but `package.json` and
    its lock file decide what that installs. Copied first, and alone, they keep the installation
    cached until a dependency changes:

        COPY package.json package-lock.json ./
        RUN npm ci
        COPY . .

    Nothing is said where the manifests were installed from before, where another stage hands the
    installed files over, and where the `RUN` has bind or cache mounts, but for the packages of the
    system.

    The fix parts the `COPY`, for managers that need nothing but their manifests (npm, yarn, pnpm,
    pip, pipenv, bundler, go). It is unsafe: an install script may look for the sources.

    Docker documentation, "Optimize cache usage": order your layers.
    """

    meta = Meta("copy-before-install", Category.CACHE, Severity.WARNING, since="0.1", fix="unsafe")
    on = (Copy, Add)
    occasion = "copy before run"
    bad = "FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
    good = (
        "FROM node:22-slim\n"
        "WORKDIR /app\n"
        "COPY package.json package-lock.json ./\n"
        "RUN npm ci\n"
        "COPY . .\n"
    )
    valid = (
        Valid("FROM a\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n"),
        Valid("FROM a\nCOPY package.json ./\nRUN npm i\nCOPY . .\nRUN npm i\nRUN npm i -g x\n"),
        Valid("FROM a AS b\nRUN npm ci\nFROM b\nCOPY . .\nRUN npm ci --omit=dev\n"),
        Valid("FROM a\nCOPY . /app\nWORKDIR /x\nRUN npm i\nRUN npm i left-pad\nRUN cd ~; npm i\n"),
        Valid("FROM a\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\n"),
        Valid("FROM a\nCOPY . .\nRUN pip install .\nRUN ./manifest.sh && pip install -r r.txt\n"),
        Valid("FROM a\nCOPY --from=b . .\nRUN npm ci\nCOPY . .\nRUN apt-get install npm\n"),
        Valid("FROM a\nCOPY gradle gradle\nRUN ./gradlew fetch\nCOPY . .\nRUN ./gradlew build\n"),
        Valid("FROM a\nCOPY requirements /r\nRUN pip install -r /r/test.txt\n"),
        Valid("FROM a\nCOPY src src\nCOPY package.json .\nRUN npm ci\nRUN npm i x@1\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nCOPY . /b\nWORKDIR /b\nRUN pip install -r c -c d\n",
            at=".",
            fixed=(
                "FROM a\nCOPY c d /b/\nWORKDIR /b\nRUN pip install -r c -c d\nCOPY . /b\n"
            ),
            unsafe=True,
        ),
        Invalid(
            "FROM a\n# c\nCOPY . .\n# i\nRUN npm ci\n",
            at=".",
            fixed="FROM a\n# c\nCOPY package*.json ./\n# i\nRUN npm ci\nCOPY . .\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nWORKDIR /app\nADD --chown=1:1 ./ /app\nUSER 1\nRUN yarn && \\\n  yarn build\n",
            at="./",
            fixed=(
                "FROM a\nWORKDIR /app\nADD --chown=1:1 package.json yarn.lock* /app/\nUSER 1\n"
                "RUN yarn\nADD --chown=1:1 ./ /app\nRUN yarn build\n"
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nCOPY . .\nCOPY b c\nRUN npm ci\n", at="."),
        Invalid(
            "FROM a\nCOPY . .\nRUN --mount=type=cache,target=/var/cache/apt npm ci\n",
            at=".",
            fixed=(
                "FROM a\nCOPY package*.json ./\n"
                "RUN --mount=type=cache,target=/var/cache/apt npm ci\nCOPY . .\n"
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nCOPY . .\nRUN composer install\n", at="."),
        Invalid("FROM a\nCOPY . .\nRUN npm i && npm cache clean --force\n", at="."),
        Invalid(
            "FROM a\nCOPY . /b\nWORKDIR /b\nRUN pip install -r c.txt\n",
            at=".",
            fixed="FROM a\nCOPY c.txt /b/\nWORKDIR /b\nRUN pip install -r c.txt\nCOPY . /b\n",
            unsafe=True,
        ),
        Invalid("FROM a\nCOPY . .\nRUN npm ci || npm i\n", at="."),
        Invalid("FROM a\nCOPY \\\n  # all\n  . /a\nRUN cd /a && \\\n  pip3 install -r x\n", at="."),
        Invalid("FROM a\nWORKDIR /x\nCOPY api/ /x\nRUN mvn -B clean package\n", at="api/"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """The sources that are copied too early."""
        if not installs_dependencies_late(doc.instructions):
            return
        import dflint.semantic.repeated_installs as module

        for repeated in module.repeated_installations(doc.model):
            copy, installation = repeated.copy, repeated.installation
            where = doc.argument(copy.instruction, copy.at)
            related = Related(installation.command.span, "each change of the sources repeats this")
            line = doc.lines.line(related.span.start)
            fix = partial(_fix, doc, repeated)
            yield self.finding(doc, where, _message(repeated, line), (related,), fix)


def _fix(doc: Document, repeated: RepeatedInstallation) -> Fix | None:
    from dflint.lint.edits import has_suppression
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix, Span
    from dflint.semantic.instruction_at import instruction_at
    from dflint.semantic.late_copies import can_pass, copied_manifests, parted_install
    from dflint.semantic.run_scripts import run_script
    from dflint.semantic.stage_shell import stage_shells

    copy = repeated.copy.instruction
    run = instruction_at(doc.tree, repeated.installation.command.span.start)
    manifests = copied_manifests(repeated, doc.settings.context)
    if manifests is None or not isinstance(run, Run) or not can_pass(copy, run, doc.model):
        return None
    if has_suppression(doc, copy) or has_suppression(doc, run):
        return None
    script = run_script(run, stage_shells(doc.tree)[run])
    edits = None if script is None else parted_install(repeated, run, script, manifests)
    if edits is None:
        return None
    title = "copy the manifests before it and the rest after it"
    scope = Span(copy.line.start, run.line.stop)
    return Fix(
        title, edits, Applicability.UNSAFE, Effect.FILES | Effect.LAYERS, scope, contract=SAME_IMAGE
    )


def _message(repeated: RepeatedInstallation, line: int) -> str:
    installation = repeated.installation
    first, *more = (f"`{name}`" for name in repeated.manifests)
    files = f"{first} (and {more[0]})" if more else first
    action = installation.action
    if installation.is_build:
        return (
            f"each change of the sources makes `{action}` (line {line}) fetch all dependencies "
            f"again: copy {files} first, run {installation.manager.prefetch}, then copy the rest"
        )
    if repeated.has_manifests:
        return (
            f"each change of the sources repeats `{action}` (line {line}), though its manifests "
            "are copied by themselves: copy the sources after it"
        )
    return (
        f"each change of the sources repeats `{action}` (line {line}): copy {files} before it "
        "and the rest after it"
    )
