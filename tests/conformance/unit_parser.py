"""Unit rows of BuildKit's parser and instruction reader, put to dflint.

`run_row(row)` gives what `row["expected"]` should be a part of.
"""

from __future__ import annotations

from dflint.cst.parser.build import parse
from dflint.cst.parser.frontend import detect_directive
from dflint.cst.parser.head import split_words, word_value
from dflint.cst.parser.heredoc_words import heredoc_markers, heredoc_of
from dflint.cst.parser.json_array import decode_string, is_foreign_array, is_string_array
from dflint.cst.parser.patterns import rule
from dflint.cst.problems import parser_problems
from dflint.semantic.flags import FlagKind, check_flags
from dflint.semantic.instruction_problems import instruction_problem

NOT_STRINGS = "when using JSON array syntax, arrays must be comprised of strings only"


def run_row(row: dict) -> dict:
    return SUITES[row["suite"]](row)


def parser_ast(row: dict) -> dict:
    tree = parse(row["input"])
    problems = list(parser_problems(tree, row["input"]))
    if problems:
        return {"error": problems[0].reason, "dump": None}
    return {"dump": "\n".join(f"({dump(node.reading)})" for node in tree.instructions)}


def dump(reading) -> str:
    text = reading.keyword
    if reading.flags:
        text += " [" + " ".join(go_quote(flag) for flag in reading.flags) + "]"
    if reading.trigger is not None:
        return f"{text} ({dump(reading.trigger)})"
    return " ".join([text, *(go_quote(argument) for argument in reading.arguments)])


def go_quote(text: str) -> str:
    short = {7: "\\a", 8: "\\b", 12: "\\f", 10: "\\n", 13: "\\r", 9: "\\t", 11: "\\v",
             34: '\\"', 92: "\\\\"}  # fmt: skip
    out = []
    for character in text:
        code = ord(character)
        if code in short:
            out.append(short[code])
        elif character.isprintable():
            out.append(character)
        elif code < 0x80:
            out.append(f"\\x{code:02x}")
        elif code < 0x10000:
            out.append(f"\\u{code:04x}")
        else:
            out.append(f"\\U{code:08x}")
    return '"' + "".join(out) + '"'


def parser_words(row: dict) -> dict:
    text = row["input"]
    escape = row.get("escape", "\\")
    words = split_words(text, 0, len(text), escape)
    return {"words": [word_value(text[begin:end], escape) for begin, end in words]}


def directives(row: dict) -> dict:
    found = detect_directive(row["call"], row["input"])
    if found is None:
        return {"found": False, "ref": "", "cmdline": ""}
    return {
        "found": True,
        "ref": found.word,
        "cmdline": found.value,
        "start_line": found.line,
        "end_line": found.line,
    }


def json_array(row: dict) -> dict:
    text = row["input"].lstrip("\t\n\v\f\r ")
    if is_string_array(text):
        return {"values": [decode_string(x.group()) for x in rule("json_string").finditer(text)]}
    return {"error": NOT_STRINGS if is_foreign_array(text) else "not a JSON array"}


def heredoc_word(row: dict) -> dict:
    try:
        found = heredoc_of(row["input"])
    except ValueError:
        return {"error": True}
    if found is None:
        return {"heredoc": None}
    return {
        "name": found.name,
        "expand": found.expand,
        "chomp": found.chomp,
        "fd": found.descriptor,
    }


def heredoc_line(row: dict) -> dict:
    return {"names": [marker.name for marker in heredoc_markers(row["input"])]}


def bflags(row: dict) -> dict:
    kinds = {bool: FlagKind.BOOL, str: FlagKind.STRING, list: FlagKind.STRINGS}
    declared = {name: kinds[type(value)] for name, value in row["declared"].items()}
    values, problem = check_flags(tuple(row["input"]), declared)
    if problem is not None:
        return {"ok": False, "error": problem.reason}
    used = sorted(values)
    merged = dict(row["declared"])
    for name, value in values.items():
        merged[name] = value == "true" if declared[name] is FlagKind.BOOL else value
    return {"ok": True, "values": merged, "used": used}


def instruction(row: dict) -> dict:
    text = row["input"]
    tree = parse(text)
    problems = [problem.reason for problem in parser_problems(tree, text)]
    for node in tree.instructions:
        problem = instruction_problem(node, node.reading)
        if problem is not None:
            problems.append(problem.reason)
    result: dict = {"ok": not problems, "no_crash": True}
    if problems:
        result["error"] = problems[0]
    if not tree.instructions:
        return result
    node = tree.instructions[-1]
    reading = node.reading
    bodies = {
        marker.name: (marker, node.line.source[start:close])
        for marker, (start, close, _) in zip(node.line.markers, node.line.bodies, strict=True)
    }
    if row["suite"] == "instr-copy" and len(reading.arguments) > 1:
        result |= copy_form(reading, bodies)
    elif row["suite"] == "instr-run":
        files = [
            {"name": name, "data": data, "chomp": marker.chomp}
            for name, (marker, data) in bodies.items()
        ]
        result |= {"shell": not reading.is_json, "cmdline": list(reading.arguments), "files": files}
    elif row["suite"] == "instr-healthcheck" and reading.arguments:
        kind, *command = reading.arguments
        test = [kind.upper() if reading.is_json or not command else "CMD-SHELL", *command]
        result["test"] = test
    return result


def copy_form(reading, bodies) -> dict:
    sources, contents = [], []
    for word in reading.arguments[:-1]:
        found = heredoc_of(word)
        if found is None:
            sources.append(word)
            continue
        marker, data = bodies[found.name]
        if marker.chomp:
            data = "".join(line.lstrip("\t") for line in data.splitlines(keepends=True))
        contents.append({"path": found.name, "data": data, "expand": marker.expand})
    return {"dest": reading.arguments[-1], "sources": sources, "contents": contents}


SUITES = {
    "parser-ast": parser_ast,
    "parser-words": parser_words,
    "directives": directives,
    "json-array": json_array,
    "heredoc-word": heredoc_word,
    "heredoc-line": heredoc_line,
    "bflags": bflags,
    "instr-error": instruction,
    "instr-copy": instruction,
    "instr-run": instruction,
    "instr-healthcheck": instruction,
    "instr-nocrash": instruction,
}
