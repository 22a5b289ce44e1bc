"""The options of `dflint build`, with the names that docker's users know, and its help."""

from __future__ import annotations

from dflint.cli.docker_flags import Flag
from dflint.cli.flag_help import flag_lines

PROGRESS = ("auto", "plain", "tty", "quiet", "none", "json", "rawjson")
_DOCKERFILE = (
    Flag("--file", "FILE", "the Dockerfile, `-` for standard input (default: CONTEXT/Dockerfile)",
         "-f"),
    Flag("--build-arg", "NAME[=VALUE]", "a build argument; without a value, that of the "
         "environment"),
    Flag("--target", "STAGE", "the stage to build (default: the last)"),
    Flag("--platform", "LIST", "the platforms to build for, such as `linux/amd64`"),
    Flag("--build-context", "NAME=PLACE", "another context: a directory, a URL, "
         "`docker-image://IMAGE`, `oci-layout://DIR[:TAG][@DIGEST]`, "
         "`docker-archive:FILE[:NAME]`, `oci-archive:FILE[:NAME]`"),
)  # fmt: skip
_IMAGE = (
    Flag("--tag", "NAME[:TAG]", "a name for the image (default tag: latest)", "-t"),
    Flag("--label", "KEY=VALUE", "a label of the image"),
    Flag("--annotation", "[LEVEL:]KEY=VALUE", "an annotation of the image; levels are manifest, "
         "index, manifest-descriptor, index-descriptor"),
    Flag("--output", "SPEC", "where the result goes: `type=oci|docker|tar|local|image,dest=…`, a "
         "directory, or `-` for a tar on standard output (default: the store)", "-o"),
    Flag("--load", "", "keep the image in the store (which is the default)"),
    Flag("--push", "", "send the image to its registry"),
    Flag("--iidfile", "FILE", "write the image's id to a file"),
    Flag("--metadata-file", "FILE", "write what was made to a file, as JSON"),
    Flag("--provenance", "BOOL", "only `false`: no provenance is made"),
    Flag("--sbom", "BOOL", "only `false`: no bill of materials is made"),
    Flag("--attest", "SPEC", "only with `disabled=true`: no attestations are made"),
)  # fmt: skip
#: How steps run, for every verb that builds.
STEPS = (
    Flag("--secret", "SPEC", "a secret for RUN: `id=NAME[,src=FILE|,env=VARIABLE]`"),
    Flag("--ssh", "ID[=PATH,…]", "an SSH agent's socket for RUN, or keys: `default`, `ID=PATH`"),
    Flag("--add-host", "HOST:IP", "a line of /etc/hosts for RUN"),
    Flag("--network", "MODE", "the network of RUN: `default`, `host` or `none`"),
    Flag("--allow", "NAME", "grant `network.host` or `security.insecure` to steps that ask for it"),
)
_STEPS = (
    *STEPS,
    Flag("--shm-size", "BYTES", "the size of /dev/shm for RUN, such as `128m`"),
    Flag("--ulimit", "NAME=SOFT[:HARD]", "a resource limit for RUN"),
    Flag("--cgroup-parent", "NAME", "the cgroup under which RUN runs"),
)  # fmt: skip
_CACHE = (
    Flag("--no-cache", "", "run every step"),
    Flag("--no-cache-filter", "STAGES", "run every step of these stages"),
    Flag("--pull", "", "ask registries for images even if the store has them"),
    Flag(
        "--cache-from",
        "SPEC",
        "read cached steps: `type=registry,ref=IMAGE`, or `type=local,src=DIR[,tag=NAME]`",
    ),
    Flag(
        "--cache-to",
        "SPEC",
        "write cached steps: `type=registry,ref=IMAGE[,mode=max]`, "
        "`type=local,dest=DIR[,mode=max]`, or `type=inline`",
    ),
)
_RUN = (
    Flag("--progress", "KIND", "how to show the work: " + ", ".join(PROGRESS)),
    Flag("--quiet", "", "print the image's id, and nothing else", "-q"),
    Flag("--check", "", "the same as `--call=check`"),
    Flag("--call", "NAME[,format=F]", "build nothing; `check` the Dockerfile, or tell its "
         "`outline` or `targets`"),
    Flag("--store", "DIR", "where images and layers are kept (default: $DFLINT_STORE, else "
         "$XDG_DATA_HOME/dflint/store)"),
    Flag("--store-limit", "SIZE", "how large the store may become, 0 for any size (default: "
         "$DFLINT_STORE_LIMIT, else 20g)"),
    Flag("--engine", "NAME", "what builds: `native`, dflint itself (default), or `buildx`, "
         "`docker`, `podman`, `buildah`"),
    Flag("--builder", "NAME", "the builder of `--engine buildx`"),
    Flag("--executor", "NAME", "what runs steps: `auto`, `namespaces`, `runc`, `crun`, `bwrap`"),
    Flag("--snapshotter", "NAME", "what layers file systems: `auto`, `overlay`, `copying`"),
    Flag("--jobs", "N", "how many steps run at once (default: by the number of processors)", "-j"),
    Flag("--debug", "", "show the traceback of an error", "-D"),
    Flag("--help", "", "print this", "-h"),
)  # fmt: skip
_GROUPS = (
    ("what is built", _DOCKERFILE),
    ("what comes out", _IMAGE),
    ("how steps run", _STEPS),
    ("the cache", _CACHE),
    ("the run", _RUN),
)
FLAGS = tuple(flag for _, flags in _GROUPS for flag in flags)


def help_text() -> str:
    """What `dflint build --help` prints."""
    lines = ["usage: dflint build [OPTIONS] CONTEXT", "", "Builds an image from a Dockerfile."]
    lines += ["CONTEXT is a directory, a URL, or `-` for a tar or a Dockerfile on standard input."]
    lines += flag_lines(_GROUPS)
    lines += ["", "exit status: 0 built, 1 the build failed, 2 wrong usage, 130 interrupted"]
    return "\n".join(lines) + "\n"
