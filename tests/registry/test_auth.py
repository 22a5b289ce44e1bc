"""Who a registry is told that one is, and who is never told."""

from __future__ import annotations

import base64
import json
import os
import stat

import pytest

from dflint.registry.challenges import read_challenges
from dflint.registry.credentials import Credentials, DockerCredentials, Found
from dflint.registry.errors import RegistryError
from dflint.registry.options import RegistryOptions
from dflint.registry.platforms import exactly
from dflint.registry.pull import pull
from dflint.testing.registry import Fault, MemoryRegistry, digest_of
from tests.registry.stores import MemoryStore, options

AMD64 = exactly("linux", "amd64")
LAYER = b"layer" * 1000


def pulled(registry, **values):
    store = MemoryStore()
    pull(f"{registry.address}/app:1", AMD64, store, options(**values))
    return store


@pytest.mark.parametrize("tokens", [True, False])
def test_credentials_open_a_registry(tokens):
    with MemoryRegistry("me", "S3cret", tokens=tokens) as registry:
        registry.add_image("app", "1", [LAYER])

        assert digest_of(LAYER) in pulled(registry, user="me", secret="S3cret").blobs


@pytest.mark.parametrize("tokens", [True, False])
@pytest.mark.parametrize("secret", ["S3cret-wrong", ""])
def test_wrong_or_no_credentials_do_not(tokens, secret):
    with MemoryRegistry("me", "S3cret", tokens=tokens) as registry:
        registry.add_image("app", "1", [LAYER])
        with pytest.raises(RegistryError) as caught:
            pulled(registry, user="me" if secret else "", secret=secret, problem="no helper here")

        assert caught.value.status == 401
        assert "UNAUTHORIZED" in str(caught.value)
        assert "no helper here" in str(caught.value)
        assert "S3cret" not in str(caught.value)
        assert "token-" not in str(caught.value)


def test_anyone_gets_a_token_where_anyone_may():
    with MemoryRegistry(tokens=True) as registry:
        registry.add_image("app", "1", [LAYER, LAYER * 2, LAYER * 3])
        pulled(registry)

        assert registry.count("GET /token") == 1
        (query,) = [one.path for one in registry.seen if one.path.startswith("/token")]
        assert "scope=repository%3Aapp%3Apull" in query


def test_tokens_that_expire_are_fetched_again():
    with MemoryRegistry(tokens=True) as registry:
        registry.add_image("app", "1", [LAYER])
        # The first token is worth nothing by the time of the layer.
        registry.faults.append(
            Fault(
                f"GET .*{digest_of(LAYER)}",
                status=401,
                headers={
                    "WWW-Authenticate": f'Bearer realm="http://{registry.address}/token",'
                    'service="test",error="invalid_token"'
                },
            )
        )

        assert digest_of(LAYER) in pulled(registry).blobs
        assert registry.count("GET /token") == 2


def test_identity_tokens_fetch_tokens():
    with MemoryRegistry("me", "x", tokens=True) as registry:
        registry.add_image("app", "1", [LAYER])
        registry.refresh_tokens.add("R3fresh")
        found = Found(Credentials(identity_token="R3fresh"))
        store = MemoryStore()
        settings = RegistryOptions(find_credentials=lambda host: found)
        pull(f"{registry.address}/app:1", AMD64, store, settings)

        assert digest_of(LAYER) in store.blobs
        assert registry.count("POST /token") == 1


@pytest.mark.parametrize("tokens", [True, False])
def test_redirects_carry_no_credentials_elsewhere(tokens):
    with MemoryRegistry("me", "S3cret", tokens=tokens) as registry, MemoryRegistry() as other:
        registry.add_image("app", "1", [LAYER])
        other.add_blob(LAYER)
        digest = digest_of(LAYER)
        place = f"http://{other.address}/v2/cdn/blobs/{digest}?signature=S1gnature"
        registry.faults.append(Fault(f"GET .*{digest}", 9, 307, {"Location": place}))
        pulled(registry, user="me", secret="S3cret")

        assert [one.path for one in other.seen] == [f"/v2/cdn/blobs/{digest}?signature=S1gnature"]
        assert "authorization" not in other.seen[0].headers
        other.blobs.clear()
        with pytest.raises(RegistryError) as caught:
            pulled(registry, user="me", secret="S3cret")
        assert "signature=xxxxx answered 404" in str(caught.value)
        assert "S1gnature" not in str(caught.value) + caught.value.url


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/v2/app/manifests/1", "more than 10 redirects"),
        ("ftp://a/b", "no HTTP address"),
        ("file:///etc/passwd", "no HTTP address"),
        ("http://[", "no URL"),
    ],
)
def test_redirects_may_lead_nowhere(location, expected):
    with MemoryRegistry() as registry:
        registry.faults.append(Fault("manifests", 99, 302, {"Location": location}))
        with pytest.raises(RegistryError, match=expected):
            pulled(registry)


def challenge(text):
    return {"WWW-Authenticate": text}


def test_credentials_go_to_no_token_server_without_encryption():
    with MemoryRegistry() as registry:
        header = challenge('Bearer realm="http://bait.example/token"')
        registry.faults.append(Fault("manifests", 99, 401, header))
        with pytest.raises(RegistryError, match=r"bait\.example/token, which is not encrypted"):
            pulled(registry, user="me", secret="S3cret")


@pytest.mark.parametrize("realm", ["", "file:///etc/passwd", "nonsense"])
def test_a_registry_may_name_no_token_server(realm):
    with MemoryRegistry() as registry:
        header = challenge(f'Bearer realm="{realm}"')
        registry.faults.append(Fault("manifests", 99, 401, header))
        with pytest.raises(RegistryError, match="names no token server"):
            pulled(registry)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"token": 3}', b'{"token": "a\\r\\nb: c"}'])
def test_a_token_server_may_answer_nonsense(body):
    with MemoryRegistry(tokens=True) as registry:
        registry.faults.append(Fault("/token", 99, body=body))
        with pytest.raises(RegistryError, match="answered without a token"):
            pulled(registry)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", {}),
        ("Basic", {"basic": {}}),
        ('Basic realm="a, b"', {"basic": {"realm": "a, b"}}),
        (
            'Bearer realm="https://x/t",service="s",scope="repository:a/b:pull,push"',
            {
                "bearer": {
                    "realm": "https://x/t",
                    "service": "s",
                    "scope": "repository:a/b:pull,push",
                }
            },
        ),
        ('Basic realm="a", Bearer realm=b', {"basic": {"realm": "a"}, "bearer": {"realm": "b"}}),
        ('Negotiate, basic Realm="q\\"t"', {"negotiate": {}, "basic": {"realm": 'q"t'}}),
        ('Bearer realm="open', {"bearer": {}}),
    ],
)
def test_challenges_are_read(header, expected):
    assert read_challenges(header) == expected


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """Writes a configuration of Docker, with a helper `test` in the path."""
    folder = tmp_path / "docker"
    folder.mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    def write(config, helper=""):
        (folder / "config.json").write_text(
            config if isinstance(config, str) else json.dumps(config)
        )
        if helper:
            program = tmp_path / "docker-credential-test"
            program.write_text("#!/bin/sh\nread -r server\n" + helper)
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return DockerCredentials()

    return write


def packed(pair):
    return base64.b64encode(pair.encode()).decode()


HUB = "https://index.docker.io/v1/"


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("docker.io", HUB),
        ("registry-1.docker.io", HUB),
        ("ghcr.io", "ghcr.io"),
        ("ghcr.io", "https://ghcr.io"),
        ("ghcr.io", "https://ghcr.io/v2/"),
        ("localhost:5000", "http://localhost:5000"),
    ],
)
def test_configured_credentials_are_found(docker, host, key):
    found = docker({"auths": {"other.io": {"auth": packed("x:y")}, key: {"auth": packed("u:p:q")}}})

    assert found.find(host) == Found(Credentials("u", "p:q"))
    assert found.find("third.io") == Found()


def test_tokens_are_found(docker):
    found = docker({"auths": {"a.io": {"identitytoken": "t"}, "b.io": {"registrytoken": "r"}}})

    assert found.find("a.io").credentials.identity_token == "t"
    assert found.find("b.io").credentials.registry_token == "r"


ECHO = """printf '{"ServerURL":"%s","Username":"%s","Secret":"s"}' "$server" "$server"\n"""


def test_helpers_are_asked(docker):
    found = docker(
        {"credHelpers": {"a.io": "test"}, "auths": {"b.io": {"auth": packed("u:p")}}}, ECHO
    )

    assert found.find("a.io").credentials == Credentials("a.io", "s")
    assert found.find("b.io").credentials == Credentials("u", "p")
    assert docker({"credsStore": "test"}).find("docker.io").credentials == Credentials(HUB, "s")


def test_a_helpers_token_is_an_identity_token(docker):
    found = docker({"credsStore": "test"}, """echo '{"Username":"<token>","Secret":"t"}'\n""")

    assert found.find("a.io").credentials == Credentials(identity_token="t")


def test_a_helper_may_have_nothing(docker):
    helper = "echo credentials not found in native keychain; exit 1\n"

    assert docker({"credsStore": "test"}, helper).find("a.io") == Found()


@pytest.mark.parametrize(
    ("config", "helper", "expected"),
    [
        ("nonsense", "", "is no JSON document"),
        ({"credsStore": "missing"}, "", "docker-credential-missing is not installed"),
        ({"credsStore": "../x"}, "", "no name of a credential helper"),
        ({"credsStore": "test"}, "echo S3cret; exit 3\n", "ended with status 3"),
        ({"credsStore": "test"}, "echo nonsense\n", "answers no JSON object"),
    ],
)
def test_what_is_wrong_with_credentials_is_told(docker, config, helper, expected):
    found = docker(config, helper).find("a.io")

    assert found.credentials is None
    assert expected in found.problem
    assert "S3cret" not in found.problem


def test_secrets_are_not_shown():
    assert "S3cret" not in repr(Credentials("u", "S3cret", "S3cret", "S3cret"))
