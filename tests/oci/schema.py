"""Checks documents against the constraints of the OCI image-spec."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

_DATA = Path(__file__).resolve().parent.parent / "data"
BUILDKIT = _DATA / "buildkit-images"
"""Documents as BuildKit 0.25 (Docker 28.5) has written them."""

_SCHEMA = json.loads((_DATA / "image-spec" / "schema.json").read_text())


def schema_problems(kind: str, data: bytes | str) -> list[str]:
    """What is wrong with a document; its kind is `image-manifest`, `config` and so on."""
    try:
        document = json.loads(data)
    except ValueError as error:
        return [str(error)]
    schema = {**_SCHEMA, "$ref": f"#/$defs/{kind}"}
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]
