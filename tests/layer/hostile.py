"""Archives that try to reach what is outside, or to be too much: a name, and what they hold."""

from __future__ import annotations

import functools
import io
import tarfile


def entry(name, kind=tarfile.REGTYPE, link="", data=b"", **values):
    """A member with its content; `values` are attributes of the header."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(data)
    for key, value in values.items():
        setattr(info, key, value)
    return info, data


def tar(*members, format=tarfile.PAX_FORMAT):
    """An archive of members, to its end."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=format) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def link(name, target):
    """A symbolic link."""
    return entry(name, tarfile.SYMTYPE, target)


def hard(name, target):
    """A hard link."""
    return entry(name, tarfile.LNKTYPE, target)


def folder(name, **values):
    """A directory."""
    return entry(name, tarfile.DIRTYPE, **values)


def _raw(name, **fields):
    """An entry whose header has other bytes in some places, with a checksum that is right."""
    data = bytearray(tar(entry(name, data=b"x")))
    for at, value in fields.pop("at", {}).items():
        data[at : at + len(value)] = value
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    return bytes(data)


@functools.cache
def archives(canary):
    """All of them; `canary` is the path of a file outside, in a folder of its own."""
    above, up = canary.rpartition("/")[0], "../" * 30
    attributes = {f"SCHILY.xattr.user.{number}": "y" * 90 for number in range(999)}
    old_sparse = {156: b"S", 482: b"\1", 257: b"ustar  \0"}
    text = b"overwritten"
    deep = "/".join(["d"] * 600)
    return {
        "a name that leads up": tar(entry("../escaped", data=text)),
        "a name that leads far up": tar(entry(f"{up}{canary[1:]}", data=text)),
        "a name that goes down and up": tar(entry("a/../../escaped", data=text)),
        "a whole path": tar(entry(canary, data=text)),
        "two slashes": tar(entry(f"//{canary}", data=text)),
        "a name of dots": tar(entry("..", data=text), entry(".", data=text)),
        "an empty name": tar(entry("", data=text)),
        "a link up and a file below it": tar(link("l", above), entry("l/canary", data=text)),
        "a relative link up": tar(link("l", f"{up}{above[1:]}"), entry("l/canary", data=text)),
        "a chain of links": tar(
            link("a", "b"), link("b", "c"), link("c", above), entry("a/canary", data=text)
        ),
        "a link in the middle": tar(
            folder("d"), link("d/l", above), entry("d/l/canary", data=text)
        ),
        "a link and a directory of its name": tar(
            link("l", above), folder("l"), entry("l/canary", data=text)
        ),
        "a link to a file, and the file": tar(link("l", canary), entry("l", data=text)),
        "a directory that becomes a link": tar(
            folder("d"), entry("d/x", data=text), link("d", above), entry("d/canary", data=text)
        ),
        "a directory whose parent becomes a file": tar(
            folder("d"), folder("d/e"), entry("d", data=text)
        ),
        "a directory below a link": tar(link("l", above), folder("l/new", mode=0o777)),
        "a mode through a link": tar(link("l", above), folder("l/.", mode=0o777)),
        "a link that is its own": tar(link("l", "l"), entry("l/x", data=text)),
        "links in a ring": tar(link("a", "b/x"), link("b", "a/x"), entry("a/y", data=text)),
        "a hard link outside": tar(hard("h", canary), entry("h", data=text)),
        "a hard link up": tar(hard("h", f"{up}{canary[1:]}"), entry("h", data=text)),
        "a hard link through a link": tar(link("l", above), hard("h", "l/canary")),
        "a hard link to a link": tar(link("l", canary), hard("h", "l"), entry("h", data=text)),
        "a hard link to a directory": tar(folder("d"), hard("h", "d")),
        "a hard link to nothing": tar(hard("h", "not/there")),
        "a hard link to itself": tar(hard("h", "h")),
        "a hard link to the root": tar(hard("h", "/")),
        "a device": tar(entry("mem", tarfile.CHRTYPE, devmajor=1, devminor=1)),
        "a disk": tar(entry("disk", tarfile.BLKTYPE, devmajor=8, devminor=0)),
        "a device of absurd numbers": tar(
            entry("n", tarfile.CHRTYPE, devmajor=2097151, devminor=2097151)
        ),
        "a pipe, and a file into it": tar(entry("p", tarfile.FIFOTYPE), entry("p", data=text)),
        "a file below a pipe": tar(entry("p", tarfile.FIFOTYPE), entry("p/x", data=text)),
        "a file below a file": tar(entry("f", data=text), entry("f/x", data=text)),
        "a set-user-ID program": tar(entry("s", data=text, mode=0o6755)),
        "absurd modes": tar(entry("m", data=text, mode=0o7777777 & 0o777777)),
        "a whiteout of a name that leads up": tar(entry(".wh..."), entry(".wh...wh..")),
        "a whiteout of nothing": tar(entry(".wh."), entry("a/.wh.")),
        "a whiteout through a link": tar(link("l", above), entry("l/.wh.canary")),
        "an opaque whiteout through a link": tar(link("l", above), entry("l/.wh..wh..opq")),
        "overlay's attributes": tar(
            folder("d", pax_headers={"SCHILY.xattr.trusted.overlay.redirect": above})
        ),
        "attributes of security": tar(
            entry("x", data=text, pax_headers={"SCHILY.xattr.security.selinux": "x" * 5000})
        ),
        "very many attributes": tar(entry("x", data=text, pax_headers=attributes)),
        "a very long name": tar(entry("n" * 5000, data=text)),
        "a very long path": tar(entry("n/" * 3000 + "f", data=text)),
        "very deep directories": tar(entry(f"{deep}/f", data=text)),
        "deep directories, and a file in their place": tar(
            entry("/".join(["d"] * 500) + "/f", data=text), entry("d", data=text)
        ),
        "a name with a line feed": tar(entry("a\nb", data=text)),
        "a name that is no text": tar(entry("a\udcff\udcfe", data=text)),
        "a pax name with a NUL": tar(entry("x", data=text, pax_headers={"path": "a\0b"})),
        "a pax size that is absurd": tar(entry("x", data=text, pax_headers={"size": "9" * 25})),
        "a pax size below nothing": tar(entry("x", data=text, pax_headers={"size": "-1"})),
        "a pax size that is no number": tar(entry("x", data=text, pax_headers={"size": "1e9"})),
        "a pax time that is absurd": tar(entry("x", data=text, pax_headers={"mtime": "9" * 30})),
        "a pax time that is none": tar(entry("x", data=text, pax_headers={"mtime": "nan"})),
        "a pax owner that is absurd": tar(entry("x", data=text, pax_headers={"uid": "9" * 20})),
        "a pax owner below nothing": tar(entry("x", data=text, pax_headers={"uid": "-5"})),
        "a path of pax that leads up": tar(
            entry("x", data=text, pax_headers={"path": f"{up}{canary[1:]}"})
        ),
        "a link of pax that leads up": tar(
            entry("x", tarfile.LNKTYPE, "y", pax_headers={"linkpath": canary})
        ),
        "a sparse file that is absurd": tar(
            entry(
                "x",
                data=text,
                pax_headers={"GNU.sparse.size": str(1 << 62), "GNU.sparse.map": f"{1 << 61},11"},
            )
        ),
        "a sparse file of a gigabyte": tar(
            entry(
                "x",
                data=text,
                pax_headers={"GNU.sparse.size": str(1 << 30), "GNU.sparse.map": "4096,11"},
            )
        ),
        "a sparse file whose map lies": tar(
            entry("x", data=text, pax_headers={"GNU.sparse.size": "5", "GNU.sparse.map": "0,99999"})
        ),
        "a size in base 256 that is absurd": _raw("x", at={124: b"\x80" + b"\x7f" * 11}),
        "a size in base 256 below nothing": _raw("x", at={124: b"\xff" * 12}),
        "a size that is longer than the file": _raw("x", at={124: b"00077777777\0"}),
        "numbers that are none": _raw("x", at={100: b"zzzzzzz\0"}),
        "a kind that nobody knows": _raw("x", at={156: b"Q"}),
        "a header of pax at the end": _raw("x", at={156: b"x"}),
        "old sparse headers without an end": _raw("x", at=old_sparse),
        "many names of one file": tar(
            entry("f", data=text), *(hard(f"h{n}", "f") for n in range(2000))
        ),
        "one name many times": tar(*(entry("f", data=text) for _ in range(2000))),
        "cut off": tar(entry("f", data=text * 1000))[:3000],
        "no archive": b"not at all" * 200,
        "nothing": b"",
        "zeros": bytes(10240),
    }


NAMES = tuple(archives("/outside/canary"))
