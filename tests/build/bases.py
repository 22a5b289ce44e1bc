"""Base images for builds that are only planned: their configuration documents."""

from __future__ import annotations

from dflint.build.frontend import build_graph
from dflint.build.image_document import ImageLayer, image_document
from dflint.graph.build import BaseImage, Build

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CREATED = "2023-05-18T22:34:17Z"
HISTORY = [
    {"created": CREATED, "created_by": "/bin/sh -c #(nop) ADD file:busybox in / "},
    {
        "created": CREATED,
        "created_by": '/bin/sh -c #(nop)  CMD ["sh"]',
        "empty_layer": True,
    },
]
ALPINE_LAYER = {"created": CREATED, "created_by": "COPY alpine-release /etc # local"}


def image(history, **config):
    """A base image of that history and configuration."""
    count = sum(1 for entry in history if not entry.get("empty_layer"))
    document = {
        "architecture": "amd64",
        "os": "linux",
        "created": CREATED,
        "config": {"Env": [f"PATH={PATH}"], **config},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + "0" * 64] * count},
        "history": history,
    }
    return BaseImage(document, "sha256:" + "a" * 64)


BUSYBOX = image(HISTORY, Cmd=["sh"])
ALPINE = image([*HISTORY, ALPINE_LAYER], Cmd=["/bin/sh"])


def base(reference, platform):
    """The image of a name: every one that is no alpine is busybox."""
    del platform
    return ALPINE if "alpine" in reference or "alt" in reference else BUSYBOX


def plan(text, **values):
    """The graph of a build of the text."""
    return build_graph(text, Build(**{"base": base, **values}))


def document(text, layers=50, **values):
    """The configuration document of the image, as if it had so many layers."""
    graph = plan(text, **values)
    entries = [*(graph.target.document or {}).get("history", ()), *graph.target.history]
    made = [one for one in entries if not isinstance(one, dict) and one.vertex is not None]
    old = [one for one in entries if isinstance(one, dict) and not one.get("empty_layer")]
    count = min(layers, len(made) + len(old))
    return image_document(graph.target, [ImageLayer("sha256:x")] * count, graph.build)


def history(text, **values):
    """The entries of the text's own instructions, those without a layer in brackets."""
    return [
        entry.created_by if entry.vertex is not None else f"({entry.created_by})"
        for entry in plan(text, **values).target.history
    ]


def config(text, **values):
    """The `config` of the image."""
    return document(text, **values)["config"]
