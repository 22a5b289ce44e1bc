"""Which images a list of trusted registries covers."""

from __future__ import annotations

import pytest

from dflint.oci.reference import ImageReference, parse_reference
from dflint.oci.trust import is_trusted


@pytest.mark.parametrize(
    ("entry", "image", "expected"),
    [
        ("docker.io", "debian", True),
        ("hub.docker.com", "a/b:1", True),
        ("docker.io", "registry-1.docker.io/a/b", True),
        ("docker.io", "docker.io.evil.com/a", False),
        ("docker.io/acme", "acme/a", True),
        ("docker.io/acme", "acmes/a", False),
        ("acme", "acme/a", True),
        ("acme", "debian", False),
        ("ghcr.io", "GHCR.io/a/b", True),
        ("ghcr.io/a", "ghcr.io/a", True),
        ("ghcr.io/a/", "ghcr.io/a/b/c", True),
        ("ghcr.io/*/base", "ghcr.io/a/base:1", True),
        ("ghcr.io/*/base", "ghcr.io/a/based", False),
        ("*.example.com", "a.b.example.com/x", True),
        ("*.example.com", "example.com/x", False),
        ("*.example.com", "evil.com/a.example.com/x", False),
        ("gcr.io*", "gcr.io/a", True),
        ("a.*.com", "a.com/x", False),
        ("localhost", "localhost/x", True),
        ("localhost:5000", "localhost:5001/x", False),
        ("*", "quay.io/a", True),
    ],
)
def test_entry_covers_image(entry, image, expected):
    reference = parse_reference(image)
    assert isinstance(reference, ImageReference)

    assert is_trusted(reference, [entry]) is expected


def test_a_part_of_a_registry_may_cover_a_repository_that_is_not_known():
    reference = parse_reference("ghcr.io/any")
    assert isinstance(reference, ImageReference)

    assert is_trusted(reference, ["ghcr.io/acme"], is_whole=False)
    assert not is_trusted(reference, ["quay.io"], is_whole=False)
