"""A store of blobs in memory, and options that wait for nothing."""

from __future__ import annotations

import hashlib

from dflint.errors import BuildError
from dflint.registry.credentials import Credentials, Found
from dflint.registry.options import RegistryOptions


class MemoryStore:
    def __init__(self):
        self.blobs = {}

    def has_blob(self, digest):
        return digest in self.blobs

    def put_blob(self, data):
        self.blobs["sha256:" + hashlib.sha256(data).hexdigest()] = data

    def new_blob(self, algorithm="sha256"):
        return MemoryWriter(self)

    def read_blob(self, digest, limit=0):
        return self.blobs[digest]


class MemoryWriter:
    def __init__(self, store):
        self.store = store
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def write(self, data):
        self.data += data

    def commit(self, expected_digest=""):
        found = "sha256:" + hashlib.sha256(self.data).hexdigest()
        if found != expected_digest:
            raise BuildError(f"expected content with digest `{expected_digest}`, found `{found}`")
        self.store.put_blob(self.data)


def options(user="", secret="", problem="", **values):
    found = Found(Credentials(user, secret) if user else None, problem)
    settings = {"first_delay": 0.001, "longest_delay": 0.002, **values}
    return RegistryOptions(find_credentials=lambda host: found, **settings)
