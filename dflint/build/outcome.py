"""What a build has made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build has made, or what is to be told of a Dockerfile that was not built.

    `descriptor` is the JSON object of the manifest's or the index' descriptor; it and the digests
    are empty when only a file system was written. `config_digest` is empty for an index. `text` is
    what `--check` and `--call` print, `exit_status` what the command ends with.
    """

    digest: str = ""
    config_digest: str = ""
    descriptor: Mapping[str, object] = field(default_factory=dict, hash=False)
    names: tuple[str, ...] = ()
    text: str = ""
    exit_status: int = 0

    @property
    def image_id(self) -> str:
        """What `--iidfile` and `--quiet` tell: the configuration's digest, or the index' own."""
        return self.config_digest or self.digest

    def metadata(self) -> bytes:
        """The file of `--metadata-file`: JSON with the keys of buildx."""
        said: dict[str, object] = {}
        if self.config_digest:
            said["containerimage.config.digest"] = self.config_digest
        if self.descriptor:
            said["containerimage.descriptor"] = dict(self.descriptor)
        if self.digest:
            said["containerimage.digest"] = self.digest
        if self.names:
            said["image.name"] = ",".join(self.names)
        return json.dumps(said, indent=2, ensure_ascii=False).encode()
