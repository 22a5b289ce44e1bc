"""Image references."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.oci import reference as module
from dflint.oci.reference import ImageReference, ReferenceProblem, parse_reference

HEX = "a" * 64


@pytest.mark.parametrize(
    ("text", "domain", "repository", "tag", "digest"),
    [
        ("alpine", "docker.io", "library/alpine", "", ""),
        ("alpine:3.20", "docker.io", "library/alpine", "3.20", ""),
        ("user/image:_x", "docker.io", "user/image", "_x", ""),
        ("docker.io/foo", "docker.io", "library/foo", "", ""),
        ("index.docker.io/foo", "docker.io", "library/foo", "", ""),
        ("index.docker.io/a/b", "docker.io", "a/b", "", ""),
        ("docker.io:443/foo", "docker.io:443", "foo", "", ""),
        ("localhost", "docker.io", "library/localhost", "", ""),
        ("localhost:5000", "docker.io", "library/localhost", "5000", ""),
        ("localhost/c", "localhost", "c", "", ""),
        ("Foo/bar", "Foo", "bar", "", ""),
        ("FOO:80/bar", "FOO:80", "bar", "", ""),
        ("foo:80/bar:B", "foo:80", "bar", "B", ""),
        ("a.b:80/c/d", "a.b:80", "c/d", "", ""),
        ("a.b", "docker.io", "library/a.b", "", ""),
        ("a_b.c/d", "a_b.c", "d", "", ""),
        ("a/b.c/d", "docker.io", "a/b.c/d", "", ""),
        ("[::1]:5000/foo", "[::1]:5000", "foo", "", ""),
        ("foo--bar__baz.q", "docker.io", "library/foo--bar__baz.q", "", ""),
        (f"foo@sha256:{HEX}", "docker.io", "library/foo", "", f"sha256:{HEX}"),
        (f"foo:1@sha256:{HEX}", "docker.io", "library/foo", "1", f"sha256:{HEX}"),
        (f"sha256:{HEX}", "docker.io", "library/sha256", HEX, ""),
        (f"{HEX}:latest", "docker.io", f"library/{HEX}", "latest", ""),
        ("a" * 63, "docker.io", "library/" + "a" * 63, "", ""),
        ("a.b/" + "x" * 255, "a.b", "x" * 255, "", ""),
    ],
)
def test_references(text, domain, repository, tag, digest):
    found = parse_reference(text)

    assert isinstance(found, ImageReference)
    assert (found.domain, found.repository) == (domain, repository)
    assert (found.tag, found.digest) == (tag, digest)


@pytest.mark.parametrize(
    "text",
    ["", ":", "@", "/", "foo:", ":x", "foo@", "foo/", "/foo", "foo//bar", "foo:x:y", "foo:1:2/x",
     "-foo", "foo-", "foo___bar", "foo._bar", "foo..bar", "a-_b", "foo/.bar", "foo:-x", "foo:.x",
     "foo:" + "t" * 129, "foo bar", "foo\n", "foo:x\n", "foo#bar", "é", "a.b:/c", "a.b:x/c",
     "a-.b/c", "a..b/c", "[zz]/a", "[]/a", "[::1]", "https://foo/bar", "foo@sha256:zz",
     f"@sha256:{HEX}", f"foo@256:{HEX}", f"foo@sha256:{HEX}x", "foo:B@C"],
)  # fmt: skip
def test_what_is_no_reference(text):
    found = parse_reference(text)

    assert isinstance(found, ReferenceProblem)
    assert found.message == "invalid reference format"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Foo", "invalid reference format: repository name (library/Foo) must be lowercase"),
        ("foo/É:x", "invalid reference format: repository name (foo/É) must be lowercase"),
        ("a.b/Foo", "invalid reference format: repository name (Foo) must be lowercase"),
        ("A_b.c/d", "repository name must be lowercase"),
        ("x" * 248, "repository name must not be more than 255 characters"),
        ("a.b/" + "x" * 256, "repository name must not be more than 255 characters"),
        (HEX, f"invalid repository name ({HEX}), cannot specify 64-byte hexadecimal strings"),
        (f"foo@sha256:{HEX[1:]}", "invalid checksum digest length"),
        (f"foo@sha512:{HEX}", "invalid checksum digest length"),
        (f"foo@sha256:{HEX.upper()}", "invalid checksum digest format"),
        (f"foo@md5:{HEX}", "unsupported digest algorithm"),
        (f"foo@sha256+b64:{HEX}", "unsupported digest algorithm"),
    ],
)
def test_reasons(text, message):
    found = parse_reference(text)

    assert isinstance(found, ReferenceProblem)
    assert found.message == message


PIECES = ["a", "b1", "A", ".", "-", "_", "__", "/", ":", "@", "80", "localhost", "x.y", "é", "\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join) | st.text())
def test_the_short_way_gives_what_the_grammar_gives(text):
    short = module._plain_reference(text)

    assert short is None or repr(short) == repr(module._any_reference(text))


@pytest.mark.parametrize(
    "piece", ["a", "a-", "a/", "a.", "-", "__", ":", "@", "A", "[", "a:", "0."]
)
def test_long_texts_are_read(piece):
    parse_reference(piece * 100_000)
    parse_reference("x/" + piece * 100_000 + "é")
    parse_reference("x@sha256:" + piece * 100_000)


def test_repr_shows_the_whole():
    assert repr(parse_reference("a:1")) == "ImageReference('docker.io/library/a:1')"
    assert repr(parse_reference(":")) == "ReferenceProblem('invalid reference format')"
