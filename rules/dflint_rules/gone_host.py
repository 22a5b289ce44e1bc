"""The rule `gone-host`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Run
from dflint.cst.reading import place_span
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.gone_hosts import MARKS, find_gone, gone_hosts
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class GoneHost(Rule):
    """Something is fetched from where nothing can be fetched any more.

    Services end: Bintray, the package repositories of
    `dockerproject.org` and `kubernetes.io`, `git://` at GitHub, `http://` at Maven Central,
    Oracle's Java by `webupd8team`, Google Code, Codehaus. What is fetched from there fails, or
    waits until it does, and the build stops with it.

    The table is as of 2026-01-01; what is not in it is not reported. Nothing is asked of the
    network. The fix writes the new address of what is the same there.

    GitHub Blog, "Improving Git protocol security"; central.sonatype.org, "501 HTTPS Required";
    kubernetes.io, "pkgs.k8s.io"; the announcements of each service.
    """

    meta = Meta("gone-host", Category.CORRECTNESS, Severity.WARNING, since="0.1", fix="unsafe")
    on = (Run, Add)
    mentions = MARKS
    bad = "FROM node:24.1.0\nRUN git clone git://github.com/a/b.git /b\n"
    good = "FROM node:24.1.0\nRUN git clone https://github.com/a/b.git /b\n"
    valid = (
        Valid(
            "FROM a\nRUN git clone https://github.com/a/b && curl https://jcenter.bintray.com/b\n"
        ),
        Valid("FROM a\n# git://github.com/a/b\nRUN echo see git://github.com/a/b\n"),
        Valid("FROM a\nRUN curl dl.bintray.com/a || curl https://example.org/a\n"),
        Valid("FROM a\nADD https://repo1.maven.org/maven2/a.jar /b/\n"),
    )
    invalid = (
        Invalid(
            'FROM a\nRUN gpg --recv-keys A && \\\n  curl "https://dl.bintray.com/a/$B.zip" -o b\n',
            at='"https://dl.bintray.com/a/$B.zip"',
        ),
        Invalid(
            "FROM a\nADD http://repo1.maven.org/maven2/a.jar /b/\n",
            at="http://repo1.maven.org/maven2/a.jar",
            fixed="FROM a\nADD https://repo1.maven.org/maven2/a.jar /b/\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN pip install 'git+git://github.com/b/c@d' && \\\n"
            "  npm i --registry=http://registry.npm.taobao.org\n",
            at=("'git+git://github.com/b/c@d'", "--registry=http://registry.npm.taobao.org"),
            fixed="FROM a\nRUN pip install 'git+https://github.com/b/c@d' && \\\n"
            "  npm i --registry=https://registry.npmmirror.com\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN git config --global url.https://github.com/.insteadOf "
            "git://github.com/ && git clone git://github.com/b/c\n",
            at=("git://github.com/", "git://github.com/b/c"),
        ),
        Invalid(
            'FROM a\nRUN echo "deb https://apt.dockerproject.org/repo a main" > /etc/apt/a.list\n',
            at='"deb https://apt.dockerproject.org/repo a main"',
        ),
        Invalid(
            "FROM a\nADD git://github.com/b/c.git#d /e\nADD git://github.com/b/c /e\n",
            at=("git://github.com/b/c.git#d", "git://github.com/b/c"),
            fixed="FROM a\nADD https://github.com/b/c.git#d /e\nADD git://github.com/b/c /e\n",
            unsafe=True,
        ),
        Invalid("FROM a\nRUN add-apt-repository ppa:webupd8team/java\n", at="ppa:webupd8team/java"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the word with the address."""
        for one in gone_hosts(doc.programs):
            yield self.finding(
                doc,
                one.span,
                _message(one.text, one.since, one.advice),
                fix=partial(_fix, doc, one.span),
            )
        for add in doc.all(Add):
            reading = add.reading
            for word, place in zip(reading.arguments[:-1], reading.places, strict=False):
                found = find_gone(word)
                if found is not None:
                    span = place_span(add, place)
                    fix = partial(_fix, doc, span, is_added=True)
                    yield self.finding(doc, span, _message(*found), fix=fix)


def _message(text: str, since: str, advice: str) -> str:
    return f"nothing can be fetched by {quoted(text)} since {since}: the step fails; {advice}"


def _fix(doc: Document, word: Span, is_added: bool = False) -> Fix | None:
    """The address where the same is now; None where that is not known, or git is told of it.

    ADD takes an address with `https:` for a repository only by its ending.
    """
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix, Span
    from dflint.semantic.gone_hosts import moved_address

    moved = moved_address(word.slice(doc.text))
    if moved is None or "insteadof" in doc.text.lower():
        return None
    begin, end, text = moved
    address = word.slice(doc.text).strip("\"'").partition("#")[0]
    if is_added and "git://" in address and not address.endswith(".git"):
        return None
    edit = Edit(Span(word.start + begin, word.start + end), text)
    unsafe = Applicability.UNSAFE
    return Fix(f"write `{text}`", (edit,), unsafe, Effect.FILES, contract=SAME_IMAGE)
