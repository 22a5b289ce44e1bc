"""Build arguments that describe one build: its commit, its time, its number."""

from __future__ import annotations

#: Names that people and build servers give them, in upper case.
VOLATILE_NAMES = frozenset(
    (
        *("BUILD_DATE", "BUILD_TIME", "BUILD_TIMESTAMP", "BUILD_NUMBER", "BUILD_NUM", "BUILD_ID"),
        *("BUILDDATE", "BUILDTIME", "BUILDNUMBER", "VCS_REF", "VCS_REVISION", "VCS_COMMIT"),
        *("GIT_COMMIT", "GIT_COMMIT_SHA", "GIT_COMMIT_HASH", "GIT_COMMIT_ID", "GIT_SHA"),
        *("GIT_SHA1", "GIT_HASH", "GIT_REV", "GIT_REVISION", "COMMIT_SHA", "COMMIT_HASH"),
        *("COMMIT_ID", "SOURCE_COMMIT", "SOURCE_REVISION", "CI_COMMIT_SHA", "CI_PIPELINE_ID"),
        *("CI_COMMIT_SHORT_SHA", "GITHUB_SHA", "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER"),
        *("CIRCLE_SHA1", "TRAVIS_COMMIT", "IMAGE_CREATED", "IMAGE_REVISION", "IMAGE_REF_NAME"),
    )
)
_UNKNOWN_VALUES = frozenset(("unknown", "undefined", "unspecified", "head", "null", "none", "n/a"))


def is_volatile(word: str) -> bool:
    """Tell whether an ARG's argument is volatile: by its name, and not with a value that pins."""
    name, _, value = word.partition("=")
    if name.upper() not in VOLATILE_NAMES:
        return False
    value = value.strip("\"'()").lower()
    return (
        not value or value in _UNKNOWN_VALUES or not any(digit in value for digit in "0123456789")
    )
