"""What an image looks like before each instruction: directory, user, shell, platform."""

from __future__ import annotations

from dflint.shell.windows_images import is_windows_image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.reading import Reading
    from dflint.semantic.scope import Environment


class BuildState:
    """The state that an instruction begins with.

    `workdir` is absolute, or None while only the base image knows it; `workdir_set` tells
    whether any WORKDIR came before. `user` is None while only the base image knows. `shell` is
    SHELL's words, None for the platform's default. `os_family` is `linux` or `windows`.
    """

    __slots__ = ("env", "os_family", "shell", "user", "workdir", "workdir_set")

    env: Environment
    workdir: str | None
    workdir_set: bool
    user: str | None
    shell: tuple[str, ...] | None
    os_family: str

    def __init__(
        self,
        env: Environment,
        workdir: str | None,
        workdir_set: bool,
        user: str | None,
        shell: tuple[str, ...] | None,
        os_family: str,
    ) -> None:
        self.env = env
        self.workdir = workdir
        self.workdir_set = workdir_set
        self.user = user
        self.shell = shell
        self.os_family = os_family

    def seen_with(self, env: Environment) -> BuildState:
        """The same state with other variables."""
        return BuildState(
            env, self.workdir, self.workdir_set, self.user, self.shell, self.os_family
        )

    def triggered(self, trigger: Reading) -> BuildState:
        """The state behind a trigger of ONBUILD, which the stage begins with.

        Where one with a variable leads is not known; a user stands as it is written.
        """
        argument = trigger.arguments[0] if trigger.arguments else ""
        workdir, workdir_set, user = self.workdir, self.workdir_set, self.user
        if trigger.keyword == "workdir":
            is_plain = not any(sign in argument for sign in "$\"'\\")
            workdir = join_workdir(workdir, argument, self.os_family) if is_plain else None
            workdir_set = True
        elif trigger.keyword == "user":
            user = argument
        else:
            return self
        return BuildState(self.env, workdir, workdir_set, user, self.shell, self.os_family)


def os_family_of(image: str, platform: str) -> str:
    """`windows` for what is named as a Windows image or platform, else `linux`."""
    if platform.lower().startswith("windows"):
        return "windows"
    return "windows" if is_windows_image(image) else "linux"


def join_workdir(current: str | None, path: str, os_family: str) -> str | None:
    """The directory after `WORKDIR path`; None when it is relative to an unknown one."""
    if os_family == "windows":
        absolute = path[1:2] == ":" or path[:1] in ("/", "\\")
        if absolute or current is None:
            return path if absolute else None
        return f"{current}\\{path}"
    if not path.startswith("/"):
        if current is None:
            return None
        path = f"{current}/{path}"
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)
