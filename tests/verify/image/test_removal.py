"""Package lists that a RUN removes at its end: what the plan takes, and what it must not take.

Each attack is a file in which the removal does more than its contract says, fails, or is seen by
something; the plan has to leave it to a build.
"""

from __future__ import annotations

import pytest

from dflint.build.request import NamedContext
from dflint.engine.context import context_of
from dflint.lint.contract import SAME_IMAGE, Contract, cache_paths
from dflint.lint.document import Document
from dflint.text.source import Source
from dflint.verify.image.apart import is_apart, is_outside
from dflint.verify.image.proof import decided
from dflint.verify.image.removal import ASSUMED
from dflint.verify.image.verdict import Level
from dflint.verify.image.verifier import ImageVerifier
from tests.conformance.builds.bases import make_bases
from tests.verify.mutants import mutants
from tests.verify.stand_ins import STAND_INS

LISTS = Contract(gone=cache_paths("apt-lists"))
REMOVAL = " && rm -rf /var/lib/apt/lists/*"
UPDATE = "apt-get update && apt-get install -y curl"
#: Files with `@` where the removal is put.
RIGHT = {
    "at the end": f"FROM a\nRUN {UPDATE}@\n",
    "apt": "FROM a\nRUN apt update -qq && apt install --no-install-recommends x >/dev/null@\n",
    "over lines": "FROM a\nRUN set -eux; \\\n apt-get update \\\n && apt-get install -y x \\\n @\n",
    "behind others": f"FROM a\nRUN ./setup && cd /opt && make && {UPDATE} && make clean@\n",
    "in between": f"FROM a\nRUN {UPDATE}@ && mkdir -p /app && chown -R app:app /app\n",
    "bash": f'FROM a\nSHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN {UPDATE}@\n',
    "root": f"FROM a\nUSER root\nRUN {UPDATE}@\nUSER app\n",
    "copies": f"FROM a\nRUN {UPDATE}@\nWORKDIR /app\nCOPY . .\nCOPY x /usr/local/bin/x\nCMD x\n",
    "plain steps": (
        f"FROM a\nENV V=1.2\nRUN {UPDATE}@\n"
        'RUN curl -fsSL "https://example.org/x-$V.tgz" | tar -xz -C /opt && ln -s /opt/x /opt/y\n'
        "RUN sed -i 's/a/b/g' /etc/x.conf && echo \"*.* done\" >> /etc/x.log && rm -rf /tmp/*\n"
        "RUN useradd -m -u 1000 app && git clone --depth 1 https://example.org/a /src\n"
    ),
    "again": f"FROM a\nRUN {UPDATE}@\nRUN {UPDATE} && make\nRUN ./any\n",
    "again behind plain steps": f"FROM a\nRUN {UPDATE}@\nRUN mkdir /x && apt-get update && make\n",
    "gone anyway": f"FROM a\nRUN {UPDATE}@\nRUN apt-get clean && rm -rf /var/lib/apt/lists/* /x\n",
    "two": f"FROM a\nRUN {UPDATE}@\nRUN {UPDATE}@\n",
    "other stage": f"FROM a AS b\nRUN {UPDATE}@\nFROM c\nCOPY --from=b /app /app\nRUN ./any\n",
    "built on": f"FROM a AS b\nRUN {UPDATE}@\nFROM b\nRUN mkdir /x\n",
    "stage of base": f"FROM a AS b\nRUN make\nFROM b\nRUN {UPDATE}@\n",
    "base's directory": f"FROM a\nRUN {UPDATE}@\nWORKDIR $SRC/x\nCOPY x.d/ $SRC/x/\nRUN mkdir y\n",
    "mounts": f"FROM a\nRUN --mount=type=cache,target=/root/.cache {UPDATE}@\n",
    "programs": f"FROM a\nENV PATH=/opt/bin:$PATH\nRUN {UPDATE}@\n",
}  # fmt: skip
#: The same, each wrong or not known to be right.
ATTACKS = {
    # whether it is reached, and by whom
    "or": f"FROM a\nRUN {UPDATE} || true@\n",
    "or before": "FROM a\nRUN true || apt-get update@\n",
    "no apt": "FROM a\nRUN make@\n",
    "failed apt": "FROM a\nRUN apt-get update; true@\n",
    "apt of others": "FROM a\nRUN apt-get -o Dir=/x update@\n",
    "apt by name": "FROM a\nRUN ./apt-get update@\n",
    "apt simulates": "FROM a\nRUN apt-get -s install x@\n",
    "apt with unknown words": "FROM a\nRUN apt-get install $X@\n",
    "pipe": "FROM a\nRUN echo x | apt-get update | cat@\n",
    "negated": "FROM a\nRUN ! apt-get update@\n",
    "subshell": "FROM a\nRUN (apt-get update@)\n",
    "condition": "FROM a\nRUN if true; then apt-get update@; fi\n",
    "background": "FROM a\nRUN apt-get update & wait@\n",
    "sudo": "FROM a\nRUN sudo apt-get update && sudo apt-get install -y x@\n",
    "user": f"FROM a\nUSER app\nRUN {UPDATE}@\n",
    "user of argument": f"FROM a\nARG U\nUSER $U\nRUN {UPDATE}@\n",
    "insecure": f"FROM a\nRUN --security=insecure {UPDATE}@\n",
    # what `rm` and the shell are
    "alias": f"FROM a\nRUN alias rm=true; {UPDATE}@\n",
    "function": f"FROM a\nRUN rm() {{ true; }}; {UPDATE}@\n",
    "trap": f"FROM a\nRUN trap 'cp -r /var/lib/apt/lists /x' EXIT; {UPDATE}@\n",
    "trap in quotes": f"FROM a\nRUN \"trap\" x EXIT && {UPDATE}@\n",
    "exec": f"FROM a\nRUN exec ./x && {UPDATE}@\n",
    "eval": f"FROM a\nRUN eval \"$X\" && {UPDATE}@\n",
    "sourced": f"FROM a\nRUN . ./x && {UPDATE}@\n",
    "variable command": f"FROM a\nRUN $X y && {UPDATE}@\n",
    "builtin": f"FROM a\nRUN builtin trap x EXIT && {UPDATE}@\n",
    "failglob": f'FROM a\nSHELL ["bash", "-c"]\nRUN shopt -s failglob && {UPDATE}@\n',
    "path": f"FROM a\nRUN PATH=/x && {UPDATE}@\n",
    "exported path": f"FROM a\nRUN export PATH=/x:$PATH; {UPDATE}@\n",
    "env path": f"FROM a\nENV PATH=/x\nRUN {UPDATE}@\n",
    "env path of argument": f"FROM a\nARG P\nENV PATH=$P:$PATH\nRUN {UPDATE}@\n",
    "copied rm": f"FROM a\nCOPY x /usr/local/bin/rm\nRUN {UPDATE}@\n",
    "copied programs": f"FROM a\nCOPY bin/ /usr/local/bin/\nRUN {UPDATE}@\n",
    "copied in path": f"FROM a\nENV PATH=/app/bin:$PATH\nCOPY . /app\nRUN {UPDATE}@\n",
    "copied root": f"FROM a\nCOPY rootfs /\nRUN {UPDATE}@\n",
    "rm in its folder": f"FROM a\nRUN cd /usr/local/bin && echo > rm\nRUN {UPDATE}@\n",
    "rm by steps": f"FROM a\nRUN cd /usr/local; cd bin; echo > rm\nRUN {UPDATE}@\n",
    "rm from a folder": f"FROM a\nWORKDIR /usr/bin\nRUN echo > rm\nRUN {UPDATE}@\n",
    "moved rm": f"FROM a\nRUN mv /x/rm /usr/local/bin/ && {UPDATE}@\n",
    "moved programs": f"FROM a\nRUN cp x/* /usr/local/bin/\nRUN {UPDATE}@\n",
    "copied to a folder": f"FROM a\nWORKDIR /usr/local/bin\nCOPY rm .\nRUN {UPDATE}@\n",
    "rm in a folder of its own": (
        f"FROM a\nENV PATH=/opt/t:$PATH\nRUN cd /opt/t && echo > rm\nRUN {UPDATE}@\n"
    ),
    "made rm": f"FROM a\nRUN echo exit 1 > /bin/rm && {UPDATE}@\n",
    "linked rm": f"FROM a\nRUN ln -sf /x /usr/bin/rm\nRUN {UPDATE}@\n",
    "bash env": f"FROM a\nENV BASH_ENV=/x\nRUN {UPDATE}@\n",
    "exported function": f"FROM a\nENV BASH_FUNC_rm%%=x\nRUN {UPDATE}@\n",
    "preload": f"FROM a\nENV LD_PRELOAD=/x.so\nRUN {UPDATE}@\n",
    "preload file": f"FROM a\nRUN echo /x.so > /etc/ld.so.preload\nRUN {UPDATE}@\n",
    "login shell": f'FROM a\nSHELL ["bash", "-lc"]\nRUN {UPDATE}@\n',
    "interactive shell": f'FROM a\nSHELL ["bash", "-i", "-c"]\nRUN {UPDATE}@\n',
    "other shell": f'FROM a\nSHELL ["/opt/sh", "-c"]\nRUN {UPDATE}@\n',
    "zsh": f'FROM a\nSHELL ["zsh", "-c"]\nRUN {UPDATE}@\n',
    "status": f"FROM a\nRUN {UPDATE}@; test $? = 0\n",
    # where the lists are
    "link": f"FROM a\nRUN ln -sfn /data /var/lib/apt/lists\nRUN {UPDATE}@\n",
    "link above": f"FROM a\nRUN mv /var/lib/apt /data && ln -s /data /var/lib/apt\nRUN {UPDATE}@\n",
    "link in parts": f"FROM a\nRUN cd /var && ln -s /data lib\nRUN {UPDATE}@\n",
    "link by a glob": f"FROM a\nRUN ln -sfn /data /v?r/lib/apt/lists\nRUN {UPDATE}@\n",
    "link by a variable": f"FROM a\nENV D=/var/lib\nRUN ln -sfn /d $D/apt/lists\nRUN {UPDATE}@\n",
    "link by quotes": f"FROM a\nRUN ln -sfn /data /v\"ar\"/lib/apt/lists\nRUN {UPDATE}@\n",
    "link in a script": f"FROM a\nRUN if true; then ln -s /d /var/lib/apt; fi\nRUN {UPDATE}@\n",
    "link in the same": f"FROM a\nRUN ln -sfn /data /var/lib/apt/lists && {UPDATE}@\n",
    "copied link": f"FROM a\nCOPY lists /var/lib/apt/lists\nRUN {UPDATE}@\n",
    "copied above": f"FROM a\nCOPY lib /var/lib/\nRUN {UPDATE}@\n",
    "workdir": f"FROM a\nWORKDIR /var/lib/apt/lists\nRUN {UPDATE}@\n",
    "mount": f"FROM a\nRUN --mount=type=cache,target=/var/lib/apt/lists {UPDATE}@\n",
    "mount in it": f"FROM a\nRUN --mount=type=bind,target=/var/lib/apt/lists/x {UPDATE}@\n",
    "mount above": f"FROM a\nRUN --mount=type=cache,target=/var/lib {UPDATE}@\n",
    "mount of programs": f"FROM a\nRUN --mount=type=bind,target=/usr/bin {UPDATE}@\n",
    "mount of an argument": f"FROM a\nARG X\nRUN --mount=type=bind,target=$X {UPDATE}@\n",
    # triggers
    "trigger": f"FROM a\nONBUILD RUN {UPDATE}@\n",
    "triggers run": f"FROM a AS b\nONBUILD RUN ./x\nRUN {UPDATE}@\nFROM b\n",
    "triggers before": f"FROM a AS b\nONBUILD RUN ln -s / /x\nFROM b\nRUN {UPDATE}@\n",
}  # fmt: skip
#: What sees the lists when it comes behind the removal, in a RUN of its own or in the same.
SEEING = (
    "ls -R /var > /x", "ls > /x", "du -s / > /x", "df > /x", "find . > /x", "./any", "make",
    "pip install x", "npm install", "bundle install", "sh -c 'mkdir /x'", "python x.py",
    "apt-get install -y git", "apt-get autoremove -y", "apt-cache search x", "dpkg -i x.deb",
    "cp -r /var/lib/apt/lists /x", "cp -r /var /x", "cp -r / /x", "cp -r . /x", "cp -r * /x",
    "cp -r /v*/lib /x", "cp -r /[v]ar /x", 'cp -r /v"a"r /x', "cp -r /v\\ar /x",
    "cp -r //var//lib/./apt /x", "cp -r /opt/../var/lib /x", "cp -r ../var /x", "cp -r var /x",
    "cp -r /proc/self/root/var /x", "cp -r /proc/1/r*/var /x", "cp -r ~ /x", "cp -r ~/../var /x",
    "cp -r $ALL /x", "cp -r $HIDDEN /x", "cp -r $PWD /x", "cp -r ${A}r/lib /x",
    "cp -t/x /var", "chmod -R 700 /var/lib", "chown -R app /", "mv /var/lib/apt /x",
    "ln -s /var/lib /x && cp -rL /x /y", "ln -s var/lib /x", "cd / && cp -r var /x",
    "cd /var && cp -r lib /x", "cd && cp -r x y", "cd - && cp -r x y", "tar -cf /x.tar /var",
    "tar cf /x.tar var", "tar -C / -cf /x.tar opt", "tar -cC/ -f /x.tar opt", "tar cTf list /x.tar",
    "tar -xf x.tar -C /opt --to-command=./x", "tar -xf x.tar", "tar -xf host:x.tar -C /opt",
    "tar -I ./x -xf y -C /opt", "unzip x.zip", "test -e /var/lib/apt/lists/x || touch /y",
    "[ -e /var/lib/apt/lists/lock ] && touch /y", "echo /var/lib/apt/lists/* > /x",
    "echo /v*r/lib/apt/lists/* > /x", "echo * > /x", "printf %s ~/*", "cat < /var/lib/apt/lists/x",
    "cat /var/lib/apt/lists/*Release > /x", "rm -r /var/lib/apt/lists/*",
    "rmdir /var/lib/apt/lists",
    "rm -rfv /var/lib/apt/lists > /x", "date -r /var/lib/apt/lists > /x",
    "touch -r /var/lib/apt /x",
    "sed -n 'r /var/lib/apt/lists/x' /y", "sed '1e ./any' /x", "sed 's/a/b/e' /x", "sed -f x /y",
    "sed 's/a/b/w /var/lib/apt/lists/x' /y", "sed -e 's/a/b/;e' /x", "grep -r x", "grep -r x /",
    "grep -f /var/lib/apt/lists/x /y", "sort --files0-from=x", "sha256sum -c x",
    "wc --files0-from=x",
    "curl file:///var/lib/apt/lists/x -o /y", "curl FILE:///v%61r/lib/apt/lists/lock -o /x",
    "curl -T /var/lib/apt/lists/x https://e", "curl -d @/var/lib/apt/lists/x https://e",
    "curl -K x", "curl https://e | sh", "curl https://$UNKNOWN/x", "wget -i x",
    "wget -e a=b https://e",
    "wget --config=x https://e", "git clone ext::./x /y", "git clone -c core.hooksPath=x https://e",
    "git clone --template=x https://e", "git status", "git config --global core.hooksPath /x",
    "xargs cat", "env X=1 make", "nice make", "sudo mkdir /x", "command mkdir /x", "eval x",
    "mkdir $(cat x)", "mkdir `ls /var`", "for i in /var/lib/apt/lists/*; do echo $i; done > /x",
    "cat <<E > /x\n$(ls /var/lib/apt/lists)\nE", "PATH=/x mkdir /y",
    "TAR_OPTIONS=x tar -xf y -C /z",
    "A=/var && cp -r $A /x", "read OPT && cp -r $OPT /x", "printf -v OPT /var && cp -r $OPT /x",
    "export OPT=/var && cp -r $OPT /x", "install -D /var/lib/apt/lists/x /y",
    "ldconfig /var/lib/apt/lists",
    "apt-get update; make", "apt-get update || true", "apt-get update | cat && make", "bash x",
    "./mkdir /x", "bin/mkdir /x", "/opt/bin/mkdir /x", "cp x /usr/bin/mkdir && mkdir /x",
    "cd /usr/local/bin && echo x > mkdir && chmod +x mkdir && mkdir /y",
    "apt-get update > /log", "apt-get -o x=y update", "[[ -e /var/lib/apt/lists/x ]]",
    "mkdir -p {/var/lib/apt/lists,/x}", "cp -r /v{a,b}r /x", "cp -r /${V:-var} /x", "cat $'/var'",
)  # fmt: skip
#: Instructions that see, or may see, the lists.
LATER = (
    "WORKDIR /var/lib/apt/lists/partial", "WORKDIR /var/lib/apt\nRUN cp -r lists /x",
    "COPY x /var/lib/apt/lists/", "COPY x /var/", "COPY x /", "COPY x $W", "ADD x.tar /",
    "SHELL [\"/x\", \"-c\"]\nRUN mkdir /x", "SHELL [\"bash\", \"-lc\"]\nRUN mkdir /x",
    "RUN [\"ls\", \"-R\", \"/\"]", "RUN [\"mkdir\", \"/x\"]", "RUN <<E\n#!/bin/sh\nmkdir /x\nE",
    "COPY mkdir /usr/local/bin/\nRUN mkdir /x",
    "COPY bin /opt/bin\nENV PATH=/opt/bin:$PATH\nRUN mkdir /x",
    "ENV BASH_ENV=/x\nRUN mkdir /x", "ENV PS4='$(ls /var)'\nRUN set -x && mkdir /x",
    "ENV TAR_OPTIONS=--to-command=./x\nRUN tar -xf x -C /opt", "ARG X=/a\nRUN cp -r $X /x",
    "ARG X=/a\nWORKDIR $X\nRUN cp -r a /x", "COPY .curlrc /root/.curlrc\nRUN curl -O https://e",
    "COPY gitconfig /root/.gitconfig\nRUN git clone https://e", "FROM b\nRUN ./any",
    "FROM c\nCOPY --from=b /var /x", "FROM c\nCOPY --from=b / /x", "FROM c\nCOPY --from=b /v* /x",
    "FROM c\nCOPY --from=b /var/lib/apt/lists /x", "FROM c\nCOPY --from=0 . /x",
    "FROM b AS d\nFROM d\nRUN ./any",
    "FROM c\nRUN --mount=from=b,target=/x ./any",
    "FROM c\nRUN --mount=type=cache,from=b,target=/x ./any",
    "FROM c\nRUN --mount=from=b,source=/var/lib,target=/x ./any",
    "FROM c\nARG X=/a\nCOPY --from=b $X /x",
    "FROM c\nCOPY --from=b $Y /x", "FROM b AS e\nRUN mkdir /x\nFROM e\nRUN ./any",
    "RUN --mount=type=bind,from=b,target=/bin mkdir /x", "RUN --mount=target=$Z mkdir /x",
)  # fmt: skip


def verdict(text, contract=LISTS, before=None, context=None):
    """What the plan says of a removal that is put at each `@`."""
    texts = text.replace("@", "") if before is None else before, text.replace("@", REMOVAL)
    documents = [Document(Source("D", one.encode())) for one in texts]
    return decided(*documents, contract, context)


@pytest.mark.parametrize("name", RIGHT)
def test_a_removal_is_taken(name):
    told = verdict(RIGHT[name])

    assert told is not None
    assert (told.level, told.assumed, told.is_planned) == (Level.DECLARED, ASSUMED, True)
    assert [one.why for one in told.declared] == ["gone: /var/lib/apt/lists/**"]


@pytest.mark.parametrize("name", RIGHT)
def test_it_takes_a_contract(name):
    assert verdict(RIGHT[name], SAME_IMAGE) is None
    assert verdict(RIGHT[name], Contract(gone=("/var/lib/apt/lists/*", "/var/cache/**"))) is None


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_left_to_a_build(name):
    assert verdict(ATTACKS[name]) is None


SETTINGS = "ENV ALL=/ HIDDEN='/opt /var' A=/va OPT=/opt\n"


@pytest.mark.parametrize("command", SEEING)
def test_what_may_see_the_lists_is_left_to_a_build(command):
    assert verdict(f"FROM a AS b\n{SETTINGS}RUN {UPDATE}@\nRUN {command}\n") is None
    if "apt-get update" not in command:
        assert verdict(f"FROM a AS b\n{SETTINGS}RUN {UPDATE}@ && {command}\n") is None


@pytest.mark.parametrize("later", LATER)
def test_a_later_instruction_that_sees_is_left_to_a_build(later):
    assert verdict(f"FROM a AS b\nRUN {UPDATE}@\n{later}\n") is None


def test_a_stage_by_an_argument_may_be_any():
    text = f"ARG X=c\nFROM a AS b\nRUN {UPDATE}@\nFROM $X\nRUN ./any\n"

    assert verdict(text) is None
    assert verdict(text.replace("FROM $X", "FROM c")) is not None


@pytest.mark.parametrize(
    "removal",
    [
        " && rm -rf /var/lib/apt/lists", " && rm -rf /var/lib/apt/*",
        " && rm -rf /var/lib/apt/lists/* /x",
        " && rm -rf $X/var/lib/apt/lists/*", " && rm -rf /var/lib/apt/lists/.*",
        "; rm -rf /var/lib/apt/lists/*",
        " || rm -rf /var/lib/apt/lists/*", " && rm -rf /var/lib/apt/lists/* > /x",
        " && sudo rm -rf /var/lib/apt/lists/*", " && X=1 rm -rf /var/lib/apt/lists/*",
        " && rm -rfv /var/lib/apt/lists/*", " && rm -r /var/lib/apt/lists/*",
        " && rm -rf '/var/lib/apt/lists/*'",
        " && rm -rf /var/lib/apt/lists/* && rm -rf /opt", " && ./rm -rf /var/lib/apt/lists/*",
        " | rm -rf /var/lib/apt/lists/*", " & rm -rf /var/lib/apt/lists/*",
        " && (rm -rf /var/lib/apt/lists/*)",
    ],
)  # fmt: skip
def test_another_removal_is_left_to_a_build(removal):
    before = f"FROM a\nRUN {UPDATE}\n"

    assert verdict(f"FROM a\nRUN {UPDATE}{removal}\n", before=before) is None


@pytest.mark.parametrize(
    ("old", "new"), [("-y curl", "-y git"), ("RUN", "RUN --network=none"), ("FROM a", "FROM b"),
                     ("apt-get update && ", ""), ("\n", "\nUSER app\n"), ("RUN", "ENV A=b\nRUN")],
)  # fmt: skip
def test_nothing_else_may_differ(old, new):
    before = f"FROM a\nRUN {UPDATE}\n"
    after = f"FROM a\nRUN {UPDATE}@\n".replace(old, new, 1)

    assert verdict(after, before=before) is None


@pytest.mark.parametrize("name", RIGHT)
def test_wrong_edits_are_left_to_a_build(name):
    before, after = RIGHT[name].replace("@", ""), RIGHT[name].replace("@", REMOVAL)
    found = [one for one in mutants(after) if one.after != after]

    taken = {one.kind for one in found if verdict(one.after, before=before) is not None}

    # A comment undoes the removal; ADD of the context itself unpacks nothing.
    assert found
    assert taken <= {"comment out", "COPY to ADD"}


@pytest.mark.parametrize("name", ["at the end", "two"])
@pytest.mark.parametrize("letter", ["", " ", "/", "*", ";", "x", "$", "!"])
def test_no_letter_may_differ(name, letter):
    before, after = RIGHT[name].replace("@", ""), RIGHT[name].replace("@", REMOVAL)
    edits = [after[:at] + letter + after[at + (not letter) :] for at in range(len(after))]

    taken = [one for one in edits if verdict(one, before=before) is not None]

    assert all("".join(one.split()) == "".join(after.split()) for one in taken)


def test_one_file_lands_where_a_folder_would_hide_more(tmp_path):
    (tmp_path / "start.sh").write_text("#!/bin/sh\n")
    (tmp_path / "rm").write_text("#!/bin/sh\n")
    (tmp_path / "folder").mkdir()
    context = context_of(Source("D", b""), str(tmp_path))

    def told(copy):
        return verdict(f"FROM a\n{copy}\nRUN {UPDATE}@\nRUN mkdir /x\n", context=context)

    assert told("COPY start.sh /") is not None
    assert told("COPY start.sh /usr/local/bin/") is not None
    assert told("COPY folder /") is None
    assert told("COPY gone /") is None
    assert told("COPY rm /usr/local/bin/") is None
    assert told("COPY *.sh /") is None


@pytest.mark.parametrize(
    ("path", "is_apart_from_it", "is_out_of_it"),
    [
        ("/opt", True, True), ("/var/cache", True, True), ("/var", False, True), ("/", False, True),
        ("/var/lib/apt/lists", False, False), ("/var/lib/apt/lists/x", False, False),
        ("/var/lib/apt/listsx", True, True), ("/dev/null", True, True), ("/dev/fd/3", False, True),
        ("opt", False, False),
    ],
)  # fmt: skip
def test_paths(path, is_apart_from_it, is_out_of_it):
    assert is_apart(path, "/var/lib/apt/lists") is is_apart_from_it
    assert is_outside(path, "/var/lib/apt/lists") is is_out_of_it


@pytest.fixture(scope="module")
def verifier_with_apt(session, request_of, tmp_path_factory, busybox_layout):
    """What builds on an image in which an apt-get stands in for the real one."""
    place = str(tmp_path_factory.mktemp("tools"))
    base = make_bases(place, str(busybox_layout), STAND_INS)["base"]
    contexts = tuple(NamedContext(name, f"oci-layout://{base}") for name in "ac")
    return ImageVerifier(session, request=request_of(named_contexts=contexts))


#: Files of which a build says the same as the plan, and attacks that a build refuses.
BUILT = (
    RIGHT["at the end"],
    f"FROM a\nRUN {UPDATE}@ && mkdir -p /app && chmod 700 /app\n",
    f"FROM a\nRUN {UPDATE}@\nRUN {UPDATE} && ls -R /var/lib/apt > /x\n",
    RIGHT["gone anyway"],
    RIGHT["two"],
    f"FROM a AS b\nRUN {UPDATE}@ && mkdir /app && echo 1 > /app/x\nFROM c\nCOPY --from=b /app /x\n",
)
REFUSED = (
    f"FROM a\nRUN {UPDATE}@\nRUN ls -R /var/lib/apt > /x\n",
    f"FROM a\nRUN {UPDATE}@\nRUN cp -r /v*r/lib/apt /x\n",
    f"FROM a\nRUN mkdir -p /data /var/lib/apt; ln -sfn /data /var/lib/apt/lists\nRUN {UPDATE}@\n",
    f"FROM a\nRUN trap 'ls /var/lib/apt/lists > /x' EXIT; {UPDATE}@\n",
    f"FROM a\nRUN rm() {{ echo > /x; }}; {UPDATE}@\n",
    f"FROM a\nRUN {UPDATE}@\nRUN cp -r /proc/self/root/var/lib/apt /x\n",
    f"FROM a AS b\nRUN {UPDATE}@\nFROM c\nCOPY --from=b /var /x\n",
)


@pytest.mark.parametrize("text", BUILT)
def test_a_build_agrees(verifier_with_apt, text):
    texts = text.replace("@", ""), text.replace("@", REMOVAL)

    built = verifier_with_apt.compare(*texts, LISTS)

    assert verdict(text) is not None
    assert built.is_accepted, built.sentences


@pytest.mark.parametrize("text", REFUSED)
def test_a_build_refuses_an_attack(verifier_with_apt, text):
    texts = text.replace("@", ""), text.replace("@", REMOVAL)

    built = verifier_with_apt.compare(*texts, LISTS)

    assert verdict(text) is None
    assert built.level is Level.DIFFERENT
