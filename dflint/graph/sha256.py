"""SHA-256, without what OpenSSL takes to load.

`hashlib` gives OpenSSL's, whose library takes five milliseconds to load: more than a run over a
file or two takes for all of its digests.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        if sys.version_info >= (3, 12):
            from _sha2 import sha256
        else:
            from _sha256 import sha256
    except ImportError:  # an interpreter with another implementation
        from hashlib import sha256

__all__ = ["sha256"]
