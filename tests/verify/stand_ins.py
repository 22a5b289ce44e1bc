"""Programs of local images that leave behind what package managers and their like do.

Each records what it is asked for, a file for every word that is no option, and writes to the caches
and logs that the real one would write to; its clean-ups empty them. So a fix that takes a package,
a verb or a whole call away is seen, and one that removes a cache has one to remove.
"""

from __future__ import annotations

from dflint.shell.caches import CACHES
from tests.conformance.builds.corpus import IDLE

_SUDO = """\
#!/bin/sh
while :; do
  case $1 in
    -[ugUhpCDrRtT]) shift 2 ;;
    --) shift; break ;;
    -*) shift ;;
    *=*) export "$1"; shift ;;
    *) break ;;
  esac
done
[ $# = 0 ] || exec "$@"
"""
_BASH = '#!/bin/sh\n[ "$1" = -l ] && shift\nexec /bin/sh "$@"\n'
_USERADD = """\
#!/bin/sh
name= log=yes
for word; do
  case $word in
    --no-log-init|-l|-*l*) log= ;;
  esac
  name=$word
done
mkdir -p /usr/lib/stand-in/user /var/log
: > /usr/lib/stand-in/user/"$name"
[ -z "$log" ] || echo "$name" >> /var/log/lastlog
"""
_MODULES = '#!/bin/sh\n[ "$1" = -m ] && shift && exec "$@"\nexit 0\n'
_MANAGER = """\
#!/bin/sh
verb= names= cached=yes
for word; do
  case $word in
    {off}) cached= ;;
    -*) ;;
    *) if [ -z "$verb" ]; then verb=$word; else names="$names $word"; fi ;;
  esac
done
set -f
record=/usr/lib/stand-in/{tool}
mkdir -p $record
for name in $names; do
  echo "$verb" > "$record/$verb $(echo "$name" | tr / _)"
done
case $verb in
  clean|cache|distclean|dist-clean)
    set +f
    for folder in {directories}; do rm -rf $folder/*; done
    rm -rf "$record/$verb "*
    ;;
  {fills})
    {variable}
    if [ -n "$cached" ]; then
      for folder in {directories}; do mkdir -p $folder; echo cached > "$folder/$verb"; done
    fi
    ;;
esac
{log}
exit 0
"""
_APT_LOG = "mkdir -p /var/log/apt; echo {tool} >> /var/log/apt/history.log"


def _manager(name: str) -> str:
    """The stand-in of a package manager, by its name."""
    cache = CACHES[{"apt": "apt-lists", "apt-get": "apt-lists", "pip3": "pip"}.get(name, name)]
    is_apt = name.startswith("apt")
    folders = [one.replace("~", "${HOME:-/root}") for one in cache.directories]
    if is_apt:
        folders.append("/var/cache/apt/archives")
    variable = cache.off_variable
    fills = cache.fills - {"nothing"} | ({"install"} if is_apt else set())
    return _MANAGER.format(
        tool="apt" if is_apt else "pip" if name == "pip3" else name,
        off="|".join(cache.off) or "--without-cache",
        directories=" ".join(folders),
        fills="|".join(sorted(fills)),
        variable=f'[ -z "${variable}" ] || cached=' if variable else ":",
        log=_APT_LOG.format(tool=name) if is_apt else ":",
    )


#: What stands in for each program, by its name.
STAND_INS = IDLE | {
    "sudo": _SUDO,
    "bash": _BASH,
    "useradd": _USERADD,
    "python": _MODULES,
    "python3": _MODULES,
} | {
    name: _manager(name)
    for name in ("apt", "apt-get", "pip3", *(name for name in CACHES if name != "apt-lists"))
}  # fmt: skip
