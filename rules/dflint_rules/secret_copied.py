"""The rule `secret-copied`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_FILES: dict[str, object] = {
    "files": {
        "main.py": "",
        ".env": "TOKEN=abc\n",
        ".env.example": "TOKEN=abc\n",
        "conf/id_rsa": "",
        "conf/ca.pem": "-----BEGIN CERTIFICATE-----\n",
        "conf/tls.key": "-----BEGIN PRIVATE KEY-----\n",
        "web/.npmrc": "registry=https://a.b/\n",
        "web/.env": "# nothing\nA=\n",
        "tests/id_rsa": "",
    }
}


class SecretCopied(Rule):
    """`COPY` or `ADD` takes a file with secrets into the image.

    Whoever has the image has all of its files, those that a later step removes too, and the layers
    of an image are kept in caches and registries. `COPY . .` takes all that `.dockerignore` does
    not keep out. List the file there, and give the build what it needs with `RUN
    --mount=type=secret`, the container with the means of what runs it.

    Known are the files of the build context, where that is known (`--context`, the key `context`,
    or a `.dockerignore` beside the Dockerfile): `.env` with values, private keys, `.npmrc` and
    `.pypirc` with a token or password, `.netrc`, `.git-credentials`, `.aws/credentials`,
    `.kube/config`, key stores. Only the stages are looked at that become the image; what lies in a
    directory of tests or examples is no secret.

    Docker documentation, "Build secrets", "Build context".
    """

    meta = Meta("secret-copied", Category.SECURITY, Severity.WARNING, since="0.1")
    on = (Copy, Add)
    given = (("files", {"server.js": "", "conf/.env": "TOKEN=abc"}),)
    bad = "FROM node:24.1.0\nWORKDIR /app\nCOPY server.js conf ./\n"
    good = "FROM node:24.1.0\nWORKDIR /app\nCOPY server.js ./\n"
    valid = (
        Valid("FROM a\nCOPY . /b\n", _FILES | {"dockerignore": "**/.env\nconf\n"}),
        Valid("FROM a\nCOPY main.py .env.example web tests conf/ca.pem /b/\n", _FILES),
        Valid("FROM a AS b\nCOPY . /c\nFROM a\nCOPY --from=b /c/main.py /c/\n", _FILES),
        Valid("FROM a\nCOPY .env /b\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY . /b\n", at=".", options=_FILES),
        Invalid("FROM a\nCOPY main.py conf .env /b\n", at=("conf", ".env"), options=_FILES),
        Invalid(
            "FROM a AS b\nADD ./*/ /c/\nFROM b\n",
            at="./*/",
            options=_FILES | {"dockerignore": "*\n!conf/tls.key\n"},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each source with the files that it brings."""
        context = doc.settings.context
        if context is None or not context.knows_files:
            return
        from dflint.semantic.context_walk import copied_files
        from dflint.semantic.secret_files import is_secret, may_be_secret
        from dflint.semantic.shipped_stages import shipped_stages

        shipped = shipped_stages(doc.model)
        for instruction in (*doc.all(Copy), *doc.all(Add)):
            stage = doc.model.stage_of(instruction)
            if stage is None or stage.index not in shipped:
                continue
            found: dict[tuple[int, int], list[str]] = {}
            spans = {}
            for path, span in copied_files(doc.model, instruction, context, may_be_secret):
                if is_secret(context, path):
                    found.setdefault((span.start, span.end), []).append(path)
                    spans[span.start, span.end] = span
            for place, paths in found.items():
                paths = sorted(set(paths))
                names = ", ".join(map(quoted, paths[:2])) + (" and more" if paths[2:] else "")
                yield self.finding(
                    doc,
                    spans[place],
                    f"{names} would be in the image, for everybody who has it; keep it out with "
                    f"`.dockerignore`, and use `RUN --mount=type=secret`",
                )
