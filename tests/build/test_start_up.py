"""What a build imports that needs nothing from elsewhere: its start-up is a budget, too."""

from __future__ import annotations

import subprocess
import sys

FORBIDDEN = {
    "asyncio", "email", "concurrent.futures", "http.client", "logging", "ssl", "subprocess",
    "tarfile", "urllib.request", "urllib3", "uuid",
    "dflint.build.exporter.layout", "dflint.build.local_cache",
    "dflint.executor.bubblewrap", "dflint.executor.runtime",
    "dflint.layer.apply", "dflint.registry.options", "dflint.registry.pull",
    "dflint.registry.resolve", "dflint.sources.git", "dflint.sources.http", "dflint.web.client",
}  # fmt: skip


def test_a_build_imports_no_network_code():
    code = (
        f"import sys; sys.path[:0] = {sys.path!r}; import dflint.cli.build, dflint.build.builder; "
        "sys.stdout.write(' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )

    assert not FORBIDDEN & set(done.stdout.split())
