"""config.json of an OCI bundle for a step (OCI runtime specification, config.md)."""

from __future__ import annotations

from collections.abc import Sequence

from dflint.executor.plan import DEFAULT_CAPABILITIES, Plan
from dflint.executor.staging import Staged
from dflint.executor.world import MASKED, READ_ONLY
from dflint.kernel.privileges import capabilities, capability_names

_QUIET = ("nosuid", "noexec", "nodev")


def configuration(
    plan: Plan, mounts: Sequence[Staged], *, is_rootless: bool = False
) -> dict[str, object]:
    """The configuration that gives a process the world that BuildKit gives it."""
    process = plan.process
    allowed = capabilities() if process.is_privileged else DEFAULT_CAPABILITIES
    names = capability_names(allowed)
    sets = ("bounding",) if plan.user.uid else ("bounding", "effective", "permitted")
    return {
        "ociVersion": "1.0.2",
        "process": {
            "user": {
                "uid": plan.user.uid,
                "gid": plan.user.gid,
                "additionalGids": list(plan.user.groups),
                "umask": 0o022,
            },
            "args": list(process.arguments),
            "env": [f"{name}={value}" for name, value in plan.environment.items()],
            "cwd": process.workdir,
            "capabilities": {kind: names for kind in sets},
            "rlimits": [
                {"type": f"RLIMIT_{limit.name.upper()}", "soft": limit.soft, "hard": limit.hard}
                for limit in process.ulimits
            ],
            "noNewPrivileges": False,
        },
        "root": {"path": plan.root},
        "hostname": process.hostname,
        "mounts": [*_system_mounts(plan, is_rootless), *(_mount(staged) for staged in mounts)],
        "linux": _linux(plan, is_rootless),
    }


def _system_mounts(plan: Plan, is_rootless: bool) -> list[dict[str, object]]:
    access = "rw" if plan.process.is_privileged else "ro"
    pts = ("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620")
    sys: dict[str, object] = _file_system("/sys", "sysfs", (*_QUIET, access))
    if is_rootless:
        sys = _file_system("/sys", "none", ("rbind", *_QUIET, access), "/sys")
    return [
        _file_system("/proc", "proc", _QUIET),
        _file_system("/dev", "tmpfs", ("nosuid", "strictatime", "mode=755", "size=65536k")),
        _file_system("/dev/pts", "devpts", pts if is_rootless else (*pts, "gid=5")),
        _file_system(
            "/dev/shm", "tmpfs", (*_QUIET, "mode=1777", f"size={plan.process.shm_size}"), "shm"
        ),
        _file_system("/dev/mqueue", "mqueue", _QUIET),
        sys,
    ]


def _file_system(
    target: str, kind: str, options: Sequence[str], source: str = ""
) -> dict[str, object]:
    return {
        "destination": target,
        "type": kind,
        "source": source or kind,
        "options": list(options),
    }


def _mount(staged: Staged) -> dict[str, object]:
    if not staged.source:
        return _file_system(staged.target, "tmpfs", ("nosuid", *staged.options))
    access = ("ro",) if staged.is_read_only else ("rw",)
    quiet = _QUIET if staged.is_file_in_memory else ()
    return _file_system(staged.target, "bind", ("rbind", *access, *quiet), staged.source)


def _linux(plan: Plan, is_rootless: bool) -> dict[str, object]:
    process = plan.process
    kinds = ["pid", "ipc", "uts", "mount", *(["network"] if process.network == "none" else [])]
    linux: dict[str, object] = {"namespaces": [{"type": kind} for kind in kinds]}
    if not process.is_privileged:
        linux |= {"maskedPaths": list(MASKED), "readonlyPaths": list(READ_ONLY)}
    limits = _resources(plan)
    if limits and not is_rootless:
        linux["resources"] = limits
    if process.resources.parent:
        linux["cgroupsPath"] = f"{process.resources.parent.rstrip('/')}/dflint"
    return linux


def _resources(plan: Plan) -> dict[str, object]:
    wanted = plan.process.resources
    memory: dict[str, object] = {"limit": wanted.memory, "swap": wanted.memory_swap}
    cpu: dict[str, object] = {
        "shares": wanted.cpu_shares,
        "quota": wanted.cpu_quota,
        "period": wanted.cpu_period,
        "cpus": wanted.cpuset_cpus,
        "mems": wanted.cpuset_mems,
    }
    pids: dict[str, object] = {"limit": wanted.pids}
    groups = {"memory": memory, "cpu": cpu, "pids": pids}
    kept = {
        name: {key: value for key, value in group.items() if value}
        for name, group in groups.items()
    }
    return {name: group for name, group in kept.items() if group}
