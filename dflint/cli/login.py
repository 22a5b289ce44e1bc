"""`dflint login`: keeps the credentials for a registry, where Docker keeps them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.cli.docker_flags import Flag, Given, read_flags
from dflint.cli.registry_flags import CONNECTION, CONNECTION_HELP, HELP, registry_options
from dflint.errors import BuildError, UsageError
from dflint.oci.reference import is_registry
from dflint.registry.credentials import Credentials, DockerCredentials
from dflint.registry.docker_config import DockerConfig, server_host
from dflint.registry.login import check_credentials

_FLAGS = (
    Flag("--username", "NAME", "the user", "-u"),
    Flag("--password", "TEXT", "the password or token, which others can see", "-p"),
    Flag("--password-stdin", "", "read the password from standard input"),
    *CONNECTION,
    HELP,
)
_HELP = f"""\
usage: dflint login [OPTIONS] [SERVER]

Asks a registry whether it takes a user and a password, and keeps them for `pull`,
`push` and `build`: in the credential helper that Docker's configuration names, else in
`config.json` of $DOCKER_CONFIG or ~/.docker. Without SERVER it is Docker Hub.

  -u, --username NAME      the user
  -p, --password TEXT      the password or token, which others can see
      --password-stdin     read the password from standard input
{CONNECTION_HELP}\
  -h, --help               print this
"""
_LONGEST = 64 << 10


def login(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for credentials that are not taken."""
    given = read_flags(words, _FLAGS)
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    host = server_of("login", given.arguments)
    options = registry_options(given, (host,))
    try:
        known = _known(given, host)
        if known is not None:
            sys.stdout.write(
                f"Authenticating with existing credentials... [Username: {known.user}]\n"
            )
        credentials = known or _asked(given)
        was_asked = check_credentials(host, credentials, options)
        if not was_asked:
            sys.stderr.write(f"WARNING! {host} asks for no credentials: they were not checked.\n")
        if known is None:
            _keep(host, credentials)
    except BuildError as error:
        sys.stderr.write(f"dflint: login: {error}\n")
        return 1
    sys.stdout.write("Login Succeeded\n")
    return 0


def server_of(verb: str, arguments: Sequence[str]) -> str:
    """The registry that a verb is given, Docker Hub where it is given none."""
    if len(arguments) > 1:
        raise UsageError(f"{verb}: expected one server, found {len(arguments)} words")
    text = arguments[0] if arguments else ""
    host = server_host(text)
    if not is_registry(host):
        raise UsageError(f"{verb}: expected a server such as `ghcr.io`, found `{text:.200}`")
    return host


def _known(given: Given, host: str) -> Credentials | None:
    """The credentials that are kept, where none are given."""
    if given.all("--username") or given.all("--password") or given.is_on("--password-stdin"):
        return None
    found = DockerCredentials().find(host).credentials
    if found is not None and found.user and found.secret:
        return found
    return None


def _asked(given: Given) -> Credentials:
    """The credentials of the options, or what is asked for on the terminal."""
    user = given.text("--username")
    if given.is_on("--password-stdin"):
        if given.last("--password") is not None:
            raise UsageError("login: --password and --password-stdin are mutually exclusive")
        if not user:
            raise UsageError("login: must provide --username with --password-stdin")
        secret = sys.stdin.read(_LONGEST).removesuffix("\n").removesuffix("\r")
    elif given.last("--password") is not None:
        sys.stderr.write(
            "WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n"
        )
        secret = given.text("--password")
    else:
        secret = ""
    if (not user or not secret) and not sys.stdin.isatty():
        what = "--password-stdin" if user else "--username"
        raise UsageError(f"login: expected `{what}`, as standard input is no terminal")
    user = user or _read_user()
    return Credentials(user, secret or _read_secret())


def _read_user() -> str:
    sys.stderr.write("Username: ")
    sys.stderr.flush()
    user = sys.stdin.readline().strip()
    if not user:
        raise UsageError("login: expected a user name, found nothing")
    return user


def _read_secret() -> str:
    from getpass import getpass

    secret = getpass("Password: ", sys.stderr)
    if not secret:
        raise UsageError("login: expected a password, found nothing")
    return secret


def _keep(host: str, credentials: Credentials) -> None:
    if ":" in credentials.user:
        raise UsageError("login: expected a user name without a colon")
    kept = DockerConfig().keep(host, credentials)
    if not kept.helper:
        sys.stderr.write(
            f"WARNING! Your credentials are stored unencrypted in '{kept.file}'.\n"
            "Configure a credential helper to remove this warning: `credsStore` in that file.\n"
        )
