"""`dflint graph`: the stages or steps of a Dockerfile as a picture, without building it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from dflint.cli.build_values import read_build_args
from dflint.cli.docker_flags import Flag, Given, choice, read_flags
from dflint.cli.flag_help import flag_lines
from dflint.cli.whole_files import write_whole
from dflint.cst.parser.build import parse
from dflint.errors import UsageError
from dflint.pictures.picture import Picture
from dflint.semantic.model import SemanticModel
from dflint.text.source import Source

FORMATS = ("svg", "mermaid", "dot", "json")
_ENDINGS = {".svg": "svg", ".mmd": "mermaid", ".dot": "dot", ".gv": "dot", ".json": "json"}
_FLAGS = (
    Flag("--format", "FORMAT", "how to draw it: " + ", ".join(FORMATS) + " (default: by the name "
         "of the file that is written, else svg)"),
    Flag("--output", "FILE", "write to a file (default: standard output)", "-o"),
    Flag("--stages", "", "draw the stages (default)"),
    Flag("--steps", "", "draw the steps of all stages"),
    Flag("--target", "STAGE", "the stage that would be built (default: the last)"),
    Flag("--build-arg", "NAME[=VALUE]", "a build argument; without a value, that of the "
         "environment"),
    Flag("--help", "", "print this", "-h"),
)  # fmt: skip


def graph(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for a file without a stage, 2 for wrong usage."""
    try:
        given = read_flags(words, _FLAGS)
        if given.is_on("--help"):
            sys.stdout.write(_help())
            return 0
        form = _form(given)
        source = _source(given)
        model = _model(given, source)
    except UsageError as error:
        raise UsageError(f"{error} (`dflint graph --help` lists the options)") from None
    if not model.stages:
        sys.stderr.write(f"dflint: graph: `{source.path}` has no stage: no FROM was found\n")
        return 1
    text = _writer(form)(_picture(given, model, source))
    output = given.text("--output")
    if output and output != "-":
        write_whole("--output", output, text.encode())
    else:
        sys.stdout.buffer.write(text.encode())
    return 0


def _form(given: Given) -> str:
    if given.last("--format") is None:
        ending = os.path.splitext(given.text("--output"))[1].lower()
        return _ENDINGS.get(ending, "svg")
    return choice(given, "--format", FORMATS)


def _source(given: Given) -> Source:
    paths = given.arguments
    if len(paths) > 1:
        raise UsageError(f"graph: expected one Dockerfile, found `{'`, `'.join(paths)}`")
    path = paths[0] if paths else "."
    if path == "-":
        return Source.read_stdin("Dockerfile")
    return Source.read(os.path.join(path, "Dockerfile") if os.path.isdir(path) else path)


def _model(given: Given, source: Source) -> SemanticModel:
    arguments = dict(read_build_args(given.all("--build-arg"), os.environ))
    target = given.text("--target")
    model = SemanticModel(parse(source.text), arguments, target=target)
    if target and model.stage_named(target) is None:
        names = ", ".join(f"`{one.name}`" for one in model.stages if one.name) or "none with a name"
        raise UsageError(f"--target: expected a stage of `{source.path}`, found `{target}`: "
                         f"there are {names}")  # fmt: skip
    return model


def _picture(given: Given, model: SemanticModel, source: Source) -> Picture:
    if given.is_on("--steps"):
        if given.is_on("--stages"):
            raise UsageError("graph: expected one of --stages and --steps, found both")
        from dflint.pictures.step_picture import step_picture

        return step_picture(model, source.text, f"Steps of {source.path}")
    from dflint.pictures.stage_picture import stage_picture

    return stage_picture(model, f"Stages of {source.path}")


def _writer(form: str) -> Callable[[Picture], str]:
    """What draws, which is imported alone."""
    if form == "mermaid":
        from dflint.pictures.mermaid import mermaid

        return mermaid
    if form == "dot":
        from dflint.pictures.dot import dot

        return dot
    if form == "json":
        from dflint.pictures.picture_json import picture_json

        return picture_json
    from dflint.pictures.svg import svg

    return svg


def _help() -> str:
    lines = ["usage: dflint graph [OPTIONS] [DOCKERFILE|DIR]", ""]
    lines.append("Draws which stage of a Dockerfile needs which, or its steps. Nothing is built.")
    lines += flag_lines((("options", _FLAGS),))
    lines += ["", "exit status: 0 drawn, 1 there is no stage, 2 wrong usage"]
    return "\n".join(lines) + "\n"
