"""The filters of `--filter`: which images are meant, by docker's rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dflint.content.catalog import StoredImage, find_image, repository_of
from dflint.context.wildcards import compile_pattern
from dflint.errors import BuildError, UsageError
from dflint.images.times import nanoseconds, read_until
from dflint.oci.reference import familiar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LISTED = ("dangling", "reference", "label", "before", "since", "until")
PRUNED = ("dangling", "label", "label!", "until")
_TRUE, _FALSE = ("true", "1"), ("false", "0")


@dataclass(frozen=True, slots=True)
class Filters:
    """What images are to be like; what is None or empty does not count.

    `references` are patterns, of which one has to fit. `before` and `since` are in nanoseconds
    since 1970, `until` in seconds. `labels` are `KEY` or `KEY=VALUE`.
    """

    is_dangling: bool | None = None
    references: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    other_labels: tuple[str, ...] = ()
    before: int | None = None
    since: int | None = None
    until: float | None = None

    def of_any_name(self) -> Filters:
        """The same filters, whether an image has a name or not."""
        return replace(self, is_dangling=None)

    def tags_of(self, image: StoredImage) -> tuple[str, ...]:
        """The names of an image that are meant."""
        return tuple(name for name, _ in image.names if self._is_meant(name))

    def _is_meant(self, name: str) -> bool:
        if not self.references:
            return True
        short = familiar(name)
        texts = (short, familiar(repository_of(name)))
        return any(
            compile_pattern(one).fullmatch(text) for one in self.references for text in texts
        )

    def has(self, image: StoredImage) -> bool:
        """Whether an image is meant, or one of its names."""
        if self.is_dangling is not None and self.is_dangling != image.is_dangling:
            return False
        if self.references and not self.tags_of(image):
            return False
        return self._has_labels(image) and self._has_time(image)

    def _has_labels(self, image: StoredImage) -> bool:
        labels = {
            key: value
            for one in image.platforms
            for key, value in one.document.config.labels.items()
        }

        def has(text: str) -> bool:
            key, equals, value = text.partition("=")
            return key in labels and (not equals or labels[key] == value)

        return all(map(has, self.labels)) and not any(map(has, self.other_labels))

    def _has_time(self, image: StoredImage) -> bool:
        created = nanoseconds(image.created) or 0
        if self.before is not None and created >= self.before:
            return False
        if self.since is not None and created <= self.since:
            return False
        return self.until is None or created < self.until * 10**9


def read_filters(
    texts: Sequence[str], known: Iterable[str], images: Sequence[StoredImage], now: float
) -> Filters:
    """The filters of `name=value` texts; UsageError for one that is not known."""
    found: dict[str, list[str]] = {name: [] for name in known}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--filter: expected `name=value`, found `{text}`")
        if name not in found:
            raise UsageError(f"--filter: expected one of {', '.join(found)}, found `{name}`")
        found[name].append(value)
    for pattern in found.get("reference", ()):
        _check_pattern(pattern)
    dangling = [_truth(value) for value in found.get("dangling", ())]
    before = [_created(images, value) for value in found.get("before", ())]
    since = [_created(images, value) for value in found.get("since", ())]
    until = [read_until(value, now) for value in found.get("until", ())]
    return Filters(
        dangling[-1] if dangling else None,
        tuple(found.get("reference", ())),
        tuple(found.get("label", ())),
        tuple(found.get("label!", ())),
        min(before, default=None),
        max(since, default=None),
        min(until, default=None),
    )


def _truth(value: str) -> bool:
    if value.lower() not in (*_TRUE, *_FALSE):
        raise UsageError(f"--filter dangling: expected `true` or `false`, found `{value}`")
    return value.lower() in _TRUE


def _check_pattern(pattern: str) -> None:
    try:
        compile_pattern(pattern)
    except BuildError as error:
        raise UsageError(f"--filter reference: {error}") from None


def _created(images: Sequence[StoredImage], text: str) -> int:
    return nanoseconds(find_image(images, text).image.created) or 0
