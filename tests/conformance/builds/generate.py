#!/usr/bin/env python3
"""Dockerfiles and contexts by chance: the same seed and number give the same build.

generate.py SEED NUMBER     print one case
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.conformance.builds.case import EPOCH, Case, ContextFile, Draw
from tests.conformance.builds.context import Context, make_context
from tests.conformance.builds.copies import copying
from tests.conformance.builds.metadata import METADATA, argument
from tests.conformance.builds.mistakes import spoil
from tests.conformance.builds.runs import running, user, workdir
from tests.conformance.builds.stage import Stage
from tests.conformance.builds.words import VALUES, Scope, word

_NAMES = ("build", "deps", "app", "test-1", "final.x", "Mixed", "b_2")
_TRIGGERS = (
    "COPY a.txt /onbuild/", "RUN echo triggered > /tmp/trigger", "ENV TRIGGERED=$A-yes",
    "ADD src /onbuild/src", "WORKDIR /onbuild", "LABEL triggered=yes", "USER games",
    "RUN <<E\necho heredoc > /tmp/t2\nE", "ARG TRIGGER=1", "EXPOSE 99", "CMD [\"triggered\"]",
    "COPY --chown=games --chmod=600 b.conf /tmp/", 'SHELL ["/bin/sh", "-c"]', "VOLUME /onbuild/v",
    "ENTRYPOINT triggered", "HEALTHCHECK CMD triggered", "STOPSIGNAL 9", "run true",
    "COPY --from=rich /data /ob/",
)  # fmt: skip


def make_case(seed: int, number: int) -> Case:
    """The case of that number."""
    draw = Draw(seed, number)
    case = Case(f"s{seed}-{number}")
    context = make_context(draw)
    lines = _global_arguments(draw, case)
    stages: list[Stage] = []
    for index in range(draw.weighted({1: 4, 2: 4, 3: 2, 4: 1})):
        stage = _begin(draw, index, stages, lines)
        _fill(draw, stage, case, context, stages)
        stages.append(stage)
    if len(stages) > 1:
        draw.use("stages: several")
    for stage in stages:
        lines += stage.lines
    if draw.chance(0.16):
        lines = spoil(draw, lines)
    elif draw.chance(0.12) and stages[-1].has_shell:
        case.then = _second(draw, stages[-1], context)
    _choose(draw, case, stages)
    case.text = _laid_out(draw, lines)
    if draw.chance(0.1) and "Dockerfile.dockerignore" not in {one.path for one in context.files}:
        draw.use("context: takes in the Dockerfile")
    case.files = context.files
    case.other = _other(draw)
    case.features = draw.features
    return case


def _global_arguments(draw: Draw, case: Case) -> list[str]:
    lines = []
    if draw.chance(0.4):
        draw.use("ARG: global")
        scope = Scope()
        lines.append(f"ARG GLOBAL={draw.pick(VALUES)}")
        scope.add("GLOBAL")
        lines.append(f"ARG SECOND={word(draw, scope)}")
    if draw.chance(0.25):
        draw.use("FROM: argument")
        lines.append("ARG BASE=base")
        if draw.chance(0.4):
            case.build_args["BASE"] = draw.pick(("rich", "base", "scratch"))
    return lines


def _begin(draw: Draw, index: int, stages: list[Stage], head: list[str]) -> Stage:
    """FROM, and what is known behind it."""
    kind = draw.weighted({"base": 6, "rich": 3, "scratch": 3, "stage": 4 if stages else 0})
    name = draw.pick(_NAMES) if draw.chance(0.75) else ""
    if name.lower() in {one.name.lower() for one in stages}:
        name = ""
    before = draw.pick(stages) if kind == "stage" and any(one.name for one in stages) else None
    if before is not None and not before.name:
        before = next(one for one in stages if one.name)
    image = before.name.lower() if before else ("base" if kind == "stage" else kind)
    stage = Stage(index, name, image, image != "scratch" if before is None else before.has_shell)
    if before is not None:
        stage.scope, stage.is_root = before.scope.copy(), before.is_root
        stage.files, stage.folders = list(before.files), list(before.folders)
    draw.use(f"FROM: {'stage' if before else image}")
    if "ARG BASE=base" in head and image == "base" and draw.chance(0.6):
        image = draw.pick(("$BASE", "${BASE}", "${BASE:-rich}"))
    flag = ""
    if draw.chance(0.1) and before is None:
        draw.use("FROM: --platform")
        flag = draw.pick(("--platform=$BUILDPLATFORM ", "--platform=linux/amd64 ",
                          "--platform=$TARGETPLATFORM "))  # fmt: skip
    stage.lines.append(
        f"FROM {flag}{image}" + (f" {draw.pick(('AS', 'as'))} {name}" if name else "")
    )
    if image == "rich":
        stage.folders.append("/data")
    return stage


def _fill(draw: Draw, stage: Stage, case: Case, context: Context, earlier: list[Stage]) -> None:
    for _ in range(draw.number(2, 8)):
        kind = draw.weighted(
            {"copy": 7, "run": 6 if stage.has_shell else 1, "metadata": 5, "arg": 2, "workdir": 2,
             "user": 1, "onbuild": 1, "comment": 1}
        )  # fmt: skip
        stage.lines += _instruction(draw, kind, stage, case, context, earlier)


def _instruction(draw, kind, stage, case, context, earlier):
    if kind == "copy":
        return [copying(draw, stage, context, earlier)]
    if kind == "run":
        if stage.has_shell:
            return [running(draw, stage, context, earlier)]
        draw.use("RUN: a program brought to scratch")
        stage.has_shell = True
        return ["COPY --from=base /bin /bin", 'RUN ["/bin/busybox", "touch", "/made"]']
    if kind == "arg":
        return [argument(draw, stage.scope, case.build_args)]
    if kind == "workdir":
        return [workdir(draw, stage)]
    if kind == "user":
        return [user(draw, stage)] if stage.has_shell else []
    if kind == "onbuild":
        draw.use("ONBUILD")
        return [f"ONBUILD {draw.pick(_TRIGGERS)}"]
    if kind == "comment":
        return [draw.pick(("# a comment", "", "  # indented", "#", "\t"))]
    made = draw.weighted(METADATA)
    return [made(draw, stage.scope)]


def _second(draw: Draw, last: Stage, context: Context) -> str:
    """A Dockerfile on the image of the first."""
    draw.use("second build on the first's image")
    stage = Stage(0, "", "first", has_shell=True, is_root=last.is_root, scope=last.scope.copy())
    stage.files, stage.folders = list(last.files), list(last.folders)
    stage.lines.append("FROM first")
    _fill(draw, stage, Case("second"), context, [])
    return _laid_out(draw, stage.lines)


def _choose(draw: Draw, case: Case, stages: list[Stage]) -> None:
    """What stands on the command line."""
    names = [one.name for one in stages if one.name]
    if draw.chance(0.2) and names:
        draw.use("--target")
        case.target = draw.pick(names)
    if draw.chance(0.1):
        draw.use("--platform")
        case.platform = draw.pick(("linux/amd64", "linux/amd64", "linux/x86_64"))
    if draw.chance(0.2):
        case.build_args["OUTSIDE"] = draw.pick(VALUES)
    if draw.chance(0.1):
        case.build_args[draw.pick(("HTTP_PROXY", "GLOBAL", "TARGETARCH", "no_proxy"))] = "given"
        draw.use("ARG: predefined is given")
    if draw.chance(0.1):
        draw.use("--label")
        case.labels = {"org.example.outside": "x y", "version": "given"}
    if draw.chance(0.9):
        case.secrets = {"sec": f"secret of {case.name}"}


def _other(draw: Draw) -> list[ContextFile]:
    """The named context `other`."""
    at = EPOCH * 10**9
    return [
        ContextFile("o1.txt", data=f"other {draw.number(0, 9)}".encode(), mtime_ns=at - 10**12),
        ContextFile("dir", "d", mode=0o755, mtime_ns=at - 10**11),
        ContextFile("dir/o2", data=b"two of other", mode=0o600, mtime_ns=at + 10**11),
        ContextFile("dir/link", "l", target="o2", mtime_ns=at - 10**10),
    ]


def _laid_out(draw: Draw, lines: list[str]) -> str:
    """The text: keywords in any case, lines continued, an escape character by directive."""
    lines = [_recased(draw, one) for one in lines]
    lines = [_continued(draw, one) for one in lines]
    text = "\n".join(lines) + "\n"
    if draw.chance(0.1):
        draw.use("directive: check")
        text = "# check=skip=all\n" + text
    if draw.chance(0.06) and "\\" not in text and "`" not in text:
        draw.use("directive: escape")
        text = "# escape=`\n" + text.replace("\n    ", " `\n    ")
    if draw.chance(0.05) and "<<" not in text:
        draw.use("lines end with CR LF")
        text = text.replace("\n", "\r\n")
    return text


def _recased(draw: Draw, line: str) -> str:
    if not draw.chance(0.1):
        return line
    keyword, space, rest = line.partition(" ")
    draw.use("keyword in small letters")
    return draw.pick((keyword.lower(), keyword.capitalize())) + space + rest


def _continued(draw: Draw, line: str) -> str:
    if not draw.chance(0.12) or "\n" in line or line.lstrip()[:1] in ("#", ""):
        return line
    blanks = [one.start() for one in re.finditer(r"(?<=\S) (?=\S)", line)]
    if not blanks:
        return line
    draw.use("continued line")
    at = draw.pick(blanks)
    between = draw.pick(("", "", "# comment\n", "\n", "  # indented comment\n"))
    return f"{line[:at]} \\{draw.pick(('', ' '))}\n{between}  {line[at + 1 :]}"


def describe(case: Case) -> str:
    """What a reader needs to see of a case."""
    options = [f"--build-arg {name}={value}" for name, value in case.build_args.items()]
    options += [f"--target {case.target}"] if case.target else []
    options += [f"--platform {case.platform}"] if case.platform else []
    options += [f"--label {name}={value}" for name, value in case.labels.items()]
    ignore = [
        f"--- {one.path}\n{one.data.decode()}" for one in case.files if "dockerignore" in one.path
    ]
    then = f"--- then\n{case.then}" if case.then else ""
    return f"{' '.join(options)}\n{case.text}{''.join(ignore)}{then}"


if __name__ == "__main__":
    print(describe(make_case(int(sys.argv[1]), int(sys.argv[2]))))
