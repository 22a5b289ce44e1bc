"""The exceptions of dflint.

A problem in a user's Dockerfile is a finding and never an exception. What can be raised:

    DflintError
    ├── UsageError        the command line asks for something that cannot be done
    ├── ConfigError       a configuration file is wrong: file, key, what is allowed
    ├── PluginError       a rule plug-in does not load, or breaks the plug-in contract
    ├── SourceError       a file cannot be read as text: missing, a directory, a FIFO, denied
    ├── ExpansionError    a word cannot be expanded (in `dflint.semantic.expand_values`)
    ├── BuildError        a build cannot go on
    │   └── UnsupportedError  this machine cannot do what the build needs
    └── InternalError     a bug of dflint

Messages are in lower case, without a full stop; they say what was found and what was expected.
"""

from __future__ import annotations


class DflintError(Exception):
    """Anything that dflint raises on purpose."""


class UsageError(DflintError):
    """The command line asks for something that cannot be done."""


class ConfigError(DflintError):
    """A configuration file is wrong.

    `path` is the file, `key` the dotted key at fault or "" when the whole file is.
    """

    def __init__(self, path: str, key: str, message: str) -> None:
        self.path = path
        self.key = key
        self.message = message
        super().__init__(path, key, message)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.path, self.key, self.message) if part)


class PluginError(DflintError):
    """A rule plug-in does not load or breaks the contract; names its distribution."""

    def __init__(self, distribution: str, message: str) -> None:
        self.distribution = distribution
        self.message = message
        super().__init__(distribution, message)

    def __str__(self) -> str:
        return f"rule plug-in of distribution `{self.distribution}`: {self.message}"


class SourceError(DflintError):
    """A file cannot be read as text."""

    def __init__(self, path: str, message: str) -> None:
        self.path = path
        self.message = message
        super().__init__(path, message)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class BuildError(DflintError):
    """A build cannot go on: what was to be done, and why it could not."""


class UnsupportedError(BuildError):
    """This machine cannot do what the build needs; the message says what is missing."""


class InternalError(DflintError):
    """A bug of dflint itself."""
