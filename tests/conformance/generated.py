"""Dockerfiles with contexts, made at random from a seed: every kind of step, always the same."""

from __future__ import annotations

import io
import os
import random
import tarfile
from pathlib import Path

_NAMES = ("a", "b", "c", "dir/d", "dir/e", "dir/deep/f", "other/g", "other/h")
_MODES = (0o644, 0o600, 0o755, 0o4755)
_TIME = 1_500_000_000


def generate(numbers: random.Random, folder: Path) -> None:
    """Write a context with a Dockerfile into a new folder."""
    folder.mkdir(parents=True)
    _write_context(numbers, folder)
    stages = numbers.randrange(1, 4)
    lines = []
    for stage in range(stages):
        has_shell = stage < stages - 1 or numbers.random() < 0.7
        lines.append(f"FROM {'busybox' if has_shell else 'scratch'} AS s{stage}")
        for step in range(numbers.randrange(2, 6)):
            lines += _step(numbers, stage, f"{stage}-{step}", has_shell=has_shell)
    (folder / "Dockerfile").write_text("\n".join(lines) + "\n")


def _write_context(numbers: random.Random, folder: Path) -> None:
    for name in _NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(numbers.randbytes(numbers.choice((0, 10, 1000, 60_000))))
        path.chmod(numbers.choice(_MODES))
        os.utime(path, (_TIME, _TIME))
    os.symlink("../a", folder / "dir" / "link")
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=numbers.choice(("w", "w:gz", "w:xz"))) as archive:
        for name in ("t/1", "t/2", "t/link"):
            entry = tarfile.TarInfo(name)
            entry.mtime, entry.uid = _TIME, numbers.randrange(3)
            content = numbers.randbytes(2000)
            if name.endswith("link"):
                entry.type, entry.linkname, content = tarfile.SYMTYPE, "1", b""
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    (folder / "archive").write_bytes(stream.getvalue())
    (folder / ".dockerignore").write_text(numbers.choice(("", "other\n", "**/e\n!dir/e\n")))


def _step(numbers: random.Random, stage: int, name: str, *, has_shell: bool) -> list[str]:
    """The lines of one instruction."""
    if has_shell and numbers.random() < 0.55:
        return [_run(numbers, name)]
    choices = [
        f"COPY dir /copied-{name}/",
        f"COPY --link a b /linked-{name}/",
        f"COPY --chmod=640 --chown=5:60 c /c-{name}",
        f"ADD archive /unpacked-{name}/",
        f"WORKDIR /work/{name}",
        f"ENV NAME_{name.replace('-', '_')}={numbers.randrange(9)}",
        f'LABEL label="{name}"',
        f"COPY <<EOF /here-{name}\ntext {numbers.random()}\nEOF",
    ]
    if stage:
        from_stage = f"COPY --from=s{numbers.randrange(stage)}"
        choices += [f"{from_stage} / /from-{name}/", f"{from_stage} --link / /all-{name}/"] * 2
    return [numbers.choice(choices)]


def _run(numbers: random.Random, name: str) -> str:
    size = numbers.choice((1, 30, 300))
    return numbers.choice(
        (
            f"RUN yes {name} | dd of=/run-{name} bs=1000 count={size} iflag=fullblock"
            f" && chmod 700 /run-{name}",
            f"RUN mkdir -p /d/{name}/x && ln -s x /d/{name}/l && echo {name} >/d/{name}/x/f",
            f"RUN echo {name} >/one && ln -f /one /two && rm -rf /d /home",
            "RUN rm -rf /home && mkdir /home && echo new >/home/f",
            f"RUN --mount=type=cache,target=/cache echo {name} >/cache/{name}; echo >/c-{name}",
            f"RUN --mount=type=bind,target=/context wc -c /context/a >/size-{name}",
            f"RUN --mount=type=tmpfs,target=/t touch /t/f && ls /t >/t-{name}",
            f"RUN --mount=type=secret,id=s wc -c /run/secrets/s >/secret-{name}",
            f"RUN --network=none ls /sys/class/net >/net-{name}; sleep 0.1",
            f"RUN <<EOF\nchown 33:44 /tmp\necho {name} >/tmp/{name}\nsleep 0.05\nEOF",
            f"RUN mkfifo /fifo-{name}; touch -d @{_TIME} /old-{name}; chmod u+s /old-{name}",
        )
    )
