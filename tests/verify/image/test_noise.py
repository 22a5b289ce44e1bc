"""What several builds of one file have in common, and what not."""

from __future__ import annotations

from dflint.verify.image.compare import ImageState, differences
from dflint.verify.image.manifest import Entry
from dflint.verify.image.noise import Noise

TOP = Entry(b"top", "directory", 0o755, "0:0", 0, 0)


def state(layer, **entries):
    """An image with a directory and what is in it."""
    manifest = {"/a": TOP} | {f"/a/{name}": one for name, one in entries.items()}
    return ImageState(manifest, {}, [], (layer,), (), {})


def pipe(source, kind="pipe", mode=0o644):
    return Entry(source, kind, mode, "0:0", 0, 0)


def explained(samples, after):
    noise = Noise(samples)
    found = differences(noise.samples[0], after)
    return [(one.place, one.field, bool(noise.explain(one, after))) for one in found]


def test_a_file_that_some_builds_have_may_be_missing():
    samples = [state("1", b=pipe(b"1")), state("2")]

    assert explained(samples, state("3")) == [("/a/b", "", True)]
    assert explained(samples, state("3", b=pipe(b"1"), c=pipe(b"3"))) == [("/a/c", "", False)]


def test_a_path_may_be_of_another_kind_where_builds_differ_in_that():
    samples = [state("1", b=pipe(b"1")), state("2", b=pipe(b"2", "socket"))]

    assert explained(samples, state("3", b=pipe(b"3", "socket"))) == [("/a/b", "", True)]


def test_a_mode_is_one_that_a_build_has_given():
    samples = [state("1", b=pipe(b"1")), state("2", b=pipe(b"2", mode=0o600))]

    assert explained(samples, state("3", b=pipe(b"3", mode=0o600))) == [("/a/b", "mode", True)]
    assert explained(samples, state("3", b=pipe(b"3", mode=0o777))) == [("/a/b", "mode", False)]
