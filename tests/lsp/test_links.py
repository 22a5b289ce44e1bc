from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dflint_lsp.documents import DocumentVersion
from dflint_lsp.features.links import links
from tests.lsp.versions import version_of

if TYPE_CHECKING:
    from pathlib import Path


def found(version: DocumentVersion, *folders: str) -> list[tuple[str, str | None]]:
    """What is linked, and where to."""
    return [
        (version.lines.span(one.range).slice(version.text), one.target)
        for one in links(version, folders)
    ]


HUB = "https://hub.docker.com/"
SHA = "@sha256:" + "0" * 64

IMAGES = {
    "FROM node": [("node", HUB + "_/node/")],
    "from node:20-alpine AS x": [("node", HUB + "_/node/")],
    "FROM \\\n  node" + SHA: [("node", HUB + "_/node/")],
    "FROM --platform=linux/amd64 a/b:1" + SHA: [("a/b", HUB + "r/a/b/")],
    "FROM docker.io/library/node:20": [("docker.io/library/node", HUB + "_/node/")],
    "FROM node:${V}": [("node", HUB + "_/node/")],
    "FROM node:": [("node", HUB + "_/node/")],
    "FROM ghcr.io/o/p:1": [("ghcr.io/o/p", "https://github.com/o/p/pkgs/container/p")],
    "FROM ghcr.io/o/p/q": [("ghcr.io/o/p/q", "https://github.com/o/p/pkgs/container/p%2Fq")],
    "FROM mcr.microsoft.com/dotnet/sdk:8.0": [
        ("mcr.microsoft.com/dotnet/sdk", "https://mcr.microsoft.com/artifact/mar/dotnet/sdk")
    ],
    "FROM quay.io/a/b": [("quay.io/a/b", "https://quay.io/repository/a/b")],
    "FROM public.ecr.aws/a/b": [("public.ecr.aws/a/b", "https://gallery.ecr.aws/a/b")],
    "FROM localhost:5000/a/b:1": [],
    "FROM scratch": [("scratch", HUB + "_/scratch/")],
    "FROM mirror.gcr.io/node": [("mirror.gcr.io/node", HUB + "_/node/")],
    "ARG X=a/b\nFROM ${X}:${T:-1}": [("${X}", HUB + "r/a/b/")],
    "FROM": [],
    "FROM $X": [],
    "FROM UPPER": [],
    "ARG X=node\nFROM $X:20": [("$X", HUB + "_/node/")],
    "ARG V=20\nFROM node:$V": [("node", HUB + "_/node/")],
    "FROM a AS b\nFROM b\nCOPY --from=b x y": [("a", HUB + "_/a/")],
    "FROM x.y/z\nCOPY --from=a/b:1 x y\nCOPY --from=context x y": [("a/b", HUB + "r/a/b/")],
    "FROM x.y/z\nRUN --mount=type=bind,from=a/b:1,target=/x ls": [("a/b", HUB + "r/a/b/")],
    "# syntax=docker/dockerfile:1.7\nFROM x.y/z": [
        ("docker/dockerfile", HUB + "r/docker/dockerfile/")
    ],
    "FROM x.y/z\nADD https://x/y.tar /\nADD https://x/$v /": [
        ("https://x/y.tar", "https://x/y.tar")
    ],
    'FROM x.y/z\nADD ["https://x/y", "/"]': [("https://x/y", "https://x/y")],
}


@pytest.mark.parametrize(("text", "expected"), IMAGES.items(), ids=IMAGES.keys())
def test_pages_of_images(text: str, expected: list[tuple[str, str]]):
    assert found(version_of(text)) == expected


def test_files_beside_the_dockerfile_or_at_the_top_of_the_workspace(tmp_path: Path):
    below = tmp_path / "docker"
    below.mkdir()
    (below / "near").write_text("")
    (tmp_path / "a b.txt").write_text("")
    (tmp_path / "folder").mkdir()
    text = (
        "FROM x.y/z\nARG name=near\nCOPY $name ./near /\n"
        'COPY ["a b.txt", "../../near", "/x/"]\n'
        "COPY folder missing * <<E /\nE\nCOPY --from=0 near /\nADD near /\n"
    )
    path = str(below / "Dockerfile")
    version = DocumentVersion((below / "Dockerfile").as_uri(), text, 1, path=path)
    near, top = (below / "near").as_uri(), (tmp_path / "a b.txt").as_uri()
    assert found(version, str(tmp_path)) == [
        ("$name", near),
        ("./near", near),
        ("a b.txt", top),
        ("../../near", near),
        ("near", near),
    ]
    assert ("a b.txt", top) not in found(version)


def test_a_document_without_a_place_has_no_files():
    version = DocumentVersion("untitled:1", "FROM x.y/z\nCOPY setup.py /\n", 1)
    assert found(version) == []
