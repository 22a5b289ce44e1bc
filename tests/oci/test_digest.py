from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.errors import BuildError
from dflint.oci.digest import chain_ids, check_grammar, digest_of, parse_digest

EMPTY = "sha256:" + hashlib.sha256(b"").hexdigest()


def test_digest_has_its_parts():
    digest = parse_digest(EMPTY)

    assert (digest.algorithm, digest.encoded) == ("sha256", EMPTY[7:])
    assert digest == EMPTY


@given(st.binary(), st.sampled_from(["sha256", "sha384", "sha512"]))
def test_digest_of_content_is_a_digest(data, algorithm):
    digest = digest_of(data, algorithm)

    assert parse_digest(digest) == f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a digest like `sha256:...`, found ``"),
        ("sha256", "expected a digest like `sha256:...`, found `sha256`"),
        ("../../etc/passwd", "expected a digest like"),
        ("sha256:../../etc", "expected a digest like"),
        (EMPTY + "\n", "expected a digest like"),
        (EMPTY[:-1], "expected 64 digits of sha256, found 63"),
        (EMPTY.upper().replace("SHA", "sha"), "expected hexadecimal digits in lower case"),
        ("md5:d41d8cd98f00b204e9800998ecf8427e", "expected one of sha256, sha384, sha512"),
    ],
)
def test_what_is_no_digest_is_refused(text, message):
    with pytest.raises(BuildError) as raised:
        parse_digest(text)

    assert message in str(raised.value)


def test_digests_of_unknown_algorithms_have_a_grammar():
    check_grammar("sha256+b64u.unknownlength:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564=")


def test_chain_ids_are_those_of_the_image_spec():
    first, second, third = (digest_of(text) for text in (b"a", b"b", b"c"))

    chain = chain_ids((first, second, third))

    assert chain[0] == first
    assert chain[1] == digest_of(f"{first} {second}".encode())
    assert chain[2] == digest_of(f"{chain[1]} {third}".encode())
    assert chain_ids(()) == ()
