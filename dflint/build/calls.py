"""`--call=outline` and `--call=targets`: what is told of a Dockerfile without building it."""

from __future__ import annotations

import contextlib
import tempfile

from dflint.build.contexts import Contexts
from dflint.build.frontend import build_for, model_of, read_file
from dflint.build.images import Images
from dflint.build.outcome import BuildResult
from dflint.build.outline import outline, targets
from dflint.build.outline_text import outline_json, outline_text, targets_json, targets_text
from dflint.build.request import BuildRequest, Call
from dflint.content.store import ContentStore
from dflint.graph.lower_build import lower_build


def tell(request: BuildRequest) -> BuildResult:
    """The text that a call prints; BuildError for a Dockerfile that cannot be built."""
    is_json = request.call_format == "json"
    with contextlib.ExitStack() as held:
        folder = held.enter_context(tempfile.TemporaryDirectory(prefix="dflint-call-"))
        store = ContentStore(request.store)
        held.callback(store.close)
        contexts = Contexts(request, folder, store)
        text = contexts.dockerfile.text
        source = text.encode("utf-8", "surrogateescape")
        tree = read_file(text)
        platform = str(request.platforms[0]) if request.platforms else ""
        base = Images(store).base
        build = build_for(request, platform, contexts.named(), base)
        model = model_of(tree, build)
        if request.call is Call.TARGETS:
            found = targets(model)
            return BuildResult(text=targets_json(found, source) if is_json else targets_text(found))
        told = outline(tree, model, lower_build(tree, model, build))
        return BuildResult(text=outline_json(told, source) if is_json else outline_text(told))
