"""`python -m dflint`."""

from dflint.cli.main import run

if __name__ == "__main__":
    run()
