"""The command line of `dflint build`, and the values that come of it."""

from __future__ import annotations

import pytest

from dflint.build.request import (
    Annotation,
    CacheLocation,
    Call,
    ExtraHost,
    NamedContext,
    Output,
    Secret,
    Ulimit,
)  # fmt: skip
from dflint.cli.build import progress_kind
from dflint.cli.build_options import FLAGS, help_text
from dflint.cli.build_request import read_request
from dflint.cli.build_values import default_store
from dflint.cli.docker_flags import read_flags
from dflint.errors import UsageError
from dflint.oci.platform import Platform


def request(*words, **environment):
    return read_request(read_flags([*words, "."], FLAGS), environment)


def problem(*words, **environment):
    with pytest.raises(UsageError) as caught:
        request(*words, **environment)
    return str(caught.value)


def test_options_are_written_in_all_of_dockers_ways():
    given = read_flags(
        ["-t", "a", "-tb", "-t=c", "--tag", "d", ".", "--tag=e", "-qD", "--pull=false", "--", "-x"],
        FLAGS,
    )

    assert given.all("--tag") == ["a", "b", "c", "d", "e"]
    assert given.is_on("--quiet")
    assert given.is_on("--debug")
    assert not given.is_on("--pull")
    assert given.arguments == [".", "-x"]


def test_a_lone_dash_is_an_argument_and_a_value():
    given = read_flags(["-f", "-", "-o", "-", "-"], FLAGS)

    assert (given.last("--file"), given.last("--output")) == ("-", "-")
    assert given.arguments == ["-"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--tagg", "x"], "unknown option `--tagg`; did you mean `--tag`?"),
        (["-Z"], "unknown option `-Z`"),
        (["--tag"], "--tag: expected NAME[:TAG], found the end"),
        (["--pull=maybe"], "--pull: expected `true` or `false`, found `maybe`"),
    ],
)
def test_what_is_no_option_is_named(words, message):
    with pytest.raises(UsageError) as caught:
        read_flags(words, FLAGS)

    assert str(caught.value).startswith(message)


def test_help_tells_every_option_within_the_width_of_a_line():
    text = help_text()

    assert all(f" {flag.name}" in text for flag in FLAGS)
    assert max(map(len, text.splitlines())) <= 100


def test_a_plain_request_goes_to_the_store():
    found = request(HOME="/home/u")

    assert found.context == "."
    assert found.outputs == (Output("image"),)
    assert found.call is Call.BUILD
    assert (found.network, found.executor, found.snapshotter, found.jobs) == (
        "default", "auto", "auto", None,
    )  # fmt: skip


def test_exactly_one_context_is_expected():
    assert problem("a") == "expected one context (a directory, a URL or `-`), found `a` `.`"
    with pytest.raises(UsageError, match="found none"):
        read_request(read_flags([], FLAGS), {})


def test_standard_input_is_one_thing():
    with pytest.raises(UsageError, match="both the context"):
        read_request(read_flags(["-f", "-", "-"], FLAGS), {})


def test_tags_are_whole_references():
    found = request("-t", "app", "-t", "reg.example:5000/a/b:1", "-t", "app:latest")

    assert found.tags == ("docker.io/library/app:latest", "reg.example:5000/a/b:1")
    assert found.outputs[0].names == found.tags


def test_bad_tags_are_refused_with_dockers_words():
    assert problem("-t", "App").endswith("(library/App) must be lowercase")
    assert "found the digest" in problem("-t", "a@sha256:" + "0" * 64)


def test_build_arguments_come_from_the_environment_when_they_have_no_value():
    found = request(
        "--build-arg", "A=1", "--build-arg", "B", "--build-arg", "C", "--build-arg", "A=x=y", B="2"
    )

    assert found.build_args == (("A", "x=y"), ("B", "2"))


def test_the_source_date_of_the_environment_is_a_build_argument():
    assert request(SOURCE_DATE_EPOCH="7").build_args == (("SOURCE_DATE_EPOCH", "7"),)
    args = request("--build-arg", "SOURCE_DATE_EPOCH=1", SOURCE_DATE_EPOCH="7").build_args
    assert args == (("SOURCE_DATE_EPOCH", "1"),)


def test_labels_and_empty_names():
    assert request("--label", "a=b=c", "--label", "d").labels == (("a", "b=c"), ("d", ""))
    assert problem("--label", "=x") == "--label: expected a name before `=`, found `=x`"
    assert problem("--build-arg", "=x") == "--build-arg: expected a name before `=`, found `=x`"


def test_platforms_are_listed_once():
    found = request("--platform", "linux/amd64,linux/arm64", "--platform", "linux/x86_64")

    assert found.platforms == (Platform("linux", "amd64"), Platform("linux", "arm64"))
    assert "unknown operating system or architecture" in problem("--platform", "foo")


def test_named_contexts_have_the_names_that_users_write(tmp_path):
    found = request(
        "--build-context", f"docker.io/library/alpine:latest={tmp_path}",
        "--build-context", "alpine:3=docker-image://busybox",
    )  # fmt: skip

    assert found.named_contexts == (
        NamedContext("alpine", str(tmp_path)),
        NamedContext("alpine:3", "docker-image://busybox"),
    )
    assert problem("--build-context", "x") == "--build-context: expected `name=value`, found `x`"
    missing = tmp_path / "no"
    assert f"found `{missing}`" in problem("--build-context", f"x={missing}")


def test_secrets_name_a_file_or_a_variable(tmp_path):
    file = tmp_path / "a,b"
    file.write_text("x")

    found = request(
        "--secret", f'id=one,"src={file}"', "--secret", "id=two,env=TWO",
        "--secret", "id=three,type=env", "--secret", "type=env,id=four,src=FOUR",
        "--secret", "id=five", five="5",
    )  # fmt: skip

    assert found.secrets == (
        Secret("one", file=str(file)), Secret("two", variable="TWO"),
        Secret("three", variable="three"), Secret("four", variable="FOUR"),
        Secret("five", variable="five"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "--secret: expected `key=value`, found `x`"),
        ("src=x", "--secret: expected `id=NAME`, found `src=x`"),
        ("id=x,foo=y", "--secret: expected id, type, src or env, found `foo`"),
        ("id=x,type=y", "--secret: expected the type `file` or `env`, found `y`"),
        ("id=x,src=/nope", "--secret id=x: expected a file, found nothing at `/nope`"),
        ('id=x"', '--secret: expected comma-separated fields, found `id=x"`: '
         'parse error on line 1, column 5: bare " in non-quoted-field'),
    ],
)  # fmt: skip
def test_secrets_that_cannot_be(text, message):
    assert problem("--secret", text) == message


def test_a_time_of_an_output_is_a_number():
    message = problem("--output", "type=oci,dest=x,source-date-epoch=soon")
    assert "source-date-epoch: expected seconds since 1970, found `soon`" in message


def test_hosts_networks_and_grants():
    found = request(
        "--add-host", "a:1.2.3.4", "--add-host", "b=::1,c:[::2]", "--add-host", "g:host-gateway",
        "--network", "none", "--allow", "network.host,security.insecure",
    )  # fmt: skip

    assert found.extra_hosts == (
        ExtraHost("a", "1.2.3.4"), ExtraHost("b", "::1"), ExtraHost("c", "::2"),
        ExtraHost("g", "127.0.0.1"),
    )  # fmt: skip
    assert found.network == "none"
    assert found.entitlements == {"network.host", "security.insecure"}
    assert request("--network=host").entitlements == {"network.host"}
    assert request("--network=none").entitlements == frozenset()
    assert problem("--add-host", "a:zz") == "--add-host: expected `name:address`, found `a:zz`"
    assert "found `bridge`" in problem("--network", "bridge")
    assert "found `device`" in problem("--allow", "device")


@pytest.mark.parametrize(
    ("text", "size"),
    [("1024", 1024), ("64m", 64 << 20), ("1.5g", 3 << 29), ("2GiB", 2 << 30), ("8kb", 8192)],
)
def test_sizes_are_in_powers_of_1024(text, size):
    assert request("--shm-size", text).shm_size == size


def test_limits():
    found = request("--ulimit", "nofile=10:20", "--ulimit", "core=-1", "--shm-size", "1m")

    assert found.ulimits == (Ulimit("nofile", 10, 20), Ulimit("core", -1, -1))
    assert "found `nofile`" in problem("--ulimit", "nofile")
    assert "found `foo`" in problem("--ulimit", "foo=1")
    assert "at most the hard one" in problem("--ulimit", "nofile=5:2")
    assert problem("--shm-size", "x") == "--shm-size: expected a size such as `128m`, found `x`"


def test_annotations_have_levels_and_platforms():
    found = request(
        "--annotation", "a=b", "--annotation", "index,manifest:c=d:e",
        "--annotation", "manifest-descriptor[linux/arm64]:f=g",
    ).annotations  # fmt: skip

    assert found == (
        Annotation("manifest", "a", "b"), Annotation("index", "c", "d:e"),
        Annotation("manifest", "c", "d:e"),
        Annotation("manifest-descriptor", "f", "g", Platform("linux", "arm64")),
    )  # fmt: skip
    assert problem("--annotation", "x") == "--annotation: expected `key=value`, found `x`"
    assert "found `layer`" in problem("--annotation", "layer:x=y")


def test_outputs_in_long_and_short_forms(tmp_path):
    place = str(tmp_path / "x")

    assert request("-o", place).outputs == (Output("local", place),)
    assert request("-o", "-").outputs == (Output("tar", "-"),)
    assert request("-o", f"type=oci,dest={place}").outputs == (Output("oci", place),)
    assert request("-o", "type=tar").outputs == (Output("tar", "-"),)
    assert request("-o", "type=docker").outputs == (Output("image"),)
    assert request("-o", "type=cacheonly").outputs == ()
    assert request("-o", "type=cacheonly", "-o", "-").outputs == (Output("tar", "-"),)


def test_every_field_of_an_output_is_read(tmp_path):
    place = str(tmp_path / "x")
    spec = (
        f'type=oci,dest={place},"name=a,b:2",tar=false,compression=zstd,compression-level=3,'
        "force-compression=true,oci-mediatypes=false,rewrite-timestamp=1,source-date-epoch=,"
        "annotation.k=v,annotation-index.org.x=y,annotation-manifest[linux/arm64].z.q=1"
    )

    assert request("-o", spec).outputs == (
        Output(
            "oci", place, names=("docker.io/library/a:latest", "docker.io/library/b:2"),
            is_directory=True, compression="zstd", compression_level=3, force_compression=True,
            oci_media_types=False, rewrite_timestamp=True, source_date_epoch="",
            annotations=(
                Annotation("manifest", "k", "v"), Annotation("index", "org.x", "y"),
                Annotation("manifest", "z.q", "1", Platform("linux", "arm64")),
            ),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("dest=x,tar=true", "--output: expected `type=…`, found `dest=x,tar=true`"),
        ("type=foo", "--output: expected the type oci, docker, tar, local, cacheonly or "
         "image, found `foo`"),
        ("type=cacheonly,dest=x", "--output type=cacheonly: expected no more fields, found "
         "`dest`"),
        ("type=local", "--output type=local: expected a directory in `dest=`"),
        ("type=oci,tar=false", "--output type=oci: expected a directory in `dest=`"),
        ("type=oci,compression=lz4", "--output compression: expected uncompressed, gzip or zstd, "
         "found `lz4`"),
        ("type=local,dest=x,foo=1", "--output type=local: unknown field `foo`: expected one of "
         "dest, platform-split, source-date-epoch"),
        ("type=oci,push=true", "--output type=oci: unknown field `push`: expected one of dest, "
         "tar, name, compression, compression-level, force-compression, oci-mediatypes, "
         "rewrite-timestamp, source-date-epoch, annotation.*"),
        ("type=tar,compression=gzip", "--output type=tar: unknown field `compression`: expected "
         "one of dest, platform-split, source-date-epoch"),
        ("type=tar,annotation.a=b", "--output type=tar: unknown field `annotation.a`: expected "
         "one of dest, platform-split, source-date-epoch"),
        ("type=docker,context=x", "--output type=docker: the field `context` is not supported: "
         "there is no daemon to load the image into"),
        ("type=local,dest=x,attestation-prefix=a", "--output type=local: the field "
         "`attestation-prefix` is not supported: attestations are not made"),
        ("type=image,unpack=maybe", "--output unpack: expected `true` or `false`, found `maybe`"),
        ("type=image,store=x", "--output store: expected `true` or `false`, found `x`"),
        ("type=image,push-by-digest=true,push=true,name=a:1", "--output push-by-digest: expected "
         "no tag, found `docker.io/library/a:1`"),
        ("type=oci,compression-level=10", "--output compression-level: expected -1 to 9 for gzip, "
         "found `10`"),
        ("type=oci,compression-level=-1,compression=zstd", "--output compression-level: expected "
         "0 to 22 for zstd, found `-1`"),
        ("type=image,annotationx.y=z", "--output type=image: unknown field `annotationx.y`: "
         "expected one of name, compression, compression-level, force-compression, "
         "oci-mediatypes, rewrite-timestamp, source-date-epoch, push, push-by-digest, "
         "registry.insecure, store, unpack, name-canonical, dangling-name-prefix, annotation.*"),
        ("type=oci,dest=/", "--output dest: expected a file, found a directory at `/`"),
        ("type=image,dest=x", "--output type=image: expected no destination, found `dest`"),
        ("type=oci,compression-level=x", "--output compression-level: expected a number, "
         "found `x`"),
        ("type=oci,annotation=x", "--output: expected `annotation.KEY=VALUE`, "
         "found `annotation=x`"),
    ],
)  # fmt: skip
def test_outputs_that_cannot_be(spec, message):
    assert problem("-o", spec) == message


def test_every_field_of_an_image_is_read():
    spec = (
        "type=registry,name=x.test/a,push-by-digest=true,registry.insecure=true,store=false,"
        "unpack=false,name-canonical=true,dangling-name-prefix=x.test/b"
    )
    assert request("-o", spec).outputs == (
        Output(
            "image", names=("x.test/a:latest",), is_pushed=True, is_pushed_by_digest=True,
            is_insecure=True, is_stored=False, has_canonical_names=True,
            dangling_prefix="x.test/b",
        ),
    )  # fmt: skip


def test_push_and_load_name_the_store():
    pushed = request("--push", "-t", "x.example/a").outputs
    assert pushed == (Output("image", names=("x.example/a:latest",), is_pushed=True),)
    assert request("--load").outputs == (Output("image"),)
    assert "expected a name" in problem("--push")
    assert [one.type for one in request("--load", "-o", "type=tar").outputs] == ["tar", "image"]


def test_standard_output_has_one_use():
    assert "found several" in problem("-o", "-", "-o", "type=oci")


def test_caches_are_in_directories_registries_and_images():
    found = request(
        *("--cache-from", "type=local,src=a,tag=t", "--cache-from", "user/app:cache"),
        *("--cache-to", "type=local,dest=b,mode=max", "--cache-to", "type=inline"),
        *(
            "--cache-to",
            "type=registry,ref=r.example/c,image-manifest=false,registry.insecure=true",
        ),
    )
    assert found.cache_from == (
        CacheLocation("a", tag="t"),
        CacheLocation("user/app:cache", "registry"),
    )
    assert found.cache_to == (
        CacheLocation("b", mode="max"),
        CacheLocation("", "inline"),
        CacheLocation("r.example/c", "registry", is_image_manifest=False, is_insecure=True),
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--cache-from", "type=inline"), "expected the type `local` or `registry`"),
        (("--cache-to", "type=gha"), "expected the type `local`, `registry` or `inline`"),
        (("--cache-to", "type=local,src=a"), "expected `dest=DIR`"),
        (("--cache-to", "type=registry"), "expected `ref=IMAGE`"),
        (("--cache-to", "type=registry,ref=A"), "must be lowercase"),
        (("--cache-to", "type=registry,ref=a,mode=all"), "expected `min` or `max`"),
        (("--cache-to", "type=registry,ref=a,x=y"), "unknown field `x`"),
        (("--cache-to", "type=registry,ref=a,compression=lz4"), "found `lz4`"),
        (("--cache-to", "type=registry,ref=a,oci-mediatypes=false"), "image-manifest=false"),
        (("--cache-to", "type=local,dest=a,oci-mediatypes=false"), "image-manifest=false"),
        (("--cache-to", "type=registry,ref=a,ignore-error=maybe"), "ignore-error"),
    ],
)
def test_caches_that_are_not_to_be_had(words, expected):
    assert expected in problem(*words)


def test_attestations_are_accepted_only_to_be_left_out():
    assert request("--provenance=false", "--sbom=0", "--attest", "type=sbom,disabled=true")
    expected = "--provenance: attestations are not made: expected `false`"
    assert problem("--provenance=true") == expected
    assert problem("--provenance=mode=max") == expected
    assert problem("--attest", "type=sbom").startswith("--attest: attestations are not made")


def test_calls():
    assert request("--check").call is Call.CHECK
    assert request("--call", "lint").call is Call.CHECK
    found = request("--call", "outline,format=json")
    assert (found.call, found.call_format) == (Call.OUTLINE, "json")
    assert "found `foo`" in problem("--call", "foo")
    assert "found `--call=outline`" in problem("--check", "--call", "outline")


def test_an_id_file_needs_an_image(tmp_path):
    assert problem("--iidfile", "i", "-o", str(tmp_path / "d")).startswith("--iidfile: expected")


def test_where_the_store_is():
    assert request("--store", "s", DFLINT_STORE="/e").store == "s"
    assert default_store({"DFLINT_STORE": "/e", "XDG_DATA_HOME": "/x"}) == "/e"
    assert default_store({"XDG_DATA_HOME": "/x"}) == "/x/dflint/store"
    assert default_store({"XDG_DATA_HOME": "x"}).endswith("/.local/share/dflint/store")


def test_the_kind_of_progress():
    def kind(*words, is_terminal=False, **environment):
        return progress_kind(read_flags(words, FLAGS), environment, is_terminal)

    assert kind() == "plain"
    assert kind(is_terminal=True, TERM="xterm") == "tty"
    assert kind(is_terminal=True, TERM="dumb") == "plain"
    assert kind("-q", "--progress", "plain") == "quiet"
    assert kind("--progress", "none") == "quiet"
    assert kind(BUILDKIT_PROGRESS="rawjson") == "rawjson"
    with pytest.raises(UsageError, match=r"--progress: expected one of auto, .*, found `foo`"):
        kind("--progress", "foo")
    with pytest.raises(UsageError, match="expected a terminal"):
        kind("--progress", "tty")
