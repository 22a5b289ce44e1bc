"""The rule `secret-in-arg-env`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Arg, Env, OnBuild
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.secret_settings import secret_settings
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.secret_settings import SecretSetting


class SecretInArgEnv(Rule):
    """A secret is handed over in an `ARG` or `ENV`, where it stays readable.

    The values of `ENV` are in the image's configuration: `docker inspect` shows them to everyone
    who has the image, and a later `ENV` or `unset` takes nothing back. The value of an `ARG` is
    in `docker history` beside each `RUN` that could use it, and in the build's records and
    provenance. `RUN --mount=type=secret` gives a command the secret and leaves no trace; what a
    program needs when it runs is given to the container.

    What a secret is is told by the name: one of its words is `PASSWORD`, `SECRET`, `TOKEN`, `KEY`,
    `AUTH` or the like, or it ends as `dbPassword` does. Names with `PUBLIC`, and those of a file
    (`…_FILE`), a socket or a version are no secret's. Nor is what is set to something else in plain
    sight: to nothing, a path, a URL, a switch, the fingerprint of a signing key, or as `FILTER_KEY`
    beside `FILTER_VALUE`; nor a property of the secret as `TOKEN_URL`. BuildKit goes by the name
    alone; the option `harmless-values` does too, with an `info`. An `ARG` before the first `FROM`
    is reported unless a stage declares it again, where it is reported then.

    Docker documentation, "Build secrets"; BuildKit check SecretsUsedInArgOrEnv.
    """

    meta = Meta(
        "secret-in-arg-env",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "SecretsUsedInArgOrEnv",
            "DL3064",
            "tally/ruby/secrets-in-arg-or-env",
            "DS-0031",
            "Secrets_Stored_In_Dockerfile",
            "secret-in-build-arg",
            "S6472",
            "CIS-DI-0010",
        ),
        options=(
            OptionSpec(
                "harmless-values",
                "bool",
                False,
                "Report also names of secrets that are set to what plainly is none.",
                exact_for=(
                    "SecretsUsedInArgOrEnv",
                    "DL3064",
                ),
            ),
        ),
        fix="display",
    )
    on = (Arg, Env, OnBuild)
    mentions = ("key", "auth", "credential", "pass", "pword", "secret", "token")
    bad = (
        "FROM node:22-slim\n"
        "ARG NPM_TOKEN\n"
        "WORKDIR /app\n"
        "COPY package.json package-lock.json .npmrc ./\n"
        "RUN npm ci\n"
    )
    good = (
        "FROM node:22-slim\n"
        "WORKDIR /app\n"
        "COPY package.json package-lock.json .npmrc ./\n"
        "RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci\n"
    )
    valid = (
        Valid("FROM a\nENV PASSWORD_FILE=/run/secrets/b SSH_AUTH_SOCK=/c SSH_PUBLIC_KEY=d\n"),
        Valid("FROM a\nENV MONKEY=b AUTHOR=c KEYS=d TOKENIZER=e SECRET_API_VERSION=2\n"),
        Valid("FROM a\nRUN --mount=type=secret,id=token b\nLABEL token=c\nENV A=$TOKEN\n"),
        Valid("ARG PASSWORDS_DIR\nFROM a\nONBUILD RUN echo TOKEN\n"),
        Valid("FROM a\nENV GPG_KEY=0123ABCD TOKEN= TLS_KEY=/etc/key\nENV A_KEY=b A_VALUE=c\n"),
    )
    invalid = (
        Invalid(
            "ARG NPM_TOKEN\nFROM a\nARG B NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN\n",
            at=("NPM_TOKEN", "NPM_TOKEN"),
        ),
        Invalid(
            'FROM a\nENV B=c \\\n  # comment\n  "dbPassword"=d \\\n  api_key=e\nENV auth f\n',
            at=('"dbPassword"', "api_key", "auth"),
        ),
        Invalid(
            "FROM a\nONBUILD ARG GITHUB_TOKEN\nONBUILD ENV SECRET=b\n", ("GITHUB_TOKEN", "SECRET")
        ),
        Invalid("ARG TOKEN\nFROM a:$TOKEN\nENV GPG_KEY=0123ABCD\n", at="TOKEN"),
        Invalid("FROM a\nENV AUTH=on\n", at="AUTH", options={"harmless-values": True}),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the names."""
        options = doc.settings.options.get(self.meta.name, {})
        for setting in secret_settings(lambda: doc.model, doc.occurrences(Arg, Env)):
            if setting.is_harmless and not options.get("harmless-values"):
                continue
            fix = partial(_fix, doc, setting)
            finding = self.finding(doc, setting.span, _message(setting), fix=fix)
            if setting.is_harmless:
                finding.severity = min(self.severity, Severity.INFO)
            yield finding


def _fix(doc: Document, setting: SecretSetting) -> Fix | None:
    """Mount the secret where a RUN names it; whoever builds has to give it by `--secret` then."""
    from dflint.lint.fix import Applicability
    from dflint.lint.secret_fixes import mount_variable

    return mount_variable(doc, setting.name, Applicability.DISPLAY)


def _message(setting: SecretSetting) -> str:
    name = quoted(setting.name)
    if setting.is_harmless:
        place = "configuration" if setting.is_env else "history"
        return (
            f"{name} is named as a secret is: what it holds can be read in the image's {place}, "
            "so it should never be one"
        )
    if setting.is_env:
        return (
            f"what {name} holds stays in the image's configuration for anybody to read; use "
            "`RUN --mount=type=secret`, or set it when the container starts"
        )
    return (
        f"what {name} holds stays in the image's history and the build's provenance; use "
        "`RUN --mount=type=secret`, which leaves no trace of it"
    )
