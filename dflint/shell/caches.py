"""What package managers leave in the file system besides packages, and what takes it away again.

Facts from their manuals, kept as a table; `dflint.semantic.package_caches` applies them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.shell.invocation import Invocation


class Cache:
    """A cache of one or more programs.

    `fills` are the actions or verbs that write to it (`nothing` for the program alone),
    `directories` where it is (`~` is any home). `off` are options without which it is written,
    `elsewhere` those that name another directory.
    `off_variable`, `elsewhere_variable` are the like from the environment. `cleaners` are verbs,
    with their operand if it matters, that empty it; `cleaning` is how one writes that, with
    `{name}` for the program.
    """

    __slots__ = (
        "_cleaning_verbs",
        "cleaners",
        "cleaning",
        "cleaning_tools",
        "directories",
        "elsewhere",
        "elsewhere_variable",
        "fills",
        "mount",
        "off",
        "off_variable",
        "root",
        "skips",
        "tools",
    )

    def __init__(
        self,
        tools: str,
        fills: str,
        directories: str,
        cleaners: str = "",
        off: str = "",
        off_variable: str = "",
        elsewhere: str = "",
        elsewhere_variable: str = "",
        root: str = "",
        skips: str = "",
        cleaning_tools: str = "",
        cleaning: str = "",
        mount: str = "",
    ) -> None:
        self.tools = tuple(tools.split())
        #: Those, and other programs that empty the same cache.
        self.cleaning_tools = self.tools + tuple(cleaning_tools.split())
        self.cleaning = cleaning
        #: Options of a cache mount that keeps it, for root; empty where one does harm.
        self.mount = mount
        self.fills = frozenset(fills.split())
        self.directories = tuple(directories.split())
        self.cleaners = tuple(tuple(one.split()) for one in cleaners.split(","))
        self._cleaning_verbs = frozenset(words[0] for words in self.cleaners if words)
        self.off = tuple(off.split())
        self.off_variable = off_variable
        self.elsewhere = tuple(elsewhere.split())
        self.elsewhere_variable = elsewhere_variable
        #: Options that name another root directory.
        self.root = tuple(root.split())
        #: Options with which nothing is fetched.
        self.skips = (*skips.split(), "--help", "-h", "--version")

    def is_filled_by(self, call: Invocation) -> bool:
        """Whether a call writes to it, as far as its verb tells."""
        verb = call.verb
        if verb in _GROUPS and call.operands:
            verb = call.operands[0].value or ""
        if call.tool is not None:
            verb = call.tool.verbs.get(verb, verb)
        if (verb or "nothing") not in self.fills or call.option(*self.skips) is not None:
            return False
        return call.option("--no-deps") is None or not _names_wheels_alone(call)

    def is_read_by(self, call: Invocation) -> bool:
        """Whether a call works with what is in it and fetches nothing."""
        return call.option(*(name for name in _OFFLINE if name in self.skips)) is not None

    def is_cleaned_by(self, call: Invocation) -> bool:
        """Whether a call empties it."""
        verb = call.verb
        action = call.tool.verbs.get(verb, verb) if call.tool is not None else ""
        if verb not in self._cleaning_verbs and action not in self._cleaning_verbs:
            return False
        for words in self.cleaners:
            if words and (words[0] == verb or words[0] == action):
                if len(words) == 1:
                    return True
                operands = [operand.value for operand in call.operands]
                if words[1] in operands or None in operands:
                    return True
        return False


def _names_wheels_alone(call: Invocation) -> bool:
    """Whether everything that pip is to install is a local wheel, of which it keeps no copy."""
    return bool(call.operands) and all(
        (operand.value or "").endswith(".whl") and "://" not in operand.prefix
        for operand in call.operands
    )


# Behind these stands the verb.
_GROUPS = frozenset(("group", "groups", "grp", "module", "global"))
# With these nothing is fetched, and what is there has to do.
_OFFLINE = ("-C", "--cacheonly", "--no-refresh", "--no-network", "--offline")
# `clean dbcache` removes what is made of the metadata, not what is downloaded.
_RPM = "clean all, clean metadata"
CACHES = {
    "apt-lists": Cache(
        "apt-get apt aptitude",
        "update",
        "/var/lib/apt/lists",
        "distclean, dist-clean",
        skips="--print-uris",
        cleaning="rm -rf /var/lib/apt/lists/*",
        mount="target=/var/lib/apt/lists,sharing=locked",
    ),
    "apk": Cache(
        "apk",
        "install update upgrade",
        "/var/cache/apk /etc/apk/cache",
        "cache purge",
        off="--no-cache",
        elsewhere="--cache-dir",
        root="-p --root",
        skips="--no-network -s --simulate",
    ),
    "yum": Cache(
        "yum",
        "install update upgrade",
        "/var/cache/yum /var/cache/dnf /var/cache/libdnf5",
        _RPM,
        root="--installroot",
        skips="-C --cacheonly",
        cleaning_tools="dnf",
        cleaning="{name} clean all",
    ),
    "dnf": Cache(
        "dnf",
        "install update upgrade",
        "/var/cache/dnf /var/cache/yum /var/cache/libdnf5 /var/cache/tdnf",
        _RPM,
        root="--installroot",
        skips="-C --cacheonly",
        cleaning_tools="yum",
        cleaning="{name} clean all",
    ),
    "microdnf": Cache(
        "microdnf",
        "install update upgrade",
        "/var/cache/yum /var/cache/dnf /var/cache/libdnf5",
        _RPM,
        root="--installroot",
        cleaning="{name} clean all",
    ),
    "zypper": Cache(
        "zypper",
        "install update upgrade",
        "/var/cache/zypp",
        "clean",
        elsewhere="--cache-dir",
        root="-R --root --installroot",
        skips="--no-refresh",
        cleaning="{name} clean --all",
        mount="target=/var/cache/zypp,sharing=locked",
    ),
    "pip": Cache(
        "pip",
        "install wheel download",
        "~/.cache/pip",
        "cache purge, cache remove",
        # As an abbreviation `--no-cache` does it too.
        off="--no-cache-dir --no-cache",
        off_variable="PIP_NO_CACHE_DIR",
        elsewhere="--cache-dir",
        elsewhere_variable="PIP_CACHE_DIR",
        skips="--no-index --dry-run",
        mount="target=/root/.cache/pip",
    ),
    "yarn": Cache(
        "yarn",
        "install upgrade add nothing",
        "/usr/local/share/.cache/yarn ~/.cache/yarn",
        "cache clean",
        elsewhere="--cache-folder",
        elsewhere_variable="YARN_CACHE_FOLDER",
        skips="--offline -v",
        cleaning="{name} cache clean",
        mount="target=/usr/local/share/.cache/yarn",
    ),
    "npm": Cache(
        "npm",
        "install upgrade install-test it install-ci-test cit",
        "~/.npm",
        "cache clean, cache clear, cache rm",
        elsewhere="--cache",
        elsewhere_variable="NPM_CONFIG_CACHE",
        skips="--offline --dry-run --package-lock-only -v",
        cleaning="{name} cache clean --force",
        mount="target=/root/.npm",
    ),
}
