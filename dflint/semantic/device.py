"""The value of `RUN --device`: the name of a device of the Container Device Interface."""

from __future__ import annotations

from dflint.semantic.csv_fields import parse_fields
from dflint.semantic.suggest import suggestion
from dflint.semantic.truth import parse_truth


class Device:
    """A device that a RUN asks for; `problem` is BuildKit's reason to refuse the value."""

    __slots__ = ("name", "problem", "required")

    name: str
    required: bool
    problem: str | None

    def __init__(self, name: str, required: bool, problem: str | None = None) -> None:
        self.name = name
        self.required = required
        self.problem = problem


def parse_device(text: str) -> Device:
    """Read `name[,required]`, as BuildKit does; `name=…` and `required=true` are the long forms."""
    fields, problem = parse_fields(text)
    if problem is not None:
        return Device("", False, f"failed to parse csv devices: {problem}")
    device = Device("", False)
    for field in fields:
        device.problem = _read(device, field.text)
        if device.problem is not None:
            break
    return device


def _read(device: Device, field: str) -> str | None:
    key, equals, value = field.partition("=")
    key = key.lower()
    if key == "required":
        required = parse_truth(value) if equals else True
        if required is None:
            return f"invalid value for {key}: {value}"
        device.required = required
    elif equals and key == "name":
        if device.name:
            return f"device name already set to {device.name}"
        device.name = value
    elif not device.name:
        device.name = field
    elif not equals:
        return f"invalid field '{field}' must be a key=value pair"
    else:
        meant = suggestion(key, ("name", "required"))
        tail = f" (did you mean {meant}?)" if meant else ""
        return f"unexpected key '{key}' in '{field}'{tail}"
    return None
