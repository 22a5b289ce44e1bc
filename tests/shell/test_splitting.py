"""Whether splitting an expansion can do harm, by what the script says of its value."""

from __future__ import annotations

import pytest

from dflint.shell.script import read_shell_form
from dflint.shell.splitting import Splitting

MARK = "@"


def is_harmless(text):
    """Ask of the expansion behind the mark; KNOWN is set from outside."""
    at = text.index(MARK)
    script = read_shell_form(text.replace(MARK, "", 1))
    starts = [one.start for one in script.constructs if one.start == at and one.parent is not None]
    if starts:
        end = next(one.end for one in script.constructs if one.start == at)
    else:
        end = at + 1
        close = "}" if script.text[end] == "{" else None
        if close:
            end = script.text.index(close, end) + 1
        while (
            not close
            and end < len(script.text)
            and (script.text[end].isalnum() or script.text[end] == "_")
        ):
            end += 1
    return Splitting(script, frozenset(("KNOWN",))).is_harmless(at, end)


@pytest.mark.parametrize(
    "text",
    [
        "export v=1.2 && curl @$v",
        "v=$KNOWN-x; curl a/@$v/b",
        "v=${KNOWN#v}; w=${v}-1 && ls x@$w",
        "for v in a b; do ls @$v; done",
        "for v in $other; do ls @$v; done",
        "v=$(uname -m); case $v in x) w=amd64;; *) exit 1;; esac; curl u/@$w",
        "make -j@$(nproc)",
        "make -j @$(expr $(nproc) / 2)",
        "ls x@$(sudo -u a id -u)",
        "ls @$(/usr/bin/dpkg --print-architecture)",
        "v=$((1 + 2)); ls @$v",
        "v=$(echo $KNOWN | cut -d. -f1) && ls x@${v%%.*}",
        "v=$(echo $KNOWN | sed 's/[^/a]*/x/g;s/a//') && ls x@$v",
        "v=$(cut -d. -f1 <<< $KNOWN); ls x@$v",
        "v=$(sha256sum f | awk '{ print $1 }'); [ @$v = x ]",
        "v=$(if test a = c; then echo b; else echo c; fi); [ @$v = b ]",
        'v=$(python3 -c "import site; print(site.getsitepackages()[0])"); ls @$v',
        r"v='^\(a\|b\)' && grep @$v f",
        ". /etc/os-release && ls @$VERSION_CODENAME",
        "v=${other:+x}; ls a@$v",
        "v=${KNOWN-$(grep -c processor /proc/cpuinfo)}; make -j @$v",
        # Quotes would make one argument of several, or of none.
        "./x @$(test a = b && echo --c)",
        "rm @$(find . -name x)",
        "rm @$(ls | head -n -5)",
        'v="-a -b"; ./x @$v',
        'v=; a && v="$v -b"; ./x @$v',
    ],
)
def test_harmless(text):
    assert is_harmless(text)


@pytest.mark.parametrize(
    "text",
    [
        "ls @$other",
        "v=$other; ls @$v",
        "v=1; v=$(curl u); ls @$v",
        "if a; then v=1; else v=$(curl u); fi; ls @$v",
        "for v in *; do ls @$v; done",
        'for v in "$@"; do ls @$v; done',
        "for v in a *.b; do ls @$v; done",
        "read v; ls @$v",
        "v=1; printf -v v %s $(cat f); ls @$v",
        "IFS=,; v=a; ls @$v",
        "v=1; eval $(cat f); ls @$v",
        # Something outside may have set it.
        "v=$v:/x; ls @$v",
        '[ -n "$v" ] || v=1; ls @$v',
        # Empty, `[` has an argument too few.
        "if a; then v=1; fi; [ @$v = 1 ]",
        "a || v=1; [ @$v = 1 ]",
        "v=; [ @$v = 1 ]",
        # What takes one argument, or a part of one, is no place for a list.
        "cd @$(find . -name x)",
        'v="a b"; ls /y@$v',
        "ls > @$(ls)",
        "v='*.x'; find -name @$v",
        "v=$(ls | head -n 1); ls @$v",
        "v=$(echo $KNOWN | sed 's/a/b c/'); ls x@$v",
        "v=$(echo $KNOWN | tr . ' '); ls x@$v",
        "v=$(date '+%Y %m'); ls x@$v",
        "v=${KNOWN:-a b}; ls x@$v",
        "v=$(cat f); ls @${v%%.*}",
        "if; v=1; ls @$v",
    ],
)
def test_not_harmless(text):
    assert not is_harmless(text)


def test_what_is_built_of_itself_and_of_many_others_ends():
    chain = "; ".join(f"v{n}=$v{n + 1}$v{n + 1}" for n in range(60))

    assert not is_harmless(f"v60=a; {chain}; ls @$v0")
    assert is_harmless("w=$v; v=a$w; v=b; ls @$v") is False
