"""The store on disk: blobs, layers, cache records and tags."""

from __future__ import annotations

from dflint.content.blobs import Blob, BlobWriter
from dflint.content.layers import DraftLayer, Layer
from dflint.content.leases import Lease
from dflint.content.records import Record
from dflint.content.store import ContentStore, LayerBlob

__all__ = [
    "Blob",
    "BlobWriter",
    "ContentStore",
    "DraftLayer",
    "Layer",
    "LayerBlob",
    "Lease",
    "Record",
]
