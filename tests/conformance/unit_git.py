"""Unit rows of BuildKit's addresses of git repositories, put to dflint."""

from __future__ import annotations

from dflint.errors import BuildError
from dflint.sources.git_url import GitAddress, read_git_address, with_fragment

NAMES = {
    "Remote": "remote",
    "ShortName": "short_name",
    "Ref": "ref",
    "SubDir": "subdir",
    "Checksum": "checksum",
    "MTime": "mtime",
    "IndistinguishableFromLocal": "is_like_local",
    "UnencryptedTCP": "is_plain",
    "KeepGitDir": "keeps_git_dir",
    "Submodules": "submodules",
}


def run_row(row: dict) -> dict:
    try:
        address = read_git_address(row["input"])
    except BuildError as error:
        return {"error": str(error), "value": row["input"], "ok": False}
    if row["suite"] == "git-ref":
        return reference(address)
    text = row["input"]
    if address is not None:
        text = with_fragment(address, row["suite"] == "git-fragment-subdir")
    return {"value": text, "ok": address is not None}


def reference(address: GitAddress | None) -> dict:
    if address is None:
        return {"ref": None, "error": True}
    return {"ref": {name: getattr(address, ours) for name, ours in NAMES.items()}}


SUITES = {"git-ref", "git-fragment", "git-fragment-subdir"}
