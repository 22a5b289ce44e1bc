"""`python -m dflint`, and the `dflint` command.

Until the command line is looked at, Ctrl-C ends the process as it ends any other program: there is
nothing to clean up yet, and a traceback of imports says nothing to anybody.
"""

import _signal  # type: ignore[import-not-found]  # `signal` takes longer to import

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

from dflint.cli.main import run

if __name__ == "__main__":
    run()
