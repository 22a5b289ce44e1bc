"""What is known of content from one build to the next is not read again."""

from __future__ import annotations

import os

from dflint.build.digests import Digests
from dflint.content.store import ContentStore
from dflint.kernel.file_content import StatKey

KEY = StatKey(1, 2, 3, 4, 5)


def test_digests_of_files_are_kept_by_their_key(tmp_path):
    digests = Digests(ContentStore(str(tmp_path)))
    assert digests.get(KEY) is None
    digests.put(KEY, b"x" * 32)
    assert digests.get(KEY) == b"x" * 32
    digests.save()
    again = Digests(ContentStore(str(tmp_path)))
    assert again.get(KEY) == b"x" * 32
    assert again.get(KEY._replace(ctime=6)) is None


def test_content_of_layers_is_read_once(tmp_path):
    reads = []

    def read():
        reads.append(1)
        return "sha256:1"

    digests = Digests(ContentStore(str(tmp_path)))
    assert digests.of_result(("a", "b"), ("/x",), read) == "sha256:1"
    digests.save()
    again = Digests(ContentStore(str(tmp_path)))
    assert again.of_result(("a", "b"), ("/x",), read) == "sha256:1"
    assert len(reads) == 1
    again.of_result(("a", "c"), ("/x",), read)
    again.of_result(("a", "b"), ("/y",), read)
    assert len(reads) == 3


def test_a_file_of_old_that_changes_its_content_alone_is_seen(command):
    command.write({"f": "one"})
    os.utime(command.context / "f", (1, 1))
    first = command.files(dockerfile="FROM scratch\nCOPY f /f\n")
    assert (first / "f").read_text() == "one"
    command.write({"f": "two"})
    os.utime(command.context / "f", (1, 1))
    second = command.files(dockerfile="FROM scratch\nCOPY f /f\n")
    assert (second / "f").read_text() == "two"


def test_digests_that_are_expected_are_read_together(tmp_path):
    keys = [KEY._replace(inode=number) for number in range(1201)]
    digests = Digests(ContentStore(str(tmp_path)))
    for key in keys[1:]:
        digests.put(key, b"%032d" % key.inode)
    digests.save()

    store = ContentStore(str(tmp_path))
    again = Digests(store)
    again.expect(keys)
    store.close()  # nothing is asked for any more
    assert again.get(keys[0]) is None
    assert [again.get(key) for key in keys[1:]] == [b"%032d" % key.inode for key in keys[1:]]
    again.put(keys[0], b"new")
    assert again.get(keys[0]) == b"new"
