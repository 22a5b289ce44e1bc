"""Names and values of secrets."""

from __future__ import annotations

import pytest

from dflint.semantic.secret_names import is_harmless, is_secret_name

#: What BuildKit says, tried name by name.
REPORTED_BY_BUILDKIT = [
    "password",
    "DB_PASSWORD",
    "PASSWORD_HASH",
    "passwd",
    "PWORD",
    "secret",
    "CLIENT_SECRET",
    "TOKEN_URL",
    "X_TOKEN_Y",
    "KEY",
    "API_KEY",
    "X_APIKEY",
    "GPG_KEY",
    "KEY_PATH",
    "AUTH",
    "BASIC_AUTH",
    "credential",
    "CREDENTIALS",
    "PUB_KEY",
    "KEY_",
    "__KEY",
    "AWS_ACCESS_KEY_ID",
    "ENCRYPTED_KEY",
    "PASSWORD_1",
    "my_key_x",
    "FILE_TOKEN",
]
UNREPORTED_BY_BUILDKIT = [
    "PWD",
    "PASS",
    "KEYS",
    "API-KEY",
    "api.key",
    "KEYSTORE",
    "AUTHOR",
    "OAUTH",
    "OAUTH2",
    "AUTHENTICATION",
    "CREDS",
    "PRIVATE",
    "PUBLIC_KEY",
    "PUBLICKEY",
    "PUBLIC_TOKEN",
    "KEY_PUBLIC",
    "CERT",
    "SALT",
    "COOKIE",
    "PIN",
    "DSN",
    "login",
    "PSK",
    "KEYRING",
    "KEYSERVER",
    "TOKENIZER",
    "MONKEY",
    "KEYID",
]


@pytest.mark.parametrize("name", REPORTED_BY_BUILDKIT)
def test_names_of_secrets_are_those_of_buildkit(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", UNREPORTED_BY_BUILDKIT)
def test_other_names_are_no_secrets(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["dbPassword", "mysecret", "secretKey", "GITHUBTOKEN", "PASSWORD1"]
)
def test_words_without_an_underscore_count_at_the_end_though_buildkit_needs_one(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["USERNAME", "FACEBOOK_APP_ID", "TRAVIS_REPO_SLUG"])
def test_names_of_users_and_things_are_no_secrets_though_hadolint_takes_them_for_some(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize("name", ["PASSWORD_FILE", "SSH_AUTH_SOCK", "SECRET_API_VERSION"])
def test_a_path_a_socket_and_a_version_are_no_secrets_though_hadolint_takes_them_for_some(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GPG_KEY", "0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D"),
        ("GPG_KEY", "0x0D96DF4D 4110E5C4"),
        ("TLS_KEY", "/etc/ssl/private/site.key"),
        ("TLS_KEY", "./site.key"),
        ("AUTH", "false"),
        ("AUTH", "ALL"),
        ("PASSWORD", ""),
        ("SENTRY_KEY", "https://sentry.example.com/1"),
        ("MAX_TOKENS", "4096"),
        ("TOKEN_URL", None),
        ("PASSWORD_LENGTH", "12"),
    ],
)
def test_values_that_plainly_are_no_secret(name, value):
    assert is_harmless(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_TOKEN", "0d96df4d4110e5c43fbfb17f2d347ea6aa65421d"),
        ("GPG_KEY", "lQOYBF5K/abc"),
        ("GPG_KEY", None),
        ("NPM_TOKEN", None),
        ("PASSWORD", "123456"),
        ("PASSWORD", "password"),
        ("SECRET_KEY_BASE", "/tbFePEIYrMaNfKmTHZZT9IrdebmVbS3"),
        ("SECRET", "//bFePEI"),
        ("TOKEN_URL", "https://user:x@example.com"),
        ("TOKEN", "https://example.com/?access=x"),
    ],
)
def test_values_that_may_be_a_secret(name, value):
    assert not is_harmless(name, value)
