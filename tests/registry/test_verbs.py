"""The verbs that speak with registries, as users run them."""

from __future__ import annotations

import base64
import io
import json
import os
import stat
import sys

import pytest

from dflint.cli.main import main
from dflint.content.store import ContentStore
from dflint.oci.descriptor import Descriptor
from dflint.testing.registry import Fault, MemoryRegistry, digest_of

LAYERS = [b"one" * 1000, b"two" * 5000]


@pytest.fixture
def registry():
    with MemoryRegistry() as registry:
        yield registry


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command line; its status, and what it prints and complains of."""
    monkeypatch.setenv("DFLINT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))

    def run(*words):
        status = main(words)
        said = capsys.readouterr()
        return status, said.out.splitlines(), said.err.splitlines()

    return run


@pytest.fixture
def config(tmp_path):
    return tmp_path / "docker" / "config.json"


def tags(tmp_path):
    store = ContentStore(str(tmp_path / "store"))
    try:
        return dict(store.tags())
    finally:
        store.close()


def short(data):
    return digest_of(data)[7:19]


def test_an_image_is_pulled_in_dockers_words(run, registry, tmp_path):
    root = registry.add_image("team/app", "1", LAYERS)
    name = f"{registry.address}/team/app:1"
    status, out, err = run("pull", name)

    assert (status, err) == (0, [])
    assert out[0] == "1: Pulling from team/app"
    assert {*out[1:5]} == {
        f"{short(layer)}: {state}"
        for layer in LAYERS
        for state in ("Pulling fs layer", "Pull complete")
    }
    assert out[5:] == [
        f"Digest: {root['digest']}",
        f"Status: Downloaded newer image for {name}",
        name,
    ]
    assert tags(tmp_path)[name].digest == root["digest"]

    status, out, err = run("pull", name)
    assert f"{short(LAYERS[0])}: Already exists" in out
    assert out[-2] == f"Status: Image is up to date for {name}"


def test_several_images_and_their_names_alone(run, registry):
    for tag in ("latest", "2"):
        registry.add_image("app", tag, LAYERS)
    status, out, err = run("pull", "-q", f"{registry.address}/app", f"{registry.address}/app:2")
    assert (status, err) == (0, [])
    assert out == [f"{registry.address}/app:latest", f"{registry.address}/app:2"]


def test_all_tags_come_page_by_page(run, registry, tmp_path):
    registry.page = 2
    for tag in ("a", "b", "c", "d", "e"):
        registry.add_image("app", tag, [tag.encode()])
    status, out, err = run("pull", "-a", "-q", f"{registry.address}/app")
    assert (status, err) == (0, [])
    assert len(out) == 5
    assert [name[-1] for name in tags(tmp_path)] == ["a", "b", "c", "d", "e"]
    assert registry.count("GET .*/tags/list") == 3


def index_of(registry, *platforms):
    """An index with an image for each platform; the manifests' digests."""
    entries = []
    for architecture in platforms:
        one = registry.add_image("app", "", [architecture.encode()], architecture=architecture)
        platform = {"os": "linux", "architecture": architecture}
        entries.append({**one, "platform": platform})
    root = registry.add_manifest("app", {"schemaVersion": 2, "manifests": entries}, "1")
    return root["digest"], [one["digest"] for one in entries]


def test_a_platform_is_chosen_and_the_name_stands_for_its_image(run, registry, tmp_path):
    root, manifests = index_of(registry, "amd64", "arm64")
    name = f"{registry.address}/app:1"
    status, out, _ = run("pull", "--platform=linux/arm64", name)
    assert status == 0
    assert f"Digest: {root}" in out
    assert tags(tmp_path)[name].digest == manifests[1]

    by_digest = f"{registry.address}/app@{root}"
    assert run("pull", "--platform=linux/amd64", by_digest)[0] == 0
    assert tags(tmp_path)[by_digest].digest == manifests[0]

    status, _, err = run("pull", "--platform=linux/s390x", name)
    assert status == 1
    assert "no match for platform" in err[0] and "linux/amd64, linux/arm64" in err[0]


def test_a_single_image_of_another_platform(run, registry):
    registry.add_image("app", "1", LAYERS, architecture="riscv64")
    name = f"{registry.address}/app:1"
    assert run("pull", name)[0] == 0
    status, _, err = run("pull", "--platform=linux/amd64", name)
    assert status == 1
    assert err == [
        f"dflint: pull: image with reference {name} was found but its platform (linux/riscv64)"
        " does not match the specified platform (linux/amd64)"
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["pull"], "expected `NAME[:TAG|@DIGEST]`"),
        (["pull", "Upper"], "must be lowercase"),
        (["pull", "-a", "app:1"], "tag can't be used with --all-tags"),
        (["pull", "--platform=x/y/z/a", "app"], "--platform"),
        (["pull", "--ca-file=/nowhere", "app"], "--ca-file: expected a file"),
        (["push"], "expected one `NAME[:TAG]`, found nothing"),
        (["push", "a", "b"], "found 2 words"),
        (["push", "-a", "app:1"], "tag can't be used with --all-tags"),
        (["push", "app@sha256:" + "0" * 64], "found a digest"),
        (["login", "a", "b"], "expected one server"),
        (["login", "not a server"], "expected a server"),
        (["login", "-u", "me", "-p", "x", "--password-stdin"], "mutually exclusive"),
        (["login", "--password-stdin"], "must provide --username"),
        (["logout", "a", "b"], "expected one server"),
    ],
)
def test_wrong_command_lines(run, words, expected):
    status, _, err = run(*words)
    assert status == 2
    assert expected in err[-1]


@pytest.mark.parametrize("verb", ["pull", "push", "login", "logout"])
def test_help(run, verb):
    status, out, _ = run(verb, "--help")
    assert status == 0
    assert out[0].startswith(f"usage: dflint {verb}")
    assert max(map(len, out)) <= 90


def test_what_is_not_there(run, registry):
    status, _, err = run("pull", f"{registry.address}/app:1")
    assert status == 1
    assert "not found" in err[0] and "404: MANIFEST_UNKNOWN" in err[0]
    status, _, err = run("push", f"{registry.address}/app:1")
    assert status == 1
    assert "does not exist locally" in err[0]


def test_an_image_is_pushed_in_dockers_words(run, registry, tmp_path):
    root = registry.add_image("app", "1", LAYERS)
    name = f"{registry.address}/app:1"
    run("pull", "-q", name)
    with MemoryRegistry() as other:
        target = f"{other.address}/team/app"
        store = ContentStore(str(tmp_path / "store"))
        found = store.resolve(name)
        store.tag(f"{target}:latest", Descriptor(found.media_type, found.digest, found.size))
        store.tag(f"{target}:two", Descriptor(found.media_type, found.digest, found.size))
        store.close()
        status, out, err = run("push", target)
        assert (status, err) == (0, [])
        assert out[:2] == [
            "Using default tag: latest",
            f"The push refers to repository [{target}]",
        ]
        assert f"{short(LAYERS[1])}: Pushed" in out
        assert out[-1] == f"latest: digest: {root['digest']} size: {root['size']}"

        _, out, _ = run("push", "-a", target)
        assert f"{short(LAYERS[1])}: Layer already exists" in out
        assert [line.split(":")[0] for line in out if "digest:" in line] == ["latest", "two"]
        assert run("push", "-q", f"{target}:two")[1] == [f"{target}:two"]


def test_layers_of_another_repository_are_mounted(run, registry, tmp_path):
    registry.add_image("base", "1", LAYERS)
    name = f"{registry.address}/base:1"
    run("pull", "-q", name)
    store = ContentStore(str(tmp_path / "store"))
    found = store.resolve(name)
    store.tag(
        f"{registry.address}/derived:1", Descriptor(found.media_type, found.digest, found.size)
    )
    store.close()
    _, out, _ = run("push", f"{registry.address}/derived:1")
    assert f"{short(LAYERS[0])}: Mounted from base" in out
    assert registry.count("PUT .*/uploads/") == 0


def test_one_platform_of_an_index_is_pushed(run, registry, tmp_path):
    _, manifests = index_of(registry, "amd64", "arm64")
    name = f"{registry.address}/app:1"
    for platform in ("amd64", "arm64"):
        assert run("pull", "-q", f"--platform=linux/{platform}", name)[0] == 0
    store = ContentStore(str(tmp_path / "store"))
    data = registry.manifests["app", "1"][0]
    blob = store.put_blob(data)
    store.tag(name, Descriptor("application/vnd.oci.image.index.v1+json", blob.digest, blob.size))
    store.close()
    _, out, _ = run("push", "--platform=linux/arm64", name)
    assert manifests[1] in out[-1]
    status, _, err = run("push", "--platform=linux/s390x", name)
    assert status == 1
    assert "does not provide linux/s390x" in err[0]
    _, out, _ = run("push", name)
    assert digest_of(data) in out[-1]


def test_a_failed_pull_names_nothing(run, registry, tmp_path):
    registry.add_image("app", "1", LAYERS)
    registry.faults.append(Fault("GET .*blobs", 99, body=b"wrong"))
    status, _, err = run("pull", f"{registry.address}/app:1")
    assert status == 1
    assert err
    assert tags(tmp_path) == {}


@pytest.mark.parametrize("tokens", [True, False])
def test_credentials_are_checked_and_kept(run, config, tokens):
    with MemoryRegistry("me", "S3cret", tokens=tokens) as registry:
        registry.add_image("app", "1", LAYERS)
        name = f"{registry.address}/app:1"
        assert run("pull", name)[0] == 1

        status, _, err = run("login", "-u", "me", "-p", "wrong", registry.address)
        assert status == 1
        assert "401" in err[-1] and "UNAUTHORIZED" in err[-1]
        assert not config.exists()

        config.parent.mkdir()
        config.write_text('{"detachKeys": "ctrl-e", "auths": {"other.example": {"auth": "eDp5"}}}')
        status, out, err = run("login", "-u", "me", "-p", "S3cret", registry.address)
        assert (status, out) == (0, ["Login Succeeded"])
        assert err[0].startswith("WARNING! Using --password via the CLI is insecure")
        assert err[1].startswith("WARNING! Your credentials are stored unencrypted")
        kept = json.loads(config.read_text())
        assert kept["detachKeys"] == "ctrl-e"
        assert kept["auths"]["other.example"] == {"auth": "eDp5"}
        assert base64.b64decode(kept["auths"][registry.address]["auth"]) == b"me:S3cret"
        assert stat.S_IMODE(config.stat().st_mode) == 0o600
        assert [one.name for one in config.parent.iterdir()] == ["config.json"]
        assert run("pull", name)[0] == 0

        _, out, _ = run("login", registry.address)
        assert out == [
            "Authenticating with existing credentials... [Username: me]",
            "Login Succeeded",
        ]
        assert run("logout", registry.address)[1] == [
            f"Removing login credentials for {registry.address}"
        ]
        assert json.loads(config.read_text())["auths"] == {"other.example": {"auth": "eDp5"}}
        assert run("logout", f"https://{registry.address}/v2/")[1] == [
            f"Not logged in to {registry.address}"
        ]
        assert run("pull", name)[0] == 1


def test_the_password_may_come_from_standard_input(run, config, monkeypatch):
    with MemoryRegistry("me", "S3cret ") as registry:
        monkeypatch.setattr(sys, "stdin", io.StringIO("S3cret \n"))
        assert run("login", "-u", "me", "--password-stdin", registry.address)[0] == 0
    assert base64.b64decode(json.loads(config.read_text())["auths"][registry.address]["auth"])


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_file_that_is_no_configuration_is_left_alone(run, config, registry, text):
    config.parent.mkdir()
    config.write_text(text)
    status, _, err = run("login", "-u", "me", "-p", "x", registry.address)
    assert status == 1
    assert "no JSON" in err[-1]
    assert config.read_text() == text
    assert run("logout", registry.address)[0] == 1


def test_a_linked_configuration_stays_a_link(run, config, registry, tmp_path):
    config.parent.mkdir()
    (tmp_path / "real.json").write_text("{}")
    config.symlink_to(tmp_path / "real.json")
    assert run("login", "-u", "me", "-p", "x", registry.address)[0] == 0
    assert config.is_symlink()
    assert registry.address in (tmp_path / "real.json").read_text()


HELPER = """\
#!/bin/sh
echo "$1" >>{log}
case $1 in
store) cat >{kept} ;;
get) test -s {kept} || {{ echo "credentials not found in native keychain"; exit 1; }}; cat {kept} ;;
erase) cat >/dev/null; rm {kept} ;;
esac
"""


@pytest.mark.parametrize("key", ["credsStore", "credHelpers"])
def test_a_helper_keeps_the_credentials(run, config, tmp_path, monkeypatch, key):
    log, kept = tmp_path / "log", tmp_path / "kept"
    program = tmp_path / "bin" / "docker-credential-test"
    program.parent.mkdir()
    program.write_text(HELPER.format(log=log, kept=kept))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    config.parent.mkdir()
    with MemoryRegistry("me", "S3cret") as registry:
        value = "test" if key == "credsStore" else {registry.address: "test"}
        config.write_text(json.dumps({key: value}))
        status, _, err = run("login", "-u", "me", "-p", "S3cret", registry.address)
        assert status == 0
        assert len(err) == 1, "no warning of a file that holds secrets"
        assert json.loads(kept.read_text()) == {
            "ServerURL": registry.address,
            "Username": "me",
            "Secret": "S3cret",
        }
        assert "S3cret" not in config.read_text()
        assert json.loads(config.read_text()) == {key: value, "auths": {registry.address: {}}}
        assert run("login", registry.address)[0] == 0
        assert run("logout", registry.address)[1][0].startswith("Removing login credentials")
        assert not kept.exists()
        assert log.read_text().split() == ["store", "get", "erase"]


def test_a_helper_that_is_not_there_is_told(run, config, registry):
    config.parent.mkdir()
    config.write_text('{"credsStore": "absent"}')
    status, _, err = run("login", "-u", "me", "-p", "x", registry.address)
    assert status == 1
    assert "docker-credential-absent is not installed" in err[-1]
