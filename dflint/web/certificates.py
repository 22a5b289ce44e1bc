"""TLS settings of hosts: the system's authorities, further files, Docker's `certs.d`."""

from __future__ import annotations

import os
import ssl

from dflint.web.errors import WebError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def tls_context(
    authority: str, ca_files: Iterable[str] = (), directories: Iterable[str] = ()
) -> ssl.SSLContext:
    """The TLS context for `host[:port]`.

    `ca_files` are added for every host. Of each of the directories, the folder named like the
    host counts: its `*.crt` are authorities, `*.cert` with `*.key` a client's certificate, as in
    `/etc/docker/certs.d`. Raises WebError for files that cannot be read or are no certificates.
    """
    context = ssl.create_default_context()
    for file in ca_files:
        _trust(context, file)
    for directory in directories:
        folder = os.path.join(directory, authority)
        try:
            names = sorted(os.listdir(folder))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise WebError(f"cannot read certificates in {folder}: {error.strerror}") from None
        for name in names:
            _use(context, os.path.join(folder, name))
    return context


def _use(context: ssl.SSLContext, file: str) -> None:
    stem, extension = os.path.splitext(file)
    if extension == ".crt":
        _trust(context, file)
    elif extension == ".cert":
        try:
            context.load_cert_chain(file, stem + ".key")
        except OSError as error:
            raise WebError(f"cannot use the client certificate {file}: {error}") from None


def _trust(context: ssl.SSLContext, file: str) -> None:
    try:
        context.load_verify_locations(cafile=file)
    except OSError as error:
        raise WebError(f"cannot use the certificates of {file}: {error}") from None
