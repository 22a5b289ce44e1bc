"""What builders have in common that keep images in a place of their own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence

from dflint.build.outcome import BuildResult
from dflint.build.request import BuildRequest, Output
from dflint.builders.program import run
from dflint.builders.taking import take_into
from dflint.errors import BuildError

#: Writes the image of an id to a place: called with the id, the output and the place.
Write = Callable[[str, Output, str], None]


def build_and_take(
    words: Sequence[str],
    request: BuildRequest,
    write: Write,
    push: Callable[[str], None],
    *,
    is_quiet: bool,
) -> BuildResult:
    """Run a builder that writes the id of what it made to a file, then do what is to be done of it.

    The words get `--iidfile` and the context at their end.
    """
    with tempfile.TemporaryDirectory(prefix="dflint-engine-") as folder:
        id_file = os.path.join(folder, "id")
        writes_stdout = any(
            one.destination == "-" and one.type in ("tar", "local") for one in request.outputs
        )
        run(
            [*words, "--iidfile", id_file, request.context],
            writes_stdout=writes_stdout,
            reads_stdin="-" in (request.context, request.dockerfile),
            is_quiet=is_quiet,
        )
        id = _read_id(id_file)
        result = BuildResult("", id)
        for output in request.outputs:
            if output.type in ("oci", "docker"):
                write(id, output, output.destination)
            if output.type == "image" and output.is_pushed:
                for name in output.names:
                    push(name)
            if output.type == "image" and output.is_stored:
                archive = os.path.join(folder, "image.tar")
                write(id, Output("docker"), archive)
                result = take_into(request.store, archive, output.names)
        return result


def _read_id(path: str) -> str:
    try:
        with open(path, encoding="ascii") as file:
            id = file.read().strip()
    except FileNotFoundError:
        return ""
    if not id:
        raise BuildError("the builder did not say what it has made")
    return id if ":" in id else f"sha256:{id}"


def image_problems(request: BuildRequest) -> list[str]:
    """What cannot be said of images in a place of the engine's own."""
    found = []
    if len(request.platforms) > 1:
        found.append("several platforms at once: `--engine buildx` can")
    if request.cache_from or request.cache_to:
        found.append("`--cache-from` and `--cache-to`: `--engine buildx` can")
    if not request.outputs:
        found.append("`--output type=cacheonly`: `--engine buildx` can")
    if request.no_cache_filter:
        found.append("`--no-cache-filter`")
    for one in request.outputs:
        if one.is_pushed_by_digest:
            found.append("`push-by-digest` of `--output`")
        for value, name in (
            (one.compression, "compression"),
            (one.rewrite_timestamp, "rewrite-timestamp"),
            (one.source_date_epoch, "source-date-epoch"),
            (one.oci_media_types, "oci-mediatypes"),
            (one.annotations, "annotation"),
        ):
            if value:
                found.append(f"`{name}` of `--output`")
    return found
