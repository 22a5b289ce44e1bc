"""Differences as people write them."""

from __future__ import annotations

from dflint.graph.command import Command
from dflint.graph.ops import FileOp, Op
from dflint.graph.symbols import readable
from dflint.graph.variables import Variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.graph.ops import CopyAction
    from dflint.graph.vertex import Vertex

_FLAGS = {
    "network": "--network", "security": "--security", "devices": "--device",
    "owner": "--chown", "mode": "--chmod", "parents": "--parents", "excludes": "--exclude",
    "link": "--link",
}  # fmt: skip
_CONFIG = {
    "workdir": "WORKDIR", "user": "USER", "shell": "SHELL", "cmd": "CMD",
    "entrypoint": "ENTRYPOINT", "healthcheck": "HEALTHCHECK", "labels": "LABEL",
    "exposed_ports": "EXPOSE", "volumes": "VOLUME", "stop_signal": "STOPSIGNAL",
    "author": "MAINTAINER", "onbuild": "ONBUILD", "arguments": "ARG", "env": "ENV",
}  # fmt: skip
_LONGEST = 120


def keyword_of(instruction: Instruction) -> str:
    """The keyword, for ONBUILD with that of its trigger."""
    trigger = instruction.reading.trigger
    keyword = instruction.reading.keyword.upper()
    return keyword if trigger is None else f"{keyword} {trigger.keyword.upper()}"


def step_texts(before: Vertex, after: Vertex) -> tuple[str, ...]:
    """What differs between two steps of one kind."""
    texts: list[str] = []
    one, other = before.op, after.op
    if isinstance(one, FileOp) and isinstance(other, FileOp):
        texts += _file_texts(one, other)
    else:
        for field in one.differing(other):
            texts += _field_texts(field, getattr(one, field), getattr(other, field))
    return tuple(texts) or ("an input is another one",)


def _file_texts(before: FileOp, after: FileOp) -> list[str]:
    texts = _field_texts("link", before.link, after.link) if before.link != after.link else []
    if len(before.actions) != len(after.actions):
        gone = [one for one in before.actions if one not in after.actions]
        new = [one for one in after.actions if one not in before.actions]
        texts += [f"source `{_source(one)}` is gone" for one in gone]
        texts += [f"source `{_source(one)}` is new" for one in new]
        return texts or ["a source is there another number of times"]
    for one, other in zip(before.actions, after.actions, strict=True):
        for field in one.differing(other):
            if field == "options":
                options = one.options.differing(other.options)
                pairs = [
                    (name, getattr(one.options, name), getattr(other.options, name))
                    for name in options
                ]
            else:
                pairs = [(field, getattr(one, field), getattr(other, field))]
            for name, old, new_value in pairs:
                texts += [text for text in _field_texts(name, old, new_value) if text not in texts]
    return texts


def _source(action: CopyAction) -> str:
    return readable(action.source) if action.content is None else f"<<{action.source}"


def _field_texts(field: str, before: object, after: object) -> list[str]:
    if isinstance(before, Variables) and isinstance(after, Variables):
        return list(_mapping_texts("variable", dict(before.pairs()), dict(after.pairs())))
    if field == "mounts" and isinstance(before, tuple) and isinstance(after, tuple):
        gone = [one for one in before if one not in after]
        new = [one for one in after if one not in before]
        texts = [f"option `--mount={_mount(one)}` is gone" for one in gone]
        texts += [f"option `--mount={_mount(one)}` is new" for one in new]
        return texts or ["the mounts are in another order"]
    if field == "unpack":
        return [f"archives are {'' if after else 'not '}unpacked"]
    name = _FLAGS.get(field)
    if name is not None:
        if not after:
            return [f"option `{_option(name, before)}` is gone"]
        if not before:
            return [f"option `{_option(name, after)}` is new"]
        return [f"option `{name}` is `{shown(after)}`, was `{shown(before)}`"]
    return [f"{field.replace('_', ' ')} is `{shown(after)}`, was `{shown(before)}`"]


def _option(name: str, value: object) -> str:
    return name if value is True else f"{name}={shown(value)}"


def _mount(mount: Op) -> str:
    names = ("type", "id", "source", "target")
    parts = [(name, getattr(mount, name)) for name in names]
    return ",".join(f"{name}={shown(value)}" for name, value in parts if value)


def config_texts(field: str, before: object, after: object) -> tuple[str, ...]:
    """What differs in a field of the configuration."""
    name = _CONFIG.get(field, field)
    if field in ("env", "arguments"):
        before, after = dict(_pairs(before)), dict(_pairs(after))
    if isinstance(before, dict) and isinstance(after, dict):
        return _mapping_texts(name, before, after) or (f"the order of {name} is another one",)
    if not after:
        return (f"{name} `{shown(before)}` is gone",)
    if not before:
        return (f"{name} `{shown(after)}` is new",)
    return (f"{name} is `{shown(after)}`, was `{shown(before)}`",)


def _pairs(value: object) -> list[tuple[str, object]]:
    return list(value) if isinstance(value, (tuple, list)) else []


def _mapping_texts(
    what: str, before: dict[str, object] | dict[str, str], after: dict[str, object] | dict[str, str]
) -> tuple[str, ...]:
    texts = [f"{what} `{readable(name)}` is gone" for name in before if name not in after]
    texts += [f"{what} `{readable(name)}` is new" for name in after if name not in before]
    texts += [
        f"{what} `{readable(name)}` is `{shown(after[name])}`, was `{shown(value)}`"
        for name, value in before.items()
        if name in after and after[name] != value
    ]
    return tuple(texts)


def shown(value: object) -> str:
    """A value in a sentence, cut where it is long."""
    if isinstance(value, bool):
        return ""  # of an instruction's reading
    if isinstance(value, Command):
        value = value.text if value.is_shell else list(value.arguments)
    elif isinstance(value, tuple):
        value = " ".join(filter(None, map(shown, value)))
    elif isinstance(value, Op):
        value = " ".join(f"{name}={shown(one)}" for name, one in value.fields() if one)
    text = readable(str(value)).replace("\n", "\\n")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
