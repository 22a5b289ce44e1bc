"""What is known of a `configure` script and of the compiler that it is called with."""

from __future__ import annotations

from dflint.semantic.known_images import repository_of
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

#: What makes a script by Autoconf.
_MAKERS = ("autoreconf", "autogen.sh", "autoconf", "phpize", "buildconf", "buildconf.sh")
#: Projects whose script is their own, and options that only such scripts have.
_OWN_SCRIPTS = LazyPattern(
    r"ffmpeg|libav|nginx|tengine|openresty|qemu|zlib|openssl|x264|vpx|mplayer|haproxy|\bsrs\b|redis"
    r"|lighttpd|minizip|aom|davs2|xavs|kvazaar|dosbox|samba|nodejs|node-v|perl|cmake|libressl|brotli"
    r"|--with-http_|--add-module|--archs|--extra-(?:libs|cflags|ldflags)|--enable-(?:gpl|libx26)"
    r"|--enable-module|--conf-path|--dest-cpu|--static(?![\w-])|--shared-zlib|--prefix=\S*nginx"
)
#: What makes the compiler build for another machine than its own.
_CROSSING = ("-m32", "mingw", "emconfigure", "linux32", "setarch")
_COMPILERS = ("gcc", "g++", "build-essential", "build-base", "Development Tools")
#: Images that have the compiler, but for tags that say a smaller one.
_WITH_COMPILER = frozenset((
    "buildpack-deps", "gcc", "golang", "haskell", "node", "openresty", "perl", "python", "ruby",
    "rust",
))  # fmt: skip
_SMALLER = ("slim", "alpine", "curl", "scm")


def is_of_autoconf(program: Program, call: Invocation) -> bool | None:
    """Whether Autoconf has made a script, which then knows `--build`; None if that is not known.

    What stands between it and the last thing that was made tells. False where it may be called
    for another machine.
    """
    end = call.command.start
    made = [one.command.end for one in program.invocations_of("configure", "make")]
    begin = max((one for one in made if one <= end), default=0)
    text = program.script.text[begin:end]
    if contains_any(program.script.text, _CROSSING):
        return False
    if _OWN_SCRIPTS.get().search(text + call.command.text):
        return False
    before = (one for one in program.script.commands if begin <= one.start < end)
    return True if any(one.program in _MAKERS for one in before) else None


def has_gcc(text: str, image: str) -> bool:
    """Whether a file, above a place, or the base image brings GCC."""
    repository = repository_of(image)
    if repository in _WITH_COMPILER and not contains_any(image, _SMALLER):
        return True
    return contains_any(text, _COMPILERS)
