"""A small root file system with a shell, made of what the machine has, for tests that run RUN."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile

from dflint.errors import UnsupportedError

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TIME = 1_600_000_000
"""When everything in the image was made, in seconds since 1970."""

_DIRECTORIES = {
    "bin": 0o755,
    "dev": 0o755,
    "etc": 0o755,
    "home": 0o755,
    "root": 0o700,
    "tmp": 0o1777,
    "usr": 0o755,
    "usr/bin": 0o755,
    "usr/sbin": 0o755,
    "var": 0o755,
}
_PASSWD = """\
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
games:x:5:60:games:/usr/games:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
"""
_GROUP = """\
root:x:0:
daemon:x:1:
tty:x:5:
wheel:x:10:root
www-data:x:33:
games:x:60:
staff:x:50:games,www-data
nobody:x:65534:
"""
# What tests may call where there is no busybox.
_PROGRAMS = (
    "sh", "cat", "chmod", "chown", "cp", "cut", "dd", "echo", "env", "false", "find", "grep",
    "head", "hostname", "id", "kill", "ln", "ls", "mkdir", "mknod", "mv", "printf", "pwd",
    "readlink", "rm", "rmdir", "sed", "seq", "sleep", "sort", "stat", "tail", "test", "touch",
    "tr", "true", "uname", "wc",
)  # fmt: skip


def busybox_root(destination: str, cache: str) -> str:
    """Fills the new directory `destination` with a root file system; returns the path.

    It has busybox when one without libraries is on PATH, or apt can download one (kept in
    `cache`); else the host's own shell and small programs with their libraries. Raises
    UnsupportedError where there is neither.
    """
    for path, mode in _DIRECTORIES.items():
        os.makedirs(os.path.join(destination, path))
        os.chmod(os.path.join(destination, path), mode)
    busybox = find_busybox(cache)
    if busybox:
        _install_busybox(busybox, destination)
    else:
        _install_host_programs(destination)
    for path, text in (("etc/passwd", _PASSWD), ("etc/group", _GROUP)):
        with open(os.path.join(destination, path), "w", encoding="utf-8") as opened:
            opened.write(text)
    return destination


def find_busybox(cache: str) -> str:
    """The path of a busybox that needs no libraries; "" where there is none to be had."""
    found = shutil.which("busybox")
    if found and _is_static(found):
        return found
    kept = os.path.join(cache, "bin", "busybox")
    if not os.path.exists(kept):
        _download(cache)
    return kept if os.path.exists(kept) else ""


def _is_static(path: str) -> bool:
    result = subprocess.run(["ldd", path], capture_output=True, check=False)
    return result.returncode != 0


def _download(cache: str) -> None:
    """Has apt download Debian's package and takes busybox from it; quiet when it cannot.

    The program appears in the cache at once and whole, since several processes may do this.
    """
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return
    os.makedirs(os.path.join(cache, "bin"), exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = ["apt-get", "download", "-qq", "busybox-static"]
        if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode:
            return
        for name in os.listdir(folder):
            subprocess.run(["dpkg-deb", "-x", name, "."], cwd=folder, check=True)
        os.replace(os.path.join(folder, "bin", "busybox"), os.path.join(cache, "bin", "busybox"))


def _install_busybox(busybox: str, root: str) -> None:
    target = os.path.join(root, "bin", "busybox")
    shutil.copyfile(busybox, target)
    os.chmod(target, 0o755)
    listed = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True)
    for applet in sorted({*listed.stdout.split()} - {"busybox"}):
        os.symlink("busybox", os.path.join(root, "bin", applet))


def _install_host_programs(root: str) -> None:
    if not shutil.which("ldd") or not shutil.which("sh"):
        raise UnsupportedError(
            "no busybox, and no shell with `ldd` to copy: install busybox-static"
        )
    for name in _PROGRAMS:
        found = shutil.which(name)
        if found is None:
            continue
        _install(found, os.path.join(root, "bin", name))
        listed = subprocess.run(["ldd", found], capture_output=True, text=True, check=False)
        for word in listed.stdout.split():
            if word.startswith("/"):
                _install(word, root + word)


def _install(source: str, target: str) -> None:
    if not os.path.lexists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(source, target)
        os.chmod(target, 0o755)


def write_layout(root: str, layout: str, reference: str = "latest") -> str:
    """Writes a root file system as an OCI image layout of one layer; the manifest's digest.

    The same files give the same bytes: names are sorted, owners 0:0, times `TIME`.
    """
    blobs = os.path.join(layout, "blobs", "sha256")
    os.makedirs(blobs)
    archive = _archive(root)
    layer = _descriptor(
        blobs, "application/vnd.oci.image.layer.v1.tar+gzip", gzip.compress(archive, 6, mtime=0)
    )
    platform = {"architecture": _architecture(), "os": "linux"}
    config = _descriptor(
        blobs,
        "application/vnd.oci.image.config.v1+json",
        _json(
            {
                **platform,
                "created": "2020-09-13T12:26:40Z",
                "config": {"Env": [f"PATH={PATH}"], "Cmd": ["sh"]},
                "rootfs": {"type": "layers", "diff_ids": [_digest(archive)]},
                "history": [{"created": "2020-09-13T12:26:40Z", "created_by": "dflint tests"}],
            }
        ),
    )
    manifest_type = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": manifest_type, "config": config, "layers": [layer]}
    described = _descriptor(blobs, manifest_type, _json(manifest))
    named = {
        **described,
        "platform": platform,
        "annotations": {"org.opencontainers.image.ref.name": reference},
    }
    index_type = "application/vnd.oci.image.index.v1+json"
    index = {"schemaVersion": 2, "mediaType": index_type, "manifests": [named]}
    for name, data in (("index.json", index), ("oci-layout", {"imageLayoutVersion": "1.0.0"})):
        with open(os.path.join(layout, name), "wb") as opened:
            opened.write(_json(data))
    return str(described["digest"])


def _archive(root: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for path, info in _entries(root):
            with open(path, "rb") if info.isreg() else io.BytesIO() as content:
                made.addfile(info, content)
    return stream.getvalue()


def _entries(root: str) -> list[tuple[str, tarfile.TarInfo]]:
    """Each path with its entry, by name; of hard links the first is the file."""
    paths = [
        os.path.join(folder, name)
        for folder, directories, files in os.walk(root)
        for name in (*directories, *files)
    ]
    found = []
    with tarfile.open(fileobj=io.BytesIO(), mode="w") as reader:
        for path in sorted(paths):
            info = reader.gettarinfo(path, os.path.relpath(path, root))
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            info.mtime = TIME
            found.append((path, info))
    return found


def _descriptor(blobs: str, media_type: str, data: bytes) -> dict[str, object]:
    digest = _digest(data)
    with open(os.path.join(blobs, digest.removeprefix("sha256:")), "wb") as opened:
        opened.write(data)
    return {"mediaType": media_type, "digest": digest, "size": len(data)}


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _architecture() -> str:
    machine = os.uname().machine
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
