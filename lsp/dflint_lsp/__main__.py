"""`python -m dflint_lsp`: the server on standard input and output."""

from dflint_lsp.start import serve

if __name__ == "__main__":
    raise SystemExit(serve())
