"""Archives for ADD, and files that only look like one."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile

import zstandard

from tests.conformance.builds.case import EPOCH, Draw

COMPRESSIONS = ("none", "gzip", "bzip2", "xz", "zstd")
#: Names that say the truth, and some that do not: what counts is the content.
NAMES = {
    "none": ("t.tar", "t.dat"),
    "gzip": ("t.tar.gz", "t.tgz", "t.txt"),
    "bzip2": ("t.tar.bz2", "t.bin"),
    "xz": ("t.tar.xz", "t.tar.gz"),
    "zstd": ("t.tar.zst", "t.zst"),
}


def compress(data: bytes, compression: str) -> bytes:
    if compression == "gzip":
        return gzip.compress(data, 6, mtime=0)
    if compression == "bzip2":
        return bz2.compress(data)
    if compression == "xz":
        return lzma.compress(data)
    if compression == "zstd":
        return zstandard.ZstdCompressor().compress(data)
    return data


def archive(draw: Draw, size: int) -> tuple[str, bytes]:
    """A name and the bytes of a tar that is compressed in any way; `size` makes it its own."""
    compression = draw.pick(COMPRESSIONS)
    draw.use(f"archive: {compression}")
    form = draw.pick((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT))
    return draw.pick(NAMES[compression]), compress(_tar(draw, size, form), compression)


def no_archive(draw: Draw, size: int) -> tuple[str, bytes]:
    """A name and bytes of what ADD copies as it is."""
    kind = draw.pick(("text", "gzip of text", "zeros", "empty gzip"))
    draw.use(f"no archive: {kind}")
    filling = b"no archive " * 3 + b"x" * size
    if kind == "text":
        return "n.tar", filling
    if kind == "zeros":
        return "n.tar", bytes(10240 + 512 * size)
    if kind == "gzip of text":
        return "n.tar.gz", gzip.compress(filling, mtime=0)
    return "n.tar.gz", gzip.compress(b"", mtime=size)


def damaged(draw: Draw, size: int) -> tuple[str, bytes]:
    """An archive that ends in its middle."""
    compression = draw.pick(COMPRESSIONS)
    data = compress(_tar(draw, size + 3000, tarfile.PAX_FORMAT), compression)
    return NAMES[compression][0], data[: len(data) * 2 // 3]


def _tar(draw: Draw, size: int, form: int) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as made:
        prefix = draw.pick(("", "", "./", "top/"))
        if prefix == "./" or draw.chance(0.3):
            _add(draw, made, "./" if prefix == "./" else "d/", tarfile.DIRTYPE, mode=0o750)
        _add(draw, made, f"{prefix}f{size}", tarfile.REGTYPE, data=b"f" * (size + 1))
        for kind in draw.some(tuple(_KINDS), 1, 6):
            draw.use(f"archive: {kind}")
            _KINDS[kind](draw, made, prefix, size)
    return stream.getvalue()


def _add(
    draw: Draw,
    made: tarfile.TarFile,
    name: str,
    kind: bytes,
    *,
    mode: int = 0o644,
    data: bytes = b"",
    link: str = "",
    pax: dict[str, str] | None = None,
) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.linkname, entry.size = kind, mode, link, len(data)
    entry.mtime = EPOCH + draw.number(-90_000, 90_000)
    entry.uid, entry.gid = draw.pick((0, 0, 7, 1000)), draw.pick((0, 0, 8, 1000))
    entry.uname, entry.gname = draw.pick(("", "root", "games")), draw.pick(("", "staff"))
    entry.pax_headers = pax or {}
    made.addfile(entry, io.BytesIO(data))


def _directory(draw, made, prefix, size):
    _add(draw, made, f"{prefix}sub/", tarfile.DIRTYPE, mode=draw.pick((0o700, 0o755, 0o2775)))
    _add(draw, made, f"{prefix}sub/in", tarfile.REGTYPE, data=b"i" * size)


def _unnamed_directory(draw, made, prefix, size):
    _add(draw, made, f"{prefix}no/dir/here", tarfile.REGTYPE, data=b"h" * (size + 2))


def _hard_link(draw, made, prefix, size):
    _add(draw, made, f"{prefix}hard", tarfile.LNKTYPE, link=f"{prefix}f{size}")


def _symbolic_link(draw, made, prefix, size):
    link = draw.pick((f"f{size}", "nowhere", "sub", "/etc/passwd"))
    _add(draw, made, f"{prefix}soft", tarfile.SYMTYPE, mode=0o777, link=link)


def _special_mode(draw, made, prefix, size):
    _add(draw, made, f"{prefix}run", tarfile.REGTYPE, mode=draw.pick((0o4755, 0o2711, 0o7)))


def _long_name(draw, made, prefix, size):
    _add(draw, made, f"{prefix}{'long' * 12}/{'n' * 120}", tarfile.REGTYPE, data=b"l" * size)


def _unicode_name(draw, made, prefix, size):
    _add(draw, made, f"{prefix}ünï-ё", tarfile.REGTYPE, data=b"u" * size)


def _whiteout(draw, made, prefix, size):
    _add(draw, made, f"{prefix}.wh.f{size}", tarfile.REGTYPE)


def _again(draw, made, prefix, size):
    _add(draw, made, f"{prefix}f{size}", tarfile.REGTYPE, mode=0o600, data=b"again" * size)


def _extended_attribute(draw, made, prefix, size):
    pax = {"SCHILY.xattr.user.kind": draw.pick(("a", "bb"))}
    _add(draw, made, f"{prefix}attr", tarfile.REGTYPE, data=b"x" * size, pax=pax)


def _large_owner(draw, made, prefix, size):
    entry = tarfile.TarInfo(f"{prefix}large")
    entry.uid, entry.gid, entry.mtime = 3_000_000, 2_500_000, EPOCH - 1000
    made.addfile(entry)


def _fifo(draw, made, prefix, size):
    _add(draw, made, f"{prefix}fifo", tarfile.FIFOTYPE, mode=0o640)


_KINDS = {
    "directory": _directory,
    "directory that no entry names": _unnamed_directory,
    "hard link": _hard_link,
    "symbolic link": _symbolic_link,
    "special mode": _special_mode,
    "long name": _long_name,
    "other script": _unicode_name,
    "whiteout": _whiteout,
    "name that comes again": _again,
    "extended attribute": _extended_attribute,
    "large owner": _large_owner,
    "FIFO": _fifo,
}
