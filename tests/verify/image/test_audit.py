"""`dflint audit secrets`: what was planted is found, in every form, with its instruction."""

from __future__ import annotations

import base64
import gzip
import io

import pytest

from dflint.build.request import NamedContext
from dflint.build.session import BuildSession
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.audit.needles import Haystack, Needle, forms
from dflint.verify.audit.secrets import audit_secrets

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
        (gzip.compress(b"a" * 9000 + VALUE), "gzip, as it is"),
        (gzip.compress(b"a") + gzip.compress(base64.b64encode(VALUE)), "gzip, base64"),
        (b"-" * ((1 << 20) - 5) + VALUE, "as it is"),
    ],
)
def test_forms(data, form):
    assert (NEEDLE, form) in Haystack([NEEDLE]).search(io.BytesIO(data))


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
