"""The values of `RUN --mount`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.semantic.expand import expand_word
from dflint.semantic.mount_options import MOUNT_KEYS, parse_mount
from dflint.text.span import Span


@pytest.mark.parametrize(
    "text",
    [
        "target=/a",
        "TYPE=BIND,TARGET=/a",
        "target=/a,rw",
        "target=/a,RO",
        "target=/a,ro=True",
        "target=/a,rw=F",
        "src=x,dst=/y,destination=/z",
        "from=,target=/a",
        "target=//",
        "target=/.",
        "target=/a/..",
        "target==",
        "target=/a,env=X",
        "type=cache,target=/a,sharing=LOCKED,mode=0755,uid=1,gid=4294967295",
        "sharing=shared,type=cache,target=/a",
        "type=tmpfs,target=/a,size=10m",
        "type=tmpfs,from=x,source=y,target=/a",
        "type=secret,id=x",
        "type=secret,source=a",
        "type=secret,target=/",
        "type=secret,id=a,env=X,mode=0400",
        "type=secret,id=a,required,type=bind,target=/a",
        "type=ssh",
        "type=ssh,id=a,mode=0600,required,from=x,target=/",
        '"target=/a,b"',
        '"target=/a","ro"',
    ],
)
def test_mounts_that_buildkit_takes(text):
    assert parse_mount(text).problem is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("type=Foo,target=/a", 'unsupported mount type "Foo"'),
        ("type=,target=/a", 'unsupported mount type ""'),
        ("type=tmp,target=/a", 'unsupported mount type "tmp" (did you mean tmpfs?)'),
        ("type=Bin", 'unsupported mount type "Bin" (did you mean bind?)'),
        ("type,target=/a", "invalid field 'type' must be a key=value pair"),
        ("target=/a,", "invalid field '' must be a key=value pair"),
        ("target=/a, ro", "invalid field ' ro' must be a key=value pair"),
        (" target=/a", "unexpected key ' target' in ' target=/a' (did you mean target?)"),
        ("foo=bar", "unexpected key 'foo' in 'foo=bar' (did you mean from?)"),
        ("TYPO=1", "unexpected key 'typo' in 'TYPO=1' (did you mean type?)"),
        ("x=y=z", "unexpected key 'x' in 'x=y=z' (did you mean id?)"),
        ("tmpfs-size=3", "unexpected key 'tmpfs-size' in 'tmpfs-size=3'"),
        ("target=/a,ro=yes", "invalid value for ro: yes"),
        ("target=/a,readonly=", "invalid value for readonly: "),
        ("target=/a,rw=tr", "invalid value for rw: tr"),
        ("required,type=secret,id=a", "unexpected key 'required' for mount type 'bind'"),
        ("type=secret,id=x,required=foo", "invalid value for required: foo"),
        ("size=10m,type=tmpfs,target=/a", "unexpected key 'size' for mount type 'bind'"),
        ("type=tmpfs,target=/a,size=foo", "invalid value for size: foo"),
        ("type=cache,target=/a,sharing=", 'unsupported sharing value ""'),
        ("type=cache,sharing=SHARE", 'unsupported sharing value "SHARE"'),
        ("type=cache,sharing=lock", 'unsupported sharing value "lock" (did you mean locked?)'),
        ("type=cache,target=/a,mode=888", "invalid value 888 for mode"),
        ("type=cache,target=/a,mode=77777777777", "invalid value 77777777777 for mode"),
        ("type=cache,target=/a,uid=-1", "invalid value -1 for uid"),
        ("type=cache,target=/a,gid=4294967296", "invalid value 4294967296 for gid"),
        ("target=/a,mode=0755", 'mode not allowed for "bind" type mounts'),
        ("type=tmpfs,target=/a,gid=1,uid=1", 'uid not allowed for "tmpfs" type mounts'),
        ("target=/a,sharing=shared", "invalid cache sharing set for bind mount"),
        ("type=ssh,source=b,sharing=locked", "invalid cache sharing set for ssh mount"),
        ("type=ssh,source=b", "ssh does not support source"),
        ("type=secret,from=x,sharing=shared", "secret mount should not have a from"),
        ("type=secret,sharing=shared", "secret mount should not define sharing"),
        ("type=secret,required", "invalid secret mount. one of source, target required"),
        ("type=secret,src=a,id=b", "both source and id can't be set"),
        ("from=$A,foo", "'from' doesn't support variable expansion, define alias stage instead"),
        ("type=cache", 'invalid mount target "/"'),
        ("target=/", 'invalid mount target "/"'),
        ("target=.", 'invalid mount target "/"'),
        ("target=../..", 'invalid mount target "/"'),
    ],
)
def test_reasons_of_buildkit(text, problem):
    assert parse_mount(text).problem == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "EOF"),
        ('target="/a"', 'parse error on line 1, column 8: bare " in non-quoted-field'),
        ('é,t"a', 'parse error on line 1, column 5: bare " in non-quoted-field'),
        (
            '"target=/a"x',
            'parse error on line 1, column 11: extraneous or missing " in quoted-field',
        ),
        ('ro,"target', 'parse error on line 1, column 5: extraneous or missing " in quoted-field'),
        ('"a""b', 'parse error on line 1, column 5: extraneous or missing " in quoted-field'),
        ('"', 'parse error on line 1, column 2: extraneous or missing " in quoted-field'),
    ],
)
def test_fields_that_do_not_part(text, problem):
    assert parse_mount(text).problem == "failed to parse csv mounts: " + problem


def test_a_relative_target_counts_from_the_working_directory():
    assert parse_mount("target=.", workdir="/srv").problem is None
    assert parse_mount("target=..", workdir="/srv").problem is not None
    assert parse_mount("type=cache", workdir="/srv").problem is None
    assert parse_mount("target=.", workdir=None).problem is None
    assert parse_mount("target=/", workdir=None).problem is not None


def test_values_are_expanded_and_keys_are_not():
    env = {"P": "/p", "T": "cache", "K": "target"}

    def expand(word):
        return expand_word(word, env).text

    mount = parse_mount("type=$T,target=${P}/x,id='a b'", expand)
    assert (mount.type, mount.target, mount.id, mount.problem) == ("cache", "/p/x", "a b", None)
    assert parse_mount("target=$X", expand).problem == 'invalid mount target "/"'
    assert parse_mount("$K=/a", expand).problem == (
        "unexpected key '$k' in '$K=/a' (did you mean id?)"
    )
    assert parse_mount("target=${X:?no}", expand).problem == ('failed to process "${X:?no}": X: no')


def test_fields_have_their_values():
    mount = parse_mount(
        "type=cache,id=i,from=s,source=/b,target=/a,sharing=private,mode=755,uid=7,gid=8"
    )

    assert (mount.type, mount.id, mount.source_name) == ("cache", "i", "s")
    assert (mount.source, mount.target, mount.sharing) == ("/b", "/a", "private")
    assert (mount.mode, mount.uid, mount.gid) == (0o755, 7, 8)
    assert mount.env is None


@pytest.mark.parametrize(
    ("text", "read_only"),
    [
        ("target=/a", True),
        ("target=/a,rw", False),
        ("target=/a,rw,ro", True),
        ("target=/a,ro=false", False),
        ("target=/a,rw=false", True),
        ("type=cache,target=/a", False),
        ("type=cache,target=/a,ro", True),
        ("type=tmpfs,target=/a", False),
        ("type=secret,id=a", True),
    ],
)
def test_what_is_read_only(text, read_only):
    assert parse_mount(text).read_only is read_only


def test_the_secret_is_named_by_source_id_or_target():
    assert parse_mount("type=secret,id=a,target=/x/b").secret_id == "a"
    assert parse_mount("type=secret,source=s").secret_id == "s"
    assert parse_mount("type=secret,target=/x/b").secret_id == "b"


def test_options_know_their_place():
    text = 'type=bind,"Target=/a,b",rw'

    options = parse_mount(text).options

    assert [(o.key, o.value, o.span.slice(text), o.value_span.slice(text)) for o in options] == [
        ("type", "bind", "type=bind", "bind"),
        ("target", "/a,b", "Target=/a,b", "/a,b"),
        ("rw", None, "rw", ""),
    ]
    assert options[2].value_span == Span(26, 26)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0), ("10", 10), ("10b", 10), ("64k", 65536), ("1.5KB", 1536), ("1KiB", 1024),
        ("1 m", 1 << 20), ("1g", 1 << 30), ("2tb", 2 << 40), ("1p", 1 << 50), ("1.m", 1 << 20),
        ("1e3", 1000), ("1_000", 1000), ("0x1p4", 16), ("+5k", 5120), ("-0", 0),
    ],
)  # fmt: skip
def test_sizes(text, size):
    assert parse_mount(f"type=tmpfs,target=/a,size={text}").size == size


@pytest.mark.parametrize(
    "size", ["", "m", ".m", "foo", "-1", "1mi", "1bb", "1kbb", "1x", "0x10", "1e999", "1__0", "1e-"]
)
def test_no_sizes(size):
    problem = parse_mount(f"type=tmpfs,target=/a,size={size}").problem

    assert problem == f"invalid value for size: {size}"


KEYS = st.sampled_from([*MOUNT_KEYS, "foo", ""])
PARTS = st.text(st.sampled_from("/a.$0179km\"',= ") | st.characters(), max_size=8)
TYPES = st.sampled_from(["", "type=cache", "type=tmpfs", "type=secret", "type=ssh"])


@given(TYPES, st.lists(st.tuples(KEYS, st.sampled_from(["=", ""]), PARTS)))
def test_any_text_is_read(kind, options):
    text = ",".join([kind, *("".join(option) for option in options)])

    mount = parse_mount(text)

    assert all(option.span.end <= len(text) for option in mount.options)
    assert mount.problem is None or mount.problem


@pytest.mark.parametrize("piece", ['"', ",", "=", "a", '""', 'a",', "ro,", "size=1,", "0"])
def test_long_texts_are_read(piece):
    parse_mount(piece * 100_000)
    parse_mount("type=tmpfs,size=" + piece * 100_000)
    parse_mount("type=cache,mode=" + piece * 100_000)
