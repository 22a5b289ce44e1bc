"""`dflint audit secrets`: what was planted is found, in every form, with its instruction."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import os
import zlib

import pytest

from dflint.build.request import NamedContext
from dflint.build.session import BuildSession
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.audit.needles import Haystack, Needle, forms
from dflint.verify.audit.secrets import _in_entry, audit_secrets
from tests.verify import canaries, irregular

VALUE = b"dflint:0123456789abcdef"
NEEDLE = Needle("secret", "s", VALUE)


@pytest.mark.parametrize("before", [b"", b"a", b"ab", b"abc"])
@pytest.mark.parametrize("after", [b"", b"z", b"zy"])
def test_base64_is_found_wherever_it_begins(before, after):
    data = base64.b64encode(before + VALUE + after)

    assert Haystack([NEEDLE]).find(b"x" + data + b"y") == {(NEEDLE, "base64")}


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (VALUE, "as it is"),
        (VALUE.hex().encode(), "hexadecimal"),
        (VALUE.hex().upper().encode(), "hexadecimal"),
        (b"dflint%3A0123456789abcdef", "URL encoding"),
        (gzip.compress(b"a" * 9000 + VALUE, mtime=0), "gzip, as it is"),
        (
            gzip.compress(b"a", mtime=0) + gzip.compress(base64.b64encode(VALUE), mtime=0),
            "gzip, base64",
        ),
        (b"-" * ((1 << 20) - 5) + VALUE, "as it is"),
    ],
)
def test_forms(data, form):
    assert (NEEDLE, form) in Haystack([NEEDLE]).search(io.BytesIO(data))


@pytest.mark.parametrize(
    "data",
    [
        base64.b64encode(base64.b64encode(VALUE)),
        base64.encodebytes(b"-" * 70 + VALUE),
        base64.b64encode(gzip.compress(b"x" * 300 + VALUE, mtime=0)),
        gzip.compress(lzma.compress(bz2.compress(VALUE)), mtime=0),
        b"#!/bin/sh\n" + gzip.compress(VALUE, mtime=0),
        zlib.compress(b"blob 3\0" + VALUE),
        VALUE.decode().encode("utf-16"),
        "".join(f"\\x{one:02x}" for one in VALUE).encode(),
        "".join(f"&#{one};" for one in VALUE).encode(),
        str(list(VALUE)).encode(),
        base64.b32encode(VALUE),
        base64.b85encode(VALUE),
        b"0000000: " + b" ".join(b"%02x" % one for one in VALUE[:16]) + b"\n"
        b"0000010: " + b" ".join(b"%02x" % one for one in VALUE[16:]) + b"\n",
    ],
)
def test_forms_within_forms(data):
    assert Haystack([NEEDLE]).search(io.BytesIO(data))


def test_what_an_attribute_holds(tmp_path):
    path = tmp_path / "file"
    path.write_text("text")
    try:
        os.setxattr(path, "user.note", VALUE)
    except OSError:
        pytest.skip("no extended attributes here")

    assert {form for _, form in _in_entry(os.fsencode(path), Haystack([NEEDLE]))} == {"as it is"}


def test_a_cached_step_has_no_older_secret(audit):
    text = "FROM busybox\nRUN --mount=type=secret,id=key cp /run/secrets/key /k\nRUN rm /k\n"

    assert [told(audit(text)) for _ in range(2)] == [{("key", "/k", "as it is", True)}] * 2


SOME = list(canaries.LEAKS)[::6]


@pytest.fixture(scope="module")
def leaking(mount_namespace, busybox_layout, tmp_path_factory):
    place = str(tmp_path_factory.mktemp("leaks"))
    wanted = canaries.request(place, busybox_layout)
    with BuildSession(wanted) as session:
        yield lambda text: canaries.audited(session, wanted, text, place)


@pytest.mark.parametrize("name", SOME)
def test_a_leak_is_found(leaking, name):
    assert leaking(canaries.dockerfile(canaries.LEAKS[name])).leaks


@pytest.mark.parametrize("text", list(canaries.clean(8)))
def test_a_build_without_a_leak_is_not_told(leaking, text):
    assert leaking(text).leaks == ()


def test_what_is_not_there_is_not_found():
    near = [VALUE[:-1], VALUE[1:], VALUE.swapcase(), gzip.compress(VALUE)[:20]]

    assert all(not Haystack([NEEDLE]).search(io.BytesIO(one)) for one in near)
    assert not Haystack([]).search(io.BytesIO(VALUE))
    assert len({form for form, _ in forms(VALUE)}) >= 6


@pytest.fixture(scope="module")
def audit(mount_namespace, request_of, busybox_layout, tmp_path_factory):
    place = tmp_path_factory.mktemp("audit")
    (place / ".env").write_text("MODE=x\nPASSWORD=correct-horse-battery\n")
    (place / "app.txt").write_text("application\n")
    (place / "sample.env.example").write_text("PASSWORD=not-a-secret-at-all\n")
    wanted = request_of(
        context=str(place),
        named_contexts=(NamedContext("busybox", f"oci-layout://{busybox_layout}"),),
    )
    with BuildSession(wanted) as session:

        def run(text):
            folder = tmp_path_factory.mktemp("secrets")
            doc = Document(Source("Dockerfile", text.encode()))
            return audit_secrets(session, wanted, doc, str(folder))

        yield run


def told(found):
    return {
        (one.needle.name, one.place.strip("`"), one.form, one.is_deleted) for one in found.leaks
    }


def test_an_argument_is_in_the_history_and_where_it_is_written(audit):
    found = audit("FROM busybox\nARG TOKEN\nRUN echo $TOKEN > /t\nENV COPIED=$TOKEN\n")

    assert {("TOKEN", "history", "as it is", False), ("TOKEN", "/t", "as it is", False)} <= told(
        found
    )
    assert ("TOKEN", "configuration `Env.COPIED", "as it is", False) in told(found)
    (file,) = [one for one in found.leaks if one.place == "`/t`"]
    assert (file.origin.line, file.origin.text) == (3, "RUN echo $TOKEN > /t")
    assert "--mount=type=secret,id=TOKEN" in file.advice
    assert all(one.needle.value.decode() not in str(one) for one in found.leaks)


def test_what_a_later_step_removes_is_in_its_layer(audit):
    found = audit(
        "FROM busybox\nRUN --mount=type=secret,id=key base64 /run/secrets/key > /k\nRUN rm /k\n"
    )

    assert told(found) == {("key", "/k", "base64", True)}
    assert found.leaks[0].origin.line == 2


def test_a_file_of_the_context(audit):
    found = audit("FROM busybox\nCOPY . /app\nRUN tar cz /app/.env > /packed.tar.gz\n")

    assert {(name, place, form) for name, place, form, _ in told(found)} == {
        (".env", "/app/.env", "as it is"),
        (".env", "/packed.tar.gz", "gzip, as it is"),
    }


def test_secrets_that_are_used_and_not_kept_are_no_leak(audit):
    found = audit(
        "FROM busybox AS build\nARG API_TOKEN\nRUN echo $API_TOKEN > /t\n"
        "FROM busybox\nCOPY app.txt /\n"
        "RUN --mount=type=secret,id=key test -s /run/secrets/key && echo done > /done\n"
    )

    assert found.leaks == ()
    assert {one.name for one in found.needles} == {"API_TOKEN", "key", ".env"}


def test_arguments_that_take_no_random_value_are_left_as_they_are(audit):
    found = audit('FROM busybox\nARG MODE\nARG TOKEN\nRUN test -z "$MODE" && echo $TOKEN > /t\n')

    assert {one.name for one in found.needles} == {"TOKEN", ".env"}
    assert ("TOKEN", "/t", "as it is", False) in told(found)


def test_command(dflint):
    done = dflint("audit", "secrets", "D", D="FROM busybox\nARG TOKEN\nRUN echo $TOKEN > /t\n")
    clean = dflint("audit", "secrets", "E", "--format=json", E="FROM busybox\nRUN echo > /t\n")
    broken = dflint("audit", "secrets", "F", F="FROM busybox\nRUN false\n")
    usage = dflint("audit", "nothing", builds=False)

    assert done.status == 1
    assert "build argument `TOKEN` is in `/t`, as it is, from line 3" in done.out
    assert (clean.status, clean.json["leaks"]) == (0, [])
    assert (broken.status, "could not be found out" in broken.err) == (4, True)
    assert (usage.status, "expected secrets" in usage.err) == (2, True)


REPRO = """\
FROM busybox
RUN date > /clock && echo same > /same
RUN hostname > /host
RUN head -c 30 /dev/urandom | base64 > /random
RUN nproc > /count; echo a > /tmp/a; mktemp /tmp/made.XXXXXX
COPY app.txt /
"""


def test_what_differs_each_time_is_told_with_its_cause(dflint, tmp_path, place):
    (place / "context" / "app.txt").write_text("application\n")

    done = dflint("audit", "repro", "D", "--format=json", D=REPRO)

    found = {one["place"]: (one["cause"], one["line"]) for one in done.json["differences"]}
    assert done.status == 1
    assert found["/clock"] == ("the time of the build is in it", 2)
    assert found["/host"] == ("the name of the host is in it", 3)
    assert found["/random"] == ("random letters or digits are in it", 4)
    assert ("a name that is made up", 5) in found.values()
    assert not {"/same", "/app.txt", "/tmp/a"} & found.keys()
    if len(os.sched_getaffinity(0)) > 1:
        assert found["/count"] == ("the number of processors is in it", 5)
    assert {one["line"] for one in done.json["times"]} >= {2, 5}


def test_what_is_the_same_each_time(dflint):
    done = dflint("audit", "repro", "D", D="FROM busybox\nRUN echo x > /x && chmod 600 /x\n")

    assert done.status == 0
    assert "0 paths differ" in done.out


def test_what_takes_room(dflint):
    text = (
        "FROM busybox\n"
        "RUN head -c 5000 /bin/busybox > /big && head -c 300 /bin/busybox > /tmp/left\n"
        "RUN mkdir -p /d/e && head -c 700 /bin/busybox > /d/e/f && echo x > /twice\n"
        "RUN rm /big && echo y > /twice && rm -r /d\n"
    )

    done = dflint("audit", "size", "D", "--format=json", D=text)
    shown = dflint("audit", "size", "D")

    shares = {(one["line"], one["class"]): one for one in done.json["shares"]}
    assert done.status == 1
    assert shares[2, "deleted later"]["bytes"] == 5000
    assert shares[2, "temporary files"]["bytes"] == 300
    assert shares[3, "deleted later"]["bytes"] == 700
    assert shares[3, "replaced later"]["bytes"] == 2
    assert (shares[4, "files"]["bytes"], shares[4, "files"]["needless"]) == (2, False)
    assert done.json["needless"] == 6002
    assert "6,002 of them not needed" in shown.out
    assert shares[0, "files"]["instruction"] == "base image"


def test_what_takes_room_twice_is_told_where_it_is_copied(dflint):
    text = (
        "FROM busybox\n"
        "RUN head -c 5000 /bin/busybox > /big && head -c 400 /bin/busybox > /gone\n"
        "RUN chmod 600 /big /gone\n"
        "RUN rm /gone\n"
    )
    mended = "FROM busybox\nRUN head -c 5000 /bin/busybox > /big && chmod 600 /big\n"

    done = dflint("audit", "size", "D", "--after", "E", "--format=json", D=text, E=mended)

    shares = {(one["line"], one["class"]): one["bytes"] for one in done.json["shares"]}
    assert shares[2, "files"] == 5000
    assert shares[2, "deleted later"] == 400
    assert shares[3, "copies"] == 5400
    assert done.json["needless"] == 5800
    assert done.json["after"]["needless"] == 0
    archive = sum(size for (_, kind), size in shares.items() if kind == "archive")
    assert 5800 < done.json["after"]["saved"] < 5800 + archive
    assert done.json["bytes"] == sum(shares.values())


def test_only_sizes_are_compared(dflint):
    done = dflint("audit", "repro", "D", "--after", "D", D="FROM busybox\n")

    assert done.status == 2
    assert "--after: expected `audit size`, found `audit repro`" in done.err


@pytest.mark.parametrize("name", list(irregular.SEEDS)[::5])
def test_a_cause_is_named(mount_namespace, busybox_layout, tmp_path, name):
    wrong, _ = irregular.judged(irregular.request(str(tmp_path), busybox_layout), name)

    assert not wrong
