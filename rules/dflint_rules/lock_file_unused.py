"""The rule `lock-file-unused`."""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding

_NPM: dict[str, object] = {"files": {"package.json": "", "package-lock.json": "", "a.js": ""}}
_YARN: dict[str, object] = {"files": {"web/package.json": "", "web/yarn.lock": ""}}
_OTHERS: dict[str, object] = {
    "files": {
        "pyproject.toml": "",
        "uv.lock": "",
        "Cargo.toml": "",
        "Cargo.lock": "",
        "composer.json": "",
        "composer.lock": "",
        "Gemfile": "",
        "Gemfile.lock": "",
    }
}


class LockFileUnused(Rule):
    """Dependencies are installed without keeping to the lock file that the context has.

    A lock file says which versions were tried together. `npm install`, `yarn install`, `uv sync`
    and `cargo build` change what it says where the manifest wants something else, and the image
    then holds what nobody has tried; with `npm ci` and the like the build ends instead. Where the
    manifest was copied and the lock file was not, the newest versions are installed that fit.

    It is reported where the build context is known (`--context`, the key `context`, or a
    `.dockerignore` beside the Dockerfile), has the lock file beside the manifest that was copied,
    and nothing in the environment asks to keep to it.

    npm documentation, "npm ci"; Yarn, `--frozen-lockfile`; pnpm, `--frozen-lockfile`; uv, "Locking
    and syncing"; Cargo Book, `--locked`; Bundler, `BUNDLE_FROZEN`; Composer, `install`.
    """

    meta = Meta("lock-file-unused", Category.REPRODUCIBILITY, Severity.WARNING, since="0.1")
    on = (Run,)
    mentions = (
        "npm", "yarn", "bun", "uv ", "poetry", "pipenv", "composer", "cargo", "go mod", "go build",
    )  # fmt: skip
    given = (("files", {"package.json": "", "package-lock.json": ""}),)
    bad = (
        "FROM node:24.1.0\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install\n"
    )
    good = "FROM node:24.1.0\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n"
    valid = (
        Valid("FROM a\nCOPY package*.json ./\nRUN npm ci && npm install -g b && npm i c\n", _NPM),
        Valid("FROM a\nCOPY a.js ./\nRUN npm install\n", _NPM),
        Valid("FROM a\nCOPY . .\nRUN npm install\n", {"files": {"package.json": ""}}),
        Valid("FROM a\nCOPY web ./\nRUN yarn install --immutable\n", _YARN),
        Valid("FROM a\nENV UV_LOCKED=1\nCOPY . .\nRUN uv sync && cargo build --locked\n", _OTHERS),
        Valid(
            "FROM a\nCOPY . .\nRUN composer install && BUNDLE_FROZEN=1 bundle install\n", _OTHERS
        ),
        Valid("FROM a\nCOPY package.json .\nRUN --mount=source=package-lock.json npm i\n", _NPM),
        Valid("FROM a\nCOPY package.json ./\nRUN npm install\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY package*.json ./\nRUN npm install\n", "npm install", _NPM),
        Invalid("FROM a\nCOPY package.json ./\nRUN npm i --omit=dev\n", "npm i", _NPM),
        Invalid("FROM a\nCOPY web/ ./\nRUN yarn && yarn build\n", "yarn", _YARN),
        Invalid(
            "FROM a\nCOPY . .\nRUN uv sync --no-dev && cargo build\nRUN composer update\n",
            at=("uv sync", "cargo build", "composer update"),
            options=_OTHERS,
        ),
        Invalid(
            "FROM a\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n", "bundle install", _OTHERS
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the call, with what keeps to the file."""
        context = doc.settings.context
        if context is None or not context.knows_files:
            return
        from dflint.semantic.unused_locks import unused_locks

        for found in unused_locks(doc.model, doc.programs, doc.text, context):
            call = f"{found.call.name} {found.call.verb}".strip()
            if found.is_copied:
                text = f"`{call}` need not keep to {quoted(found.path)}; write `{found.advice}`"
            else:
                text = (
                    f"{quoted(found.path)} was not copied: `{call}` takes the newest versions "
                    "that fit; copy it with the manifest"
                )
            yield self.finding(doc, found.call.call_span, text)
