"""A place to build in: one store and one context for all tests that build in this process."""

from __future__ import annotations

import pytest

from dflint.build.request import BuildRequest, NamedContext
from dflint.build.session import BuildSession
from dflint.verify.image.verifier import ImageVerifier

FILES = {
    "a.txt": "alpha\n",
    "b.txt": "beta\n",
    "app/main.sh": "#!/bin/sh\necho run\n",
    "app/data/one.txt": "1\n",
    "app/data/two.txt": "2\n",
}


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """The folder with the context and the store."""
    place = tmp_path_factory.mktemp("verify")
    for name, text in FILES.items():
        path = place / "context" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


@pytest.fixture(scope="session")
def request_of(place, busybox_layout):
    """What a build is asked for, with other values where they are given."""

    def make(**values):
        base = NamedContext("busybox", f"oci-layout://{busybox_layout}")
        return BuildRequest(
            **{
                "context": str(place / "context"),
                "named_contexts": (base,),
                "store": str(place / "store"),
                **values,
            }
        )

    return make


@pytest.fixture(scope="session")
def session(mount_namespace, request_of):
    """A session that all tests share, cache and all."""
    with BuildSession(request_of()) as session:
        yield session


@pytest.fixture
def verifier(session):
    """A verifier that knows no builds yet."""
    return ImageVerifier(session)
