"""Which files are Dockerfiles, by their names and, where a name leaves it open, by their text.

Names: `Dockerfile` and `Containerfile`, in lower case too, alone, with an extension behind them
(`Dockerfile.dev`, `Dockerfile-dev`, `Dockerfile_dev`) or as an extension (`app.Dockerfile`).
"""

from __future__ import annotations

from enum import Enum

BASES = ("Dockerfile", "dockerfile", "Containerfile", "containerfile")
"""The names that builders look for."""

_ENDINGS = tuple("." + base for base in BASES)

_TEMPLATE_EXTENSIONS = (
    "cookiecutter eex ejs erb gotmpl gotpl handlebars hbs in j2 jinja jinja2 liquid m4 mako "
    "mustache njk template tmpl tpl"
)
"""What a file is called from which a template engine makes another."""

_OTHER_EXTENSIONS = (
    "7z adoc asc bak bck bz2 cfg conf containerignore css csv cue diff dockerignore gif gz "
    "hcl htm html iml ini ipynb jpeg jpg json json5 jsonc license lock log md mdx markdown map "
    "old orig patch pdf png properties pyc rej rst save sig snap svg swo swp tar tgz tmp toml "
    "xml xz yaml yml zip zst"
)
"""What is beside a Dockerfile under its name and never is one itself."""

_OPEN_EXTENSIONS = (
    "bash bat c cc clj cmd cpp cs cts dart el env erl ex exs fish fs go groovy h hpp hs java js "
    "jsx kt kts lua mjs ml mts nim php pl pm proto ps1 py pyi r rb rs sass scala scss sh sql "
    "swift ts tsx txt vim vue zig zsh"
)
"""What may be a program about Dockerfiles as well as the Dockerfile for such a program."""

_TEMPLATE = frozenset(_TEMPLATE_EXTENSIONS.split())
_OTHER = frozenset(_OTHER_EXTENSIONS.split())
_OPEN = frozenset(_OPEN_EXTENSIONS.split())


class Kind(Enum):
    """What a file is by its name."""

    DOCKERFILE = "a Dockerfile"
    TEMPLATE = "a template for a Dockerfile"
    OPEN = "a Dockerfile or something about one, which its text tells"
    OTHER = "something else"


def kind_of_name(name: str) -> Kind:
    """What the file called `name` is, a name without folders."""
    if "ockerfile" not in name and "ontainerfile" not in name:
        return Kind.OTHER
    if name in BASES or name.endswith(_ENDINGS):
        return Kind.DOCKERFILE
    stem, dot, extension = name.rpartition(".")
    if dot and extension in _TEMPLATE:
        return Kind.OTHER if kind_of_name(stem) is Kind.OTHER else Kind.TEMPLATE
    if not name.startswith(BASES) or name.endswith(("~", ",v")):
        return Kind.OTHER
    base = next(base for base in BASES if name.startswith(base))
    if name[len(base)] not in "._-":
        return Kind.OTHER
    folded = extension.lower()
    if dot and folded in _OTHER:
        return Kind.OTHER
    return Kind.OPEN if dot and folded in _OPEN else Kind.DOCKERFILE


def looks_like_dockerfile(text: str) -> bool:
    """Whether the first instruction in the text is one with which a Dockerfile can begin.

    Python's `from module import name` is none: FROM takes one argument, or three with AS.
    """
    for line in text.split("\n"):
        words = [word for word in line.split() if not word.startswith("--")]
        if not words or words[0].startswith("#") or words[0] == "\ufeff":
            continue
        keyword = words[0].lstrip("\ufeff").upper()
        if keyword == "ARG":
            return len(words) > 1
        return keyword == "FROM" and (
            len(words) == 2 or (len(words) == 4 and words[2].upper() == "AS")
        )
    return False
