"""The rule `yum-sslverify`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation


#: The setting, but not git's `http.sslVerify`.
_OFF = re.compile(r"(?<![.\w])sslverify *+= *+(?:0|false|no|off)\b", re.IGNORECASE)
#: A line that holds nothing else, and an expression of `sed` that does nothing else.
_LINE = re.compile(rf"{_OFF.pattern}(?:\\n)?", re.IGNORECASE)
_SUBSTITUTION = re.compile(
    rf"s([/,|#])[^/,|#;{{}}\n]*sslverify[^/,|#;{{}}\n]*\1{_OFF.pattern}\1g?", re.IGNORECASE
)


class YumSslverify(Rule):
    """`yum` or `dnf` is told to trust any server.

    `sslverify=false` has `yum` and `dnf` take repositories' metadata from whoever answers, and
    unless every repository has `repo_gpgcheck` that decides which packages there are. A mirror of
    one's own needs `sslcacert`, or its certificate in the system's store.

    Reported is the setting as an option (`--setopt`), and where a script writes it to a
    configuration. The fix leaves the option out, or the command that does nothing but set it: one
    that appends the line, or puts it in the place of another, or `config-manager`. It is unsafe,
    because nothing is installed where the certificate is not to be trusted.

    dnf(8), "Options".
    """

    meta = Meta(
        "yum-sslverify",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=("CKV2_DOCKER_15",),
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("sslverify",)
    bad = "FROM rockylinux:9\nRUN dnf install -y --setopt=sslverify=false make && dnf clean all\n"
    good = "FROM rockylinux:9\nRUN dnf install -y make && dnf clean all\n"
    valid = (
        Valid(
            "FROM a\n"
            "RUN yum install -y --setopt=sslverify=true b && git -c http.sslVerify=false "
            "pull\n"
        ),
        Valid("FROM a\nRUN grep sslverify=0 /etc/yum.conf; echo sslverify=1 >> /etc/yum.conf\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN yum -y --setopt sslverify=0 install b\n", at="sslverify=0",
                fixed="FROM a\nRUN yum -y install b\n", unsafe=True),
        Invalid("FROM a\nRUN dnf -y \\\n  --setopt=sslverify=false \\\n  install b\n",
                at="--setopt=sslverify=false",
                fixed="FROM a\nRUN dnf -y \\\n  install b\n", unsafe=True),
        Invalid('FROM a\nRUN echo "sslverify = false" >> /etc/yum.conf && '
                "yum-config-manager --save --setopt=sslverify=no && yum install b\n",
                at=('"sslverify = false"', "--setopt=sslverify=no"),
                fixed="FROM a\nRUN yum install b\n", unsafe=True),
        Invalid("FROM a\nRUN sed -i 's/sslverify=1/sslverify=0/' /etc/yum.conf && yum install b\n",
                at="'s/sslverify=1/sslverify=0/'",
                fixed="FROM a\nRUN yum install b\n", unsafe=True),
        Invalid('FROM a\nRUN echo "sslverify=0" > /etc/dnf/dnf.conf\n', at='"sslverify=0"'),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for program in doc.programs:
            if "sslverify" not in program.script.text.lower():
                continue
            for call in program.invocations:
                if call.name in ("git", "grep"):
                    continue
                for argument in call.arguments:
                    if _OFF.search(argument.prefix):
                        yield self.finding(
                            doc,
                            argument.span,
                            "anybody on the way can answer for a repository; give its certificate "
                            "with "
                            "`sslcacert` instead",
                            fix=partial(_fix, doc, program, call, argument),
                        )
                        break


def _fix(doc: Document, program: Program, call: Invocation, argument: Argument) -> Fix | None:
    """The option taken out, or the command that has nothing else to do."""
    from dflint.lint.word_fixes import leave_step_out, leave_words_out

    arguments, command = call.arguments, call.command
    others = [one.value or "$" for one in arguments if one is not argument]
    name, text = call.name or "", argument.value or ""
    words = [argument.word]
    if not text.startswith("--setopt="):
        at = arguments.index(argument)
        if at and arguments[at - 1].value == "--setopt":
            words.insert(0, arguments[at - 1].word)
            others.remove("--setopt")
        elif _only_writes(name, others, text, [one.operator for one in command.redirects]):
            return leave_step_out(doc, program, command, "sslverify")
        else:
            return None
    elif _OFF.fullmatch(text.removeprefix("--setopt=")) is None:
        return None
    is_manager = name == "yum-config-manager" or others[:1] == ["config-manager"]
    if is_manager and set(others) <= {"config-manager", "--save", "-y", "-q", "--quiet"}:
        return leave_step_out(doc, program, command, "sslverify")
    return leave_words_out(doc, program, command, words, "sslverify")


def _only_writes(name: str, others: list[str], text: str, operators: list[str]) -> bool:
    """Whether a command does no more than to write the line to a file that is there."""
    if name == "sed":
        is_in_place = "-i" in others and set(others[:-1]) <= {"-i", "-e", "-r", "-E"}
        return is_in_place and not operators and _SUBSTITUTION.fullmatch(text) is not None
    if name not in ("echo", "printf") or operators != [">>"] or set(others) - {"-e", "-n"}:
        return False
    return _LINE.fullmatch(text) is not None
