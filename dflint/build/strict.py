"""`# check=error=true`: what BuildKit's checks find ends the build.

The linter is imported only when the directive, or the build argument in its place, asks for it.
"""

from __future__ import annotations

from dflint.errors import BuildError
from dflint.semantic.truth import parse_truth
from dflint.text.go_quote import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.engine.report import FileReport
    from dflint.lint.names import RuleNames

#: The checks of every stage; the others are made of those that the target needs.
_OF_ALL_STAGES = frozenset(
    ("ConsistentInstructionCasing", "DuplicateStageName", "FromAsCasing", "MaintainerDeprecated",
     "NoEmptyContinuation", "ReservedStageName", "StageNameCasing", "InvalidDefinitionDescription",
     "InvalidDefaultArgInFrom", "UndefinedArgInFrom", "RedundantTargetPlatform",
     "FromPlatformFlagConstDisallowed")
)  # fmt: skip
_EXPERIMENTAL = frozenset({"InvalidDefinitionDescription"})
#: The checks made while the file is read: BuildKit names them before those of the conversion.
_WHILE_READING = frozenset({"FromAsCasing", "MaintainerDeprecated", "NoEmptyContinuation"})


def check_strictly(
    text: str, directive: str, argument: str, unneeded: Sequence[tuple[int, int]] = ()
) -> None:
    """BuildError, with BuildKit's text, when errors are asked for and a check finds something.

    `unneeded` has the first line, and the one past the last, of each stage that is not built.

    `directive` is the value of `# check=`; `argument`, unless empty, is that of the build argument
    BUILDKIT_DOCKERFILE_CHECK, which takes its place. Both are like `skip=A,B;error=true`.
    """
    what = "build-arg:BUILDKIT_DOCKERFILE_CHECK" if argument else "check options"
    options = _options(argument or directive, what)
    if parse_truth(",".join(options.get("error", []))) is not True:
        return
    found = [
        check
        for check, line, is_skipped in _reported(text)
        if _counts(check, options, is_skipped and not argument)
        and (check in _OF_ALL_STAGES or not any(line in range(*lines) for lines in unneeded))
    ]
    if found:
        ordered = sorted(found, key=lambda check: check not in _WHILE_READING)
        raise BuildError(f"lint violation found for rules: {', '.join(dict.fromkeys(ordered))}")


def _options(value: str, what: str) -> dict[str, list[str]]:
    options: dict[str, list[str]] = {}
    for option in value.strip().split(";") if value.strip() else ():
        key, _, setting = option.partition("=")
        key = key.strip()
        if key not in ("skip", "error", "experimental"):
            raise BuildError(f"failed to parse {what}: invalid check option {go_quote(key)}")
        options[key] = [name.strip() for name in setting.split(",")]
        if key == "error" and parse_truth(setting.strip()) is None:
            raise BuildError(
                f"failed to parse {what}: failed to parse check option {go_quote(option)}:"
                f" strconv.ParseBool: parsing {go_quote(setting.strip())}: invalid syntax"
            )
    return options


def _counts(check: str, options: dict[str, list[str]], is_skipped: bool) -> bool:
    if check in _EXPERIMENTAL:
        return bool({check, "all"} & set(options.get("experimental", [])))
    return not is_skipped and not {check, "all"} & set(options.get("skip", []))


def _reported(text: str) -> Iterator[tuple[str, int, bool]]:
    """BuildKit's name of each finding, its line, and whether a `check=skip` silences it."""
    from dflint.config.schema import Config
    from dflint.engine.session import Session
    from dflint.text.source import Source

    session = Session()
    checks = _checks_by_rule(session.names)
    # Selected by BuildKit's names, rules judge as its checks do.
    names = {name for aliases in checks.values() for name in aliases}
    config = Config(select=tuple(sorted(names)))
    source = Source("Dockerfile", text.encode("utf-8", "surrogateescape"))
    return _named(session.check(source, config), checks)


def _named(report: FileReport, checks: dict[str, list[str]]) -> Iterator[tuple[str, int, bool]]:
    if report.failure is not None:
        raise BuildError(f"the checks that `error=true` asks for: {report.failure}")
    silenced = {id(one) for one in report.suppressed}
    findings = sorted(
        [*report.findings, *report.suppressed],
        key=lambda one: (one.place.line, one.place.column),
    )
    for one in findings:
        # BuildKit knows no other tool's comments.
        is_skipped = id(one) in silenced and (one.suppressed_by or "").startswith("check=")
        for check in checks.get(one.rule, []):
            yield check, one.place.line, is_skipped


def _checks_by_rule(names: RuleNames) -> dict[str, list[str]]:
    """The names of BuildKit's checks that each rule has."""
    from dflint.lint.names import is_buildkit_check

    found: dict[str, list[str]] = {}
    for alias in sorted(names.aliases):
        if is_buildkit_check(alias):
            for rule in names.aliases[alias]:
                found.setdefault(rule, []).append(alias)
    return found
