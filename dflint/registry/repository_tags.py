"""The tags of a repository, page by page (OCI distribution specification, "Listing Tags")."""

from __future__ import annotations

import json
import re
from urllib.parse import urljoin

from dflint.registry.errors import RegistryError
from dflint.registry.host import RegistryHost
from dflint.registry.resolve import scope
from dflint.web.errors import WebError

_PAGE = 8 << 20
_PAGES = 1000
_NEXT = re.compile(r'<([^<>]*)>\s*;\s*rel="?next"?')
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")


def repository_tags(host: RegistryHost, repository: str) -> tuple[str, ...]:
    """All tags of a repository, sorted; RegistryError when they cannot be had."""
    what = f"{host.domain}/{repository}: failed to list the tags"
    url = f"{host.base}/v2/{repository}/tags/list"
    found: set[str] = set()
    for _ in range(_PAGES):
        tags, further = _page(host, repository, url, what)
        found.update(tags)
        if not further:
            return tuple(sorted(found))
        if not further.startswith(host.base + "/"):
            raise RegistryError(f"{what}: the next page is at another host")
        url = further
    raise RegistryError(f"{what}: there are more than {_PAGES} pages")


def _page(host: RegistryHost, repository: str, url: str, what: str) -> tuple[list[str], str]:
    def fetch() -> tuple[bytes, str]:
        answer = host.request("GET", url, (scope(repository),))
        if answer.status != 200:
            raise host.error(answer, what)
        try:
            with answer:
                return answer.read(_PAGE), answer.headers.get("Link", "")
        except WebError as error:
            raise RegistryError(
                f"{what}: {error}", url=error.url, is_passing=error.is_passing
            ) from None

    data, link = host.patiently(fetch)
    try:
        document = json.loads(data)
        tags = (document["tags"] or []) if isinstance(document, dict) else None
    except (ValueError, KeyError, RecursionError):
        tags = None
    if not isinstance(tags, list):
        raise RegistryError(f"{what}: the answer is no list of tags")
    for tag in tags:
        if not isinstance(tag, str) or not _TAG.fullmatch(tag):
            raise RegistryError(f"{what}: {tag!r:.150} is no tag")
    further = _NEXT.search(link)
    return tags, urljoin(url, further[1]) if further else ""
