"""The options of the verbs that speak with registries, and what they come to."""

from __future__ import annotations

import os
from collections.abc import Iterable

from dflint.cli.build_values import read_platform
from dflint.cli.docker_flags import Flag, Given
from dflint.cli.store_place import store_path
from dflint.content.store import ContentStore
from dflint.errors import UsageError
from dflint.oci.platform import Platform
from dflint.oci.reference import ImageReference, ReferenceProblem, parse_reference
from dflint.registry.options import RegistryOptions

STORE = Flag("--store", "DIR", "where images are kept, as for `dflint build`")
HELP = Flag("--help", "", "print this", "-h")
CONNECTION = (
    Flag("--insecure", "", "speak with the registry without encryption"),
    Flag("--ca-file", "FILE", "further certificates of authorities, in PEM"),
)
CONNECTION_HELP = """\
      --insecure           speak with the registry without encryption
      --ca-file FILE       further certificates of authorities, in PEM; may be repeated
"""


def registry_options(given: Given, domains: Iterable[str]) -> RegistryOptions:
    """How the registries of these domains are to be spoken with."""
    files = tuple(given.all("--ca-file"))
    for file in files:
        if not os.path.isfile(file):
            raise UsageError(f"--ca-file: expected a file, found nothing at `{file}`")
    plain = frozenset(domains if given.is_on("--insecure") else ())
    return RegistryOptions(plain_http=plain, ca_files=files)


def image_reference(verb: str, text: str) -> ImageReference:
    """A reference as it is written; UsageError for what is none."""
    found = parse_reference(text)
    if isinstance(found, ReferenceProblem):
        raise UsageError(f"{verb}: `{text:.300}` is no image reference: {found.message}")
    return found


def platform_of(given: Given) -> Platform | None:
    """The platform of `--platform`."""
    text = given.text("--platform")
    return read_platform(text, "--platform") if text else None


def open_store(given: Given) -> ContentStore:
    """The store of `--store`, or the usual one."""
    return ContentStore(store_path(given))
