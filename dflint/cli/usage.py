"""Help, and what is wrong with a command line; argparse is only imported for these."""

from __future__ import annotations

import argparse
import difflib
import sys

from dflint import __version__
from dflint.cli.options import BUILD_VERBS, CHECK, VERBS, Verb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

_EPILOG = """exit status: 0 clean, 1 findings, 2 wrong usage or configuration, 3 internal error"""


def explain(argv: Sequence[str]) -> NoReturn:
    """Print help, the version, or what is wrong with the command line, and exit."""
    words = list(argv)
    verb = VERBS[words.pop(0)] if words and words[0] in VERBS else CHECK
    if not words or words == argv:
        _overview(list(argv))
    parser = _parser(verb)
    parser.parse_args(words)
    parser.error("the command line could not be understood")


#: The verbs as they are listed, all of them.
GROUPS = {
    "Dockerfiles": ("check", "format", "graph", "tree", "lsp"),
    "rules and settings": ("rules", "rule", "config", "cache"),
    "builds": ("build", "report", "doctor"),
    "proofs": ("verify", "equiv", "audit"),
    "images": (
        "images", "image", "tag", "rmi", "inspect", "history", "diff", "save", "load", "prune",
    ),
    "containers": ("run", "smoke", "ps", "rm"),
    "registries": ("pull", "push", "login", "logout"),
    "the store of builds": ("system", "buildcache", "store"),
}  # fmt: skip


def _overview(argv: list[str]) -> None:
    """`dflint --help` and `dflint --version`, which belong to no verb."""
    if "--version" in argv or "-V" in argv:
        sys.stdout.write(f"dflint {__version__}\n")
        raise SystemExit(0)
    if "--help" in argv or "-h" in argv:
        lines = ["usage: dflint [VERB] [OPTIONS] [PATH...]", ""]
        lines += ["Says what is wrong with Dockerfiles, lays them out, mends and builds them.", ""]
        texts = {verb.name: verb.help for verb in VERBS.values()} | BUILD_VERBS
        for title, names in GROUPS.items():
            lines += [f"{title}:", *(f"  {name:<10} {texts[name]}" for name in names), ""]
        lines += ["`dflint VERB --help` tells the options of a verb; of `check`, the default:"]
        sys.stdout.write("\n".join(lines) + "\n\n")
        _parser(CHECK).print_help()
        raise SystemExit(0)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors suggest the option that was meant."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, with the nearest option, and exit with 2."""
        if message.startswith("unrecognized arguments: "):
            word = message.removeprefix("unrecognized arguments: ").split()[0]
            names = [name for action in self._actions for name in action.option_strings]
            near = difflib.get_close_matches(word.partition("=")[0], names, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            message = f"unknown option `{word}`{hint}"
        sys.stderr.write(f"dflint: {message} (`{self.prog} --help` lists the options)\n")
        raise SystemExit(2)


def _parser(verb: Verb) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"dflint {verb.name}", description=verb.help, epilog=_EPILOG, allow_abbrev=False
    )
    if verb.positional:
        help_text = verb.positional_help.replace("%", "%%")
        parser.add_argument("paths", metavar=verb.positional, nargs="*", help=help_text)
    for option in verb.options:
        names = [option.short, option.name] if option.short else [option.name]
        help_text = option.help.replace("%", "%%")
        if not option.value:
            parser.add_argument(*names, action="store_true", help=help_text)
            continue
        if option.optional:
            value = option.value
            choices = option.choices or None
            parser.add_argument(
                *names, metavar=value, nargs="?", const="", choices=choices, help=help_text
            )
            continue
        metavar = "|".join(option.choices) if option.choices else option.value
        parser.add_argument(*names, metavar=metavar, choices=option.choices or None, help=help_text)
    return parser
