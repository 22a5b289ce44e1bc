"""Images of many shapes, as data: what other tools have to read, unpack and run."""

from __future__ import annotations

import io
import os
import tarfile
from dataclasses import dataclass, field

EPOCH = 1_700_000_000
LONG = "/".join(["folder-with-a-long-name-" + "n" * 40] * 5)
"""A path of more than 300 bytes."""


@dataclass(frozen=True)
class Shape:
    """One image: its Dockerfile, the options of the build, and how it comes out.

    `output` is the type of the archive with further fields. `runs` says that it has a shell and
    `marks` names files of which some tree must have one, so that a shape stays what it is.
    """

    name: str
    dockerfile: str
    options: tuple[str, ...] = ()
    output: str = "type=oci"
    environment: dict[str, str] = field(default_factory=dict)
    runs: bool = True
    platforms: int = 1
    marks: tuple[str, ...] = ()


def scratch(name: str, lines: str, **values: object) -> Shape:
    """A shape without a base, thus without a shell."""
    return Shape(name, f"FROM scratch\n{lines}\n", runs=False, **values)  # type: ignore[arg-type]


def busybox(name: str, lines: str, **values: object) -> Shape:
    """A shape on the base that has a shell."""
    return Shape(name, f"FROM busybox\n{lines}\n", **values)  # type: ignore[arg-type]


_COMPRESSED = "COPY a folder/ /data/\nRUN echo more >/more"
_TREE = "RUN mkdir -p /d/e && echo 1 >/d/a && echo 2 >/d/e/b\n"

FILES = (
    scratch("scratch alone", "LABEL only=label"),
    scratch("one layer", "COPY a /", marks=("a",)),
    scratch("command of scratch", 'COPY a /\nCMD ["/a"]'),
    busybox("base alone", "LABEL a=b"),
    busybox("one layer on a base", "RUN echo hello >/hello", marks=("hello",)),
    busybox("many layers", "\n".join(f"RUN echo {at} >/f{at}" for at in range(12)), marks=("f11",)),
    busybox("whiteout of the base", "RUN rm /etc/group"),
    busybox("whiteout of a folder", f"{_TREE}RUN rm -r /d/e"),
    busybox("opaque folder", f"{_TREE}RUN rm -r /d && mkdir /d && echo 3 >/d/c", marks=("d/c",)),
    busybox("file to folder", f"{_TREE}RUN rm /d/a && mkdir /d/a && echo >/d/a/x"),
    busybox("folder to file", f"{_TREE}RUN rm -r /d/e && echo >/d/e", marks=("d/e",)),
    busybox("removed and made again", f"{_TREE}RUN rm /d/a\nRUN echo again >/d/a"),
    busybox("hard links", "RUN echo x >/one && ln /one /two && mkdir /f && ln /one /f/three"),
    busybox("hard link to a lower layer", "RUN echo x >/one\nRUN ln /one /two", marks=("two",)),
    busybox("hard link and removed name", "RUN echo x >/one && ln /one /two\nRUN rm /one"),
    busybox(
        "symbolic links",
        "RUN ln -s /absent /dangling && ln -s /etc/passwd /abs && ln -s etc/group /rel"
        " && ln -s ../../.. /up && ln -s self /self && ln -s /tmp /folder",
        marks=("dangling", "self"),
    ),
    busybox("replaced by a link", f"{_TREE}RUN rm -r /d/e && ln -s /tmp /d/e"),
    busybox(
        "modes",
        "RUN cp /bin/busybox /su && chmod 4755 /su && echo >/sg && chmod 2755 /sg"
        " && mkdir -m 1777 /sticky && mkdir -m 2775 /group && echo >/none && chmod 0 /none",
        marks=("su", "sticky", "none"),
    ),
    busybox(
        "owners",
        "RUN echo >/games && chown games:staff /games && echo >/big && chown 3000000:4000000 /big"
        " && mkdir /mine && chown 1000:1000 /mine\nCOPY --chown=33:33 --chmod=640 a /w/a",
    ),
    scratch("extended attributes", "ADD attributes.tar /", marks=("capable", "noted")),
    busybox("attributes change above", "ADD attributes.tar /\nRUN chmod 700 /noted"),
    scratch("fifo and devices", "ADD special.tar /", marks=("fifo", "null")),
    scratch("long names", "COPY long/ /", marks=(f"{LONG}/file",)),
    scratch("long link targets", "ADD links.tar /", marks=("to-long", "hard-to-long")),
    scratch("non-ASCII names", "COPY names/ /", marks=("größe/日本語.txt", "emoji-🐳")),
    scratch("names with odd characters", "ADD odd.tar /", marks=("with space", "new\nline")),
    scratch("empty file and folder", "COPY empty /empty\nCOPY nothing/ /nothing/"),
    scratch("empty layer of a working directory", "WORKDIR /made/here"),
    scratch("sparse file", "COPY sparse /", marks=("sparse",)),
    busybox("large file", "RUN dd if=/dev/urandom of=/large bs=1M count=24 2>/dev/null"),
    busybox("thousand files", "RUN mkdir /m && for i in $(seq 1000); do echo $i >/m/$i; done"),
    scratch("old and new times", "ADD times.tar /", marks=("old", "new")),
    busybox("nothing changes", "RUN true\nRUN true"),
    busybox("linked copy", "COPY --link a /data/\nCOPY --link folder/ /data/"),
    scratch("linked copy alone", "COPY --link a /x/y/"),
    Shape(
        "several stages",
        "FROM busybox AS one\nRUN echo 1 >/made\nFROM busybox\nCOPY --from=one /made /m\n",
        marks=("m",),
    ),
)

CONFIGURATION = (
    busybox("ENV", "ENV A=1 B='two words' C= PATH=/x:$PATH ü=ß"),
    busybox("LABEL", "LABEL a.b/c='x \"y\" <z>' empty= lines='one\\ntwo'"),
    busybox("EXPOSE", "EXPOSE 80 53/udp 8000-8002"),
    busybox("VOLUME", 'VOLUME ["/data", "/with space"]'),
    busybox("USER by number", "USER 1000:1000"),
    busybox("USER by name", "USER games:staff"),
    busybox("WORKDIR", "WORKDIR /a/b\nWORKDIR c"),
    busybox("STOPSIGNAL", "STOPSIGNAL SIGQUIT"),
    busybox("HEALTHCHECK", "HEALTHCHECK --interval=5s --retries=2 --start-period=1s CMD true"),
    busybox("HEALTHCHECK NONE", "HEALTHCHECK NONE"),
    busybox("SHELL", 'SHELL ["/bin/sh", "-ec"]\nRUN echo >/shell\nCMD echo hello'),
    busybox("CMD", 'CMD ["echo", "hello"]'),
    busybox("ENTRYPOINT", 'ENTRYPOINT ["/bin/echo", "-n"]\nCMD ["hello"]'),
    busybox("ENTRYPOINT as shell", "ENTRYPOINT exec echo hello"),
    busybox("no CMD", "ENTRYPOINT []\nCMD []"),
    busybox("ONBUILD", "ONBUILD RUN echo hello\nONBUILD COPY a /"),
    busybox("MAINTAINER", "MAINTAINER somebody <a@example.org>"),
)

OUTPUTS = (
    busybox("gzip", _COMPRESSED, output="type=oci,compression=gzip,force-compression=true"),
    busybox("gzip level 9", _COMPRESSED, output="type=oci,compression=gzip,compression-level=9"),
    busybox("zstd", _COMPRESSED, output="type=oci,compression=zstd"),
    busybox("zstd forced", _COMPRESSED, output="type=oci,compression=zstd,force-compression=true"),
    busybox(
        "uncompressed",
        _COMPRESSED,
        output="type=oci,compression=uncompressed,force-compression=true",
    ),
    busybox("docker", _COMPRESSED, output="type=docker"),
    busybox("docker's media types", _COMPRESSED, output="type=docker,oci-mediatypes=false"),
    scratch("docker of scratch alone", "LABEL a=b", output="type=docker"),
    busybox("several tags", _COMPRESSED, options=("-t=shape:1x", "-t=reg.example/x/y:third")),
    busybox("several tags for docker", _COMPRESSED, options=("-t=shape:2x",), output="type=docker"),
    busybox(
        "annotations",
        _COMPRESSED,
        options=("--annotation=a=b", "--annotation=manifest-descriptor:c=d"),
    ),
    busybox("epoch", _COMPRESSED, environment={"SOURCE_DATE_EPOCH": str(EPOCH)}),
    busybox(
        "epoch in files",
        _COMPRESSED,
        output="type=oci,rewrite-timestamp=true",
        environment={"SOURCE_DATE_EPOCH": str(EPOCH)},
    ),
    scratch(
        "two platforms",
        "COPY a /\nLABEL a=b",
        options=("--platform=linux/amd64,linux/arm64",),
        platforms=2,
    ),
    scratch(
        "index annotations",
        "COPY a /",
        options=("--platform=linux/amd64,linux/arm/v7", "--annotation=index:x=y"),
        platforms=2,
    ),
)

SHAPES = (*FILES, *CONFIGURATION, *OUTPUTS)


def write_context(root: str) -> None:
    """The files that the shapes copy, in a new folder."""
    for name in ("folder", "nothing", "names/größe", f"long/{LONG}"):
        os.makedirs(os.path.join(root, name))
    texts = {
        "a": "content of a",
        "empty": "",
        "folder/b": "content of b",
        "names/größe/日本語.txt": "text",
        "names/emoji-🐳": "whale",
        f"long/{LONG}/file": "far down",
        f"long/{'n' * 255}": "of the longest name",
        f"long/{'n' * 101}": "just too long for an old header",
    }
    for name, text in texts.items():
        with open(os.path.join(root, name), "w", encoding="utf-8") as file:
            file.write(text)
    with open(os.path.join(root, "sparse"), "wb") as file:
        file.seek(6_000_000)
        file.write(b"end")
        file.truncate(8_000_000)
    for name, entries in _ARCHIVES.items():
        with tarfile.open(os.path.join(root, name), "w", format=tarfile.PAX_FORMAT) as archive:
            for path, values in entries:
                _add(archive, path, **values)


def _add(archive: tarfile.TarFile, path: str, *, data: bytes = b"", **values: object) -> None:
    entry = tarfile.TarInfo(path)
    entry.size, entry.mtime = len(data), EPOCH
    for name, value in values.items():
        setattr(entry, name, value)
    archive.addfile(entry, io.BytesIO(data))


def _attributes(**values: str) -> dict[str, object]:
    named = {f"SCHILY.xattr.{name.replace('_', '.')}": text for name, text in values.items()}
    return {"data": b"x", "pax_headers": named}


# cap_net_bind_service=ep, as linux/capability.h lays out revision 2.
_CAPABILITY = "\x01\x00\x00\x02\x00\x04" + "\x00" * 14
_ARCHIVES: dict[str, tuple[tuple[str, dict[str, object]], ...]] = {
    "attributes.tar": (
        ("capable", _attributes(security_capability=_CAPABILITY)),
        ("noted", _attributes(user_note="first", user_other="ü")),
    ),
    "special.tar": (
        ("fifo", {"type": tarfile.FIFOTYPE, "mode": 0o622}),
        ("null", {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3, "mode": 0o666}),
        ("loop", {"type": tarfile.BLKTYPE, "devmajor": 7, "devminor": 300, "mode": 0o660}),
    ),
    "links.tar": (
        (f"{LONG}/file", {"data": b"x"}),
        ("to-long", {"type": tarfile.SYMTYPE, "linkname": f"{LONG}/file", "mode": 0o777}),
        ("hard-to-long", {"type": tarfile.LNKTYPE, "linkname": f"{LONG}/file"}),
    ),
    "odd.tar": (
        ("with space", {"data": b"1"}),
        ("new\nline", {"data": b"2"}),
        ("back\\slash", {"data": b"3"}),
        ("=equals 5", {"data": b"4"}),
        ("-dash", {"data": b"5"}),
        ("wh.no", {"data": b"6"}),
    ),
    "times.tar": (
        ("old", {"data": b"1", "mtime": 1}),
        ("before", {"data": b"1", "mtime": -86_400}),
        ("new", {"data": b"1", "mtime": 5_000_000_000}),
        ("part", {"data": b"1", "mtime": 1_700_000_000.25}),
    ),
}
