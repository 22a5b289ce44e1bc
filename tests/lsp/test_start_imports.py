"""What the server does without when it starts."""

from __future__ import annotations

import subprocess
import sys

CODE = f"""
import sys
sys.path[:0] = {sys.path!r}
from dflint_lsp.start import _import_asyncio
_import_asyncio()
assert "asyncio" in sys.modules and "ssl" not in sys.modules
import asyncio, ssl
asyncio.run(asyncio.sleep(0))
assert asyncio.base_events.ssl is None
ssl.create_default_context()
_import_asyncio()
assert "ssl" in sys.modules
"""


def test_asyncio_comes_without_tls_which_stays_to_be_had():
    done = subprocess.run([sys.executable, "-S", "-c", CODE], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
