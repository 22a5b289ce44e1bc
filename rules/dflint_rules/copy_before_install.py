"""The rule `copy-before-install`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run
from dflint.lint.finding import Related, Severity
from dflint.lint.rule import Category, Invalid, Meta, Rule, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
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
    installed files over, and where the `RUN` has bind or cache mounts.

    Docker documentation, "Optimize cache usage": order your layers.
    """

    meta = Meta("copy-before-install", Category.CACHE, Severity.WARNING, since="0.1")
    on = (Copy, Add)
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
        Invalid("FROM a\nCOPY . .\nRUN npm ci\n", at="."),
        Invalid("FROM a\nWORKDIR /app\nADD --chown=1:1 ./ /app\nRUN yarn && yarn build\n", at="./"),
        Invalid("FROM a\nCOPY \\\n  # all\n  . /a\nRUN cd /a && \\\n  pip3 install -r x\n", at="."),
        Invalid("FROM a\nWORKDIR /x\nCOPY api/ /x\nRUN mvn -B clean package\n", at="api/"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """The sources that are copied too early."""
        if not doc.has_after(Run, (Copy, Add)):
            return
        from dflint.semantic.install_hints import installs_dependencies_late

        if not installs_dependencies_late(doc.instructions):
            return
        from dflint.semantic.repeated_installs import repeated_installations

        for repeated in repeated_installations(doc.model):
            copy, installation = repeated.copy, repeated.installation
            where = doc.argument(copy.instruction, copy.at)
            related = Related(installation.command.span, "each change of the sources repeats this")
            line = doc.lines.line(related.span.start)
            yield self.finding(doc, where, _message(repeated, line), (related,))


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
