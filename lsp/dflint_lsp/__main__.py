"""`python -m dflint_lsp`: the server on standard input and output."""

import os
import sys

from dflint_lsp.start import serve

if __name__ == "__main__":
    status = serve()
    sys.stderr.flush()
    # A check that still runs in its thread is of no use to anybody.
    os._exit(status)
