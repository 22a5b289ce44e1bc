"""The rule `jemalloc-unused`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.installed_packages import installed_packages
from dflint.semantic.shipped_stages import shipped_stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program


#: What loads the library, or a program that is linked with it.
_PRELOADED = re.compile(
    r"LD_PRELOAD[= ][^\n]*(?:jemalloc|\$)|--with-jemalloc|jemalloc-dev|ld\.so\.preload"
)


class JemallocUnused(Rule):
    """jemalloc is installed and not used.

    jemalloc takes the place of the system's allocator only where it is preloaded: `ENV
    LD_PRELOAD=libjemalloc.so.2`, or where Ruby was built with it.

    Off unless selected: whether an image is for production is not in the file. The fix preloads it
    from the RUN on. It is unsafe with the packages of Debian, a proposal with others; none where
    something else is preloaded.

    bundle-config(1).
    """

    meta = Meta(
        "jemalloc-unused",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("tally/ruby/jemalloc-installed-but-not-preloaded",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = ("jemalloc",)
    bad = "FROM alpine:3.22\nRUN apk add --no-cache jemalloc\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache jemalloc\nENV LD_PRELOAD=libjemalloc.so.2\n"
    valid = (
        Valid("FROM a\nRUN yum install -y jemalloc jemalloc-devel && make\n"),
        Valid("FROM a\nRUN apt-get install -y libjemalloc-dev && ./configure --with-jemalloc\n"),
        Valid("FROM a AS b\nRUN apk add jemalloc\nFROM c\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nRUN apk add jemalloc\nENV LD_PRELOAD=/b.so MALLOC_CONF=c:d\n", at="jemalloc"
        ),
        Invalid(
            "FROM a\nRUN apt-get install -y b libjemalloc2\n",
            at="libjemalloc2",
            fixed=(
                "FROM a\nRUN apt-get install -y b libjemalloc2\nENV LD_PRELOAD=libjemalloc.so.2\n"
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nRUN apk add jemalloc=1\n", at="jemalloc=1"),
        Invalid(
            "FROM a\nRUN apt install libjemalloc2 && b && apt purge libjemalloc2\n",
            at="libjemalloc2",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        if _PRELOADED.search(doc.text):
            return
        shipped = shipped_stages(doc.model)
        for program, argument in installed_packages(doc.programs):
            name = argument.prefix.partition("=")[0]
            if (
                name in ("libjemalloc2", "libjemalloc1", "jemalloc")
                and program.stage_number in shipped
            ):
                yield self.finding(
                    doc,
                    argument.span,
                    "nothing preloads it, so that the system's allocator goes on; set "
                    "`ENV LD_PRELOAD=libjemalloc.so.2`",
                    fix=partial(_fix, doc, program, name),
                )


def _fix(doc: Document, program: Program, name: str) -> Fix | None:
    from dflint.lint.edits import insertion_below
    from dflint.lint.fixing import Applicability, Contract, Effect, Fix

    final = doc.model.final_stage
    line = () if final is None else (final, *final.ancestors())
    if program.occurrence.is_trigger or "LD_PRELOAD" in doc.text:
        return None
    if all(one.index != program.stage_number for one in line):
        return None
    if any(
        call.action == "remove" and any("jemalloc" in one.prefix for one in call.operands)
        for one in doc.programs
        for call in one.invocations_of("apt-get", "apt", "apk")
    ):
        return None
    version = "1" if name == "libjemalloc1" else "2"
    edit = insertion_below(program.instruction, f"ENV LD_PRELOAD=libjemalloc.so.{version}")
    level = Applicability.UNSAFE if name[:3] == "lib" else Applicability.DISPLAY
    contract = Contract(keys=("Env.LD_PRELOAD",))
    effect = Effect.FILES | Effect.METADATA
    return Fix("preload it", [edit], level, effect, contract=contract)
