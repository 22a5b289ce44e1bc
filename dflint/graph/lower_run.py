"""RUN: an execution with its mounts."""

from __future__ import annotations

from dflint.cst.parser.heredoc_words import heredoc_of
from dflint.graph.command import exec_command, shell_command
from dflint.graph.ops import NO_INPUT, ExecOp, InlineFile, Mount
from dflint.graph.paths import clean_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.command import Command
    from dflint.graph.lowering import Lowering
    from dflint.graph.state import StageState
    from dflint.graph.vertex import Vertex
    from dflint.semantic.mount_options import Mount as ReadMount

#: Where the builder puts a heredoc that begins with `#!`.
_PIPES = "/dev/pipes/"


def lower_run(
    lowering: Lowering, state: StageState, instruction: Instruction, reading: Reading
) -> None:
    """Add the execution of a RUN."""
    command, script_file = _command(state, instruction, reading)
    config = state.config
    op = ExecOp(command, script_file, state.variables, config.workdir or "/", config.user)
    sources: list[Vertex] = []
    if reading.flags:
        op.mounts = tuple(
            _mount(value, lowering, state, instruction, sources)
            for value in reading.flag_values("mount")
        )
        network = reading.flag("network") or ""
        op.network = "" if network == "default" else network
        security = reading.flag("security") or ""
        op.security = "" if security == "sandbox" else security
        op.devices = tuple(reading.flag_values("device"))
    state.add(op, tuple(sources), instruction)


def _command(
    state: StageState, instruction: Instruction, reading: Reading
) -> tuple[Command, InlineFile | None]:
    """The command that is started, and the heredoc that it is, if it begins with `#!`."""
    if reading.is_json:
        return exec_command(reading.arguments), None
    text = reading.arguments[0] if reading.arguments else ""
    line = instruction.line
    if not line.markers:
        return shell_command(text, state), None
    contents = [body(instruction, at) for at in range(len(line.markers))]
    if not is_heredoc(text):
        # The shell is given the heredocs too; the builder takes nothing from them.
        for marker, (start, end, _) in zip(line.markers, line.bodies, strict=True):
            text += f"\n{line.source[start:end]}{marker.name}"
        return shell_command(text, state), None
    if contents[0].startswith("#!") and state.os_family != "windows":
        name = line.markers[0].name
        return shell_command(_PIPES + name, state), InlineFile(name, contents[0])
    return shell_command(contents[0], state), None


def is_heredoc(text: str) -> bool:
    """Whether the whole text of a RUN is a heredoc."""
    try:
        return heredoc_of(text) is not None
    except ValueError:
        return False


def body(instruction: Instruction, at: int) -> str:
    """The text of a heredoc, without the tabs that `<<-` drops."""
    line = instruction.line
    start, end, _ = line.bodies[at]
    text = line.source[start:end]
    if line.markers[at].chomp:
        text = "".join(part.lstrip("\t") for part in text.splitlines(keepends=True))
    return text


def _mount(
    value: str,
    lowering: Lowering,
    state: StageState,
    instruction: Instruction,
    sources: list[Vertex],
) -> Mount:
    from dflint.semantic.mount_options import parse_mount

    read = parse_mount(value, lambda text: state.expand(text, instruction), None)
    if read.problem is not None:
        return _unread(state.expand(value, instruction))
    # What `from` names has to be there even where the mount takes nothing from it.
    name = read.source_name
    named = lowering.from_name(name, state, instruction) if name else None
    number = NO_INPUT
    if read.type == "bind" or (read.type == "cache" and named):
        sources.append(named or lowering.context(instruction))
        number = len(sources)
    return _completed(read, number, state)


def _completed(read: ReadMount, number: int, state: StageState) -> Mount:
    """The mount with what is understood where nothing is written."""
    is_cache = read.type == "cache"
    target = state.path(read.target) if read.target else ""
    has_path = read.type in ("bind", "cache") or (read.type == "tmpfs" and read.source)
    source = clean_source(read.source) if has_path else read.source
    name = read.id
    if is_cache:
        name = name or target
    elif read.type == "secret":
        name, source = read.secret_id, ""
        target = target or ("" if read.env is not None else f"/run/secrets/{name}")
    elif read.type == "ssh":
        name = name or "default"
    mode = read.mode
    if mode is None and read.type != "bind":
        mode = {"cache": 0o755, "secret": 0o400, "ssh": 0o600}.get(read.type)
    has_owner = read.type in ("cache", "secret", "ssh")
    return Mount(
        type=read.type,
        input=number,
        source=source,
        target=target,
        read_only=read.read_only,
        required=read.required,
        id=name,
        sharing=(read.sharing or "shared") if is_cache else read.sharing,
        mode=mode,
        uid=(read.uid or 0) if has_owner else read.uid,
        gid=(read.gid or 0) if has_owner else read.gid,
        size=read.size,
        env=read.env,
    )


def _unread(text: str) -> Mount:
    """A mount that cannot be read before the build, by its text."""
    values: dict[str, object] = dict.fromkeys(Mount.__slots__)
    values.update(type="unread", input=NO_INPUT, source=text)
    return Mount(**values)
