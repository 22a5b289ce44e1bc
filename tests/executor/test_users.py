"""Users by the files of a root, with the answers that BuildKit has given to the same questions."""

from __future__ import annotations

import pytest

from dflint.errors import BuildError
from dflint.executor.users import User, UserFiles, home_of, resolve_user

PASSWD = """\
root:x:0:0:root:/root:/bin/sh
bin:x:2:2:bin:/bin:/bin/false

www-data:x:33:33:www-data:/var/www:/bin/false
bob:x:1000:1001::/home/bob:/bin/sh
second:x:1000:7::/home/second:/bin/sh
short:x:9
"""
GROUP = """\
root:x:0:
lp:x:7:
wheel:x:10:root
bg:x:2000:bob,root
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(PASSWD)
    (tmp_path / "etc/group").write_text(GROUP)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "uid", "gid", "groups"),
    [
        ("", 0, 0, (0, 10, 2000)),
        ("root", 0, 0, (0, 10, 2000)),
        ("0:0", 0, 0, (0,)),
        ("0:5", 0, 5, (5,)),
        ("bob", 1000, 1001, (1001, 2000)),
        ("bob:", 1000, 1001, (1001, 2000)),
        ("1000", 1000, 1001, (1001, 2000)),
        ("bob:bg", 1000, 2000, (2000,)),
        ("1000:7", 1000, 7, (7,)),
        ("bob:3000", 1000, 3000, (3000,)),
        (":7", 0, 7, (7,)),
        ("1234", 1234, 0, (0,)),
        ("0002", 2, 2, (2,)),
        ("short", 9, 0, (0,)),
    ],
)
def test_users_are_those_of_buildkit(root, text, uid, gid, groups):
    assert resolve_user(UserFiles(str(root)), text) == User(uid, gid, groups)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nobod", "unable to find user nobod: no matching entries in passwd file"),
        ("33:nogrp", "unable to find group nogrp: no matching entries in group file"),
        ("-5", "uids and gids must be in range 0-2147483647"),
        ("99999999999", "uids and gids must be in range 0-2147483647"),
        ("3000000000", "uids and gids must be in range 0-2147483647"),
        ("bob:99999999999", "uids and gids must be in range 0-2147483647"),
    ],
)
def test_errors_are_those_of_buildkit(root, text, message):
    with pytest.raises(BuildError) as caught:
        resolve_user(UserFiles(str(root)), text)

    assert str(caught.value) == message


def test_without_a_passwd_file(root):
    (root / "etc/passwd").unlink()

    assert resolve_user(UserFiles(str(root)), "") == User(0, 0, (0,))
    assert resolve_user(UserFiles(str(root)), "5:6") == User(5, 6, (6,))
    assert resolve_user(UserFiles(str(root)), "root:root") == User(0, 0, (0,))
    assert resolve_user(UserFiles(str(root)), "root:6") == User(0, 6, (6,))
    for text in ("5", "foo", "5:bin"):
        with pytest.raises(BuildError, match=f"^unable to find user {text.split(':')[0]}: invalid"):
            resolve_user(UserFiles(str(root)), text)
    assert home_of(UserFiles(str(root)), 0) == "/"


def test_without_a_group_file(root):
    (root / "etc/group").unlink()

    assert resolve_user(UserFiles(str(root)), "") == User(0, 0, (0,))
    assert resolve_user(UserFiles(str(root)), "5") == User(5, 0, (0,))
    with pytest.raises(BuildError, match=r"^unable to find groups for spec bob: invalid argument$"):
        resolve_user(UserFiles(str(root)), "bob")
    with pytest.raises(BuildError, match=r"^unable to find groups for spec : invalid argument$"):
        resolve_user(UserFiles(str(root)), "5:foo")


def test_links_to_the_files_stay_inside_the_root(root):
    (root / "etc/passwd").rename(root / "accounts")
    (root / "etc/passwd").symlink_to("/accounts")

    assert resolve_user(UserFiles(str(root)), "bob").uid == 1000

    (root / "etc/passwd").unlink()
    (root / "etc/passwd").symlink_to("../../../../../../../../etc/passwd")

    with pytest.raises(BuildError):
        resolve_user(UserFiles(str(root)), "daemon")


def test_a_pipe_in_place_of_a_file_does_not_block(root):
    import os

    (root / "etc/passwd").unlink()
    os.mkfifo(root / "etc/passwd")

    with pytest.raises(BuildError):
        resolve_user(UserFiles(str(root)), "bob")


def test_home_is_that_of_the_first_account_with_the_number(root):
    assert home_of(UserFiles(str(root)), 1000) == "/home/bob"
    assert home_of(UserFiles(str(root)), 4711) == "/"
    assert home_of(UserFiles(str(root)), 9) == "/"


def test_a_directory_in_place_of_a_file_is_told(root):
    (root / "etc/passwd").unlink()
    (root / "etc/passwd").mkdir()

    assert resolve_user(UserFiles(str(root)), "root:root") == User(0, 0, (0,))
    with pytest.raises(BuildError, match="read /etc/passwd: is a directory"):
        resolve_user(UserFiles(str(root)), "bob")


def test_a_container_needs_no_files_for_numbers(root):
    (root / "etc/passwd").unlink()
    (root / "etc/group").unlink()

    assert resolve_user(UserFiles(str(root)), "1000", needs_files=False) == User(1000, 0, (0,))
    assert resolve_user(UserFiles(str(root)), "", needs_files=False) == User(0, 0, (0,))
    with pytest.raises(BuildError, match="unable to find user bob: no matching entries in passwd"):
        resolve_user(UserFiles(str(root)), "bob", needs_files=False)
    with pytest.raises(BuildError, match="unable to find group foo: no matching entries in group"):
        resolve_user(UserFiles(str(root)), "5:foo", needs_files=False)
