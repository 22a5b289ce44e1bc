"""`audit secrets --fix`: secrets become mounts, and are searched for again."""

from __future__ import annotations

import pytest

from dflint.build.session import BuildSession
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.audit.secret_proof import mend_secrets
from dflint.verify.audit.secrets import audit_secrets
from dflint.verify.image.verdict import Level
from tests.verify import canaries

MOUNT = "--mount=type=secret,id=TOKEN,env=TOKEN"


@pytest.fixture(scope="module")
def mend(mount_namespace, busybox_layout, tmp_path_factory):
    """Audits a Dockerfile, and mends what leaks."""
    place = str(tmp_path_factory.mktemp("mended"))
    wanted = canaries.request(place, busybox_layout)
    with BuildSession(wanted) as session:

        def mend(body):
            folder = str(tmp_path_factory.mktemp("values"))
            doc = Document(Source("Dockerfile", f"FROM busybox\n{body}".encode()))
            found = audit_secrets(session, wanted, doc, folder)
            assert found.leaks
            text, mended, found = mend_secrets(session, doc, found, folder)
            return text.removeprefix("FROM busybox\n"), mended, found

        yield mend


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "ARG TOKEN\nRUN echo ${#TOKEN} > /length\nRUN true\n",
            f"RUN {MOUNT} echo ${{#TOKEN}} > /length\nRUN true\n",
        ),
        (
            'ARG TOKEN\nRUN test -n "$(env | grep ^TOKEN)"\n',
            f'RUN {MOUNT} test -n "$(env | grep ^TOKEN)"\n',
        ),
        (
            "ARG TOKEN\nUSER games\nRUN true\nRUN env | wc -l > /tmp/count\n",
            f"USER games\nRUN {MOUNT} true\nRUN {MOUNT} env | wc -l > /tmp/count\n",
        ),
        (
            "ENV MODE=a API_TOKEN=q8dk2mz71xw93\nRUN echo $API_TOKEN | wc -c > /length\n",
            "ENV MODE=a\nRUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN"
            " echo $API_TOKEN | wc -c > /length\n",
        ),
        (
            "ARG TOKEN\nENV TOKEN=$TOKEN\nRUN echo ${#TOKEN} > /length\n",
            f"RUN {MOUNT} echo ${{#TOKEN}} > /length\n",
        ),
        (
            "COPY .npmrc app.txt /root/\n"
            "RUN grep -c registry /root/.npmrc > /count && rm ~/.npmrc\n",
            "COPY app.txt /root/\n"
            "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc"
            " grep -c registry /root/.npmrc > /count\n",
        ),
        (
            "COPY pip.conf /etc/\nRUN wc -l /etc/pip.conf > /n\n",
            "RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf wc -l /etc/pip.conf > /n\n",
        ),
        (
            "WORKDIR /app\nCOPY .env .\nRUN wc -l .env > /count\nRUN rm -f .env\nRUN true\n",
            "WORKDIR /app\n"
            "RUN --mount=type=secret,id=env,target=/app/.env wc -l .env > /count\nRUN true\n",
        ),
    ],
)  # fmt: skip
def test_a_secret_is_mounted_and_gone(mend, before, after):
    text, mended, found = mend(before)

    assert [one.reason for one in mended] == [""]
    assert text == after
    assert found.leaks == ()
    assert mended[0].verdict.level in (Level.DECLARED, Level.EQUAL)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("ARG TOKEN\nRUN echo $TOKEN > /t\n", "with the mount, too, it is in `/t`, as it is"),
        ("ARG TOKEN\nLABEL token=$TOKEN\n", "no mount can be written in its place without a guess"),
        ("COPY . /app\n", "no mount can be written"),
        ("RUN --mount=type=secret,id=key cp /run/secrets/key /k\n",
         "no mount can be written"),
        ("COPY .npmrc /root/\nRUN rm -f /root/.npmrc; rm -f /root/.npmrc\n", "no mount can be"),
        ("COPY .npmrc /root/\nRUN stat -c %a /root/.npmrc > /mode && rm /root/.npmrc\n",
         "the mount changes the image: /mode: content"),
        ("COPY .npmrc /root/\nRUN mv /root/.npmrc /root/.x && rm /root/.x\n",
         "it does not build with the mount: "),
    ],
)  # fmt: skip
def test_what_stays_is_told_with_the_reason(mend, body, reason):
    text, mended, found = mend(body)

    assert text == body
    assert found.leaks
    assert f" stays: {reason}" in str(mended[0])


def test_each_secret_is_mended_by_itself(mend):
    text, mended, found = mend(
        "ARG TOKEN\nARG API_KEY\nRUN echo ${#TOKEN} > /a\nRUN echo $API_KEY > /b\n"
    )

    assert text == f"ARG API_KEY\nRUN {MOUNT} echo ${{#TOKEN}} > /a\nRUN echo $API_KEY > /b\n"
    assert [(one.needle.name, one.is_kept) for one in mended] == [
        ("TOKEN", True), ("API_KEY", False)
    ]  # fmt: skip
    assert {one.needle.name for one in found.leaks} == {"API_KEY"}


def test_the_command_writes_what_is_proved(dflint, tmp_path):
    text = "FROM busybox\nARG TOKEN\nRUN echo ${#TOKEN} > /length\n"

    before = dflint("audit", "secrets", tmp_path / "D", D=text)
    ran = dflint("audit", "secrets", "--fix", "--format=json", tmp_path / "D")

    assert (before.status, ran.status) == (1, 0)
    (fix,) = ran.json["fixes"]
    assert (fix["name"], fix["kept"], fix["verdict"]) == ("TOKEN", True, "equal")
    assert ran.json["leaks"] == []
    assert (tmp_path / "D").read_text() == f"FROM busybox\nRUN {MOUNT} echo ${{#TOKEN}} > /length\n"


def test_only_secrets_are_mended(dflint, tmp_path):
    ran = dflint("audit", "size", "--fix", tmp_path / "D", D="FROM busybox\n")

    assert ran.status == 2
    assert "--fix: expected `audit secrets`" in ran.err
