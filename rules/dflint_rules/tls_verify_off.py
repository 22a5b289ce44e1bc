"""The rule `tls-verify-off`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import Arg, Env, OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.tls_switches import switched_off

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.tls_switches import Switch
    from dflint.shell.commands import Command

#: A command that sets nothing but one setting, without its name and its options.
_SETTER = re.compile(r"(?:config )?(?:set )?[\w.-]+[= ]\w+", re.ASCII)
#: Where programs keep what they are told.
_FILES = (".gitconfig", ".npmrc", ".yarnrc", ".condarc")


class TlsVerifyOff(Rule):
    """Programs are told to trust any server.

    Node, Python, git, npm and others have a switch that has them take any certificate. Set with
    `ENV` or written to a configuration it holds for everything that the image does from then on,
    also when it runs: whoever sits between it and a server can answer in its place. A server with
    a certificate of its own needs that certificate: in the system's store, or named with
    `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `GIT_SSL_CAINFO`, npm's
    `cafile`.

    Reported are `NODE_TLS_REJECT_UNAUTHORIZED=0`, `PYTHONHTTPSVERIFY=0`, `GIT_SSL_NO_VERIFY`,
    `NPM_CONFIG_STRICT_SSL=false` and their like in `ENV`, `ARG` and scripts, git's
    `http.sslVerify`, npm's and Yarn's `strict-ssl`, conda's `ssl_verify`.

    The fix leaves the switch out, with the command or the instruction that has nothing else to
    do, and takes the default from an `ARG`. It is unsafe: what fetches fails where the certificate
    is not to be trusted. There is none where the variable is used elsewhere, a setting is taken
    back later, or the file that holds it is named.

    git-config(1), `http.sslVerify`; npm documentation, "config".
    """

    meta = Meta(
        "tls-verify-off",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "CKV2_DOCKER_5",
            "CKV2_DOCKER_6",
            "CKV2_DOCKER_12",
            "CKV2_DOCKER_13",
            "CKV2_DOCKER_14",
        ),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
        Env,
        Arg,
    )
    mentions = (
        "reject_unauthorized",
        "httpsverify",
        "ssl_no_verify",
        "strict_ssl",
        "strict-ssl",
        "sslverify",
        "ssl_verify",
    )
    bad = "FROM node:22-slim\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n"
    good = "FROM node:22-slim\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/own.pem\n"
    valid = (
        Valid(
            "FROM a\n"
            "ENV NODE_TLS_REJECT_UNAUTHORIZED=1 GIT_SSL_NO_VERIFY=\n"
            "RUN git config http.sslVerify true\n"
        ),
        Valid(
            "FROM a\n"
            "ARG NODE_TLS_REJECT_UNAUTHORIZED\n"
            "RUN npm config get strict-ssl && npm config set strict-ssl true\n"
        ),
    )
    invalid = (
        Invalid("FROM a\nENV PYTHONHTTPSVERIFY=0 A=b\nARG GIT_SSL_NO_VERIFY=true\n",
                at=("PYTHONHTTPSVERIFY", "GIT_SSL_NO_VERIFY=true"),
                fixed="FROM a\nENV A=b\nARG GIT_SSL_NO_VERIFY\n", unsafe=True),
        Invalid("FROM a\n# b\nENV GIT_SSL_NO_VERIFY 1\nRUN git clone https://b.org/c\n",
                at="GIT_SSL_NO_VERIFY",
                fixed="FROM a\n# b\n\nRUN git clone https://b.org/c\n", unsafe=True),
        Invalid("FROM a\nENV PYTHONHTTPSVERIFY=0\nRUN set -u; b $PYTHONHTTPSVERIFY\n",
                at="PYTHONHTTPSVERIFY"),
        Invalid("FROM a\nRUN export NODE_TLS_REJECT_UNAUTHORIZED=0 && GIT_SSL_NO_VERIFY=1 \\\n"
                "  git clone https://b.org/c\n",
                at=("NODE_TLS_REJECT_UNAUTHORIZED=0", "GIT_SSL_NO_VERIFY=1"),
                fixed="FROM a\nRUN git clone https://b.org/c\n", unsafe=True),
        Invalid("FROM a\nRUN export A=b PYTHONHTTPSVERIFY=0; env PYTHONHTTPSVERIFY=0 c\n",
                at=("PYTHONHTTPSVERIFY=0",) * 2,
                fixed="FROM a\nRUN export A=b; env c\n", unsafe=True),
        Invalid("FROM a\nRUN git config --global http.sslVerify false && git -c http.sslVerify=0 "
                "pull\n", at=("http.sslVerify", "http.sslVerify=0"),
                fixed="FROM a\nRUN git pull\n", unsafe=True),
        Invalid("FROM a\nRUN git config --global http.sslVerify false\nRUN b\n",
                at="http.sslVerify", fixed="FROM a\nRUN b\n", unsafe=True),
        Invalid("FROM a\nRUN git config http.sslVerify false && git pull && "
                "git config --unset http.sslVerify\n", at="http.sslVerify"),
        Invalid("FROM a\nRUN npm config set strict-ssl false; "
                'yarn config set "strict-ssl" false; npm ci --strict-ssl=false\n',
                at=("strict-ssl", '"strict-ssl"', "--strict-ssl=false"),
                fixed="FROM a\nRUN npm config set strict-ssl false; "
                'yarn config set "strict-ssl" false; npm ci\n', unsafe=True),
        Invalid("FROM a\nRUN npm set strict-ssl=false && conda config --set ssl_verify no\n",
                at=("strict-ssl=false", "ssl_verify"), fixed="FROM a\n", unsafe=True),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for switch in switched_off(doc.tree, doc.programs):
            yield self.finding(
                doc,
                switch.span,
                f"`{switch.name}` has any certificate taken, so that anybody on the way can answer "
                "for a server; give the server's certificate instead",
                fix=partial(_fix, doc, switch),
            )


def _fix(doc: Document, switch: Switch) -> Fix | None:
    from dflint.lint.word_fixes import leave_assignment_out, leave_step_out, leave_words_out

    name, program, command, words = switch.name, switch.program, switch.command, switch.words
    if program is None or command is None:
        return _without_pair(doc, switch)
    if re.search(rf"[${{:]{re.escape(name)}\b", doc.text) is not None:
        return None
    if not words:
        for one in command.assignments:
            if one.span == switch.span:
                return leave_assignment_out(doc, program, command, one)
        return None
    before = command.words[command.words.index(words[0]) - 1]
    if before.text == "-c":
        words = (before, *words)
    elif not words[0].text.startswith("--") and not _is_assignment(command):
        is_step = _only_sets(command) and not _is_kept(doc, name)
        return leave_step_out(doc, program, command, name) if is_step else None
    if len(command.words) == 2 and command.name_value in ("export", "declare"):
        return leave_step_out(doc, program, command, name)
    return leave_words_out(doc, program, command, words, name)


def _is_assignment(command: Command) -> bool:
    return command.name_value in ("export", "env", "declare")


def _only_sets(command: Command) -> bool:
    """Whether a command writes one setting, and that is all it does."""
    if command.redirects:
        return False
    values = [one.value or "$" for one in command.arguments]
    values = [one for one in values if one == "--set" or not one.startswith("-")]
    return _SETTER.fullmatch(" ".join(values).replace("--", "")) is not None


def _is_kept(doc: Document, name: str) -> bool:
    """Whether something counts on a setting or its file: takes it back, reads it, copies it."""
    if any(one in doc.text for one in _FILES):
        return True
    taken = rf"\b(?:unset|unset-all|delete|remove|remove-key|rm|get)\b[^\n;&|]*{re.escape(name)}"
    return re.search(taken, doc.text, re.IGNORECASE) is not None


def _without_pair(doc: Document, switch: Switch) -> Fix | None:
    """The pair of ENV taken out, or the default of ARG; None where the variable is used."""
    from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix, Span
    from dflint.lint.overridden_fixes import may_drop
    from dflint.lint.pair_removal import pair_removal

    found, name = switch.occurrence, switch.name
    if found is None or found.is_trigger:
        return None
    if re.search(rf"[${{:%!]{re.escape(name)}\b", doc.text) is not None:
        return None
    if found.reading.keyword == "env":
        edit = pair_removal(doc, found.instruction, switch.at)
    elif not may_drop(doc, found.instruction):
        return None
    else:
        written = switch.span.slice(doc.text)
        edit = None
        if written.startswith(f"{name}=") and "\n" not in written:
            edit = Edit(Span(switch.span.start + len(name), switch.span.end), "")
    if edit is None:
        return None
    contract = Contract(keys=(f"Env.{name}",))
    effect = Effect.METADATA | Effect.FILES
    return Fix(f"leave `{name}` out", (edit,), Applicability.UNSAFE, effect, contract=contract)
