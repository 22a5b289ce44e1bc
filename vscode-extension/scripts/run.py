"""Runs the dflint that an extension brings along: `python run.py VERB ...`.

Beside it stand `any`, the packages that run on every Python, and `abi3` and `cp311` and so on, the
compiled parts of one system.
"""

import os
import runpy
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
_TAG = "cp{}{}".format(*sys.version_info[:2])

if not os.path.isdir(os.path.join(_HERE, _TAG)):
    sys.exit(f"the bundled dflint has no parts for Python {sys.version.split()[0]}")
_PLACES = [os.path.join(_HERE, one) for one in ("any", _TAG, "abi3")]
# Also for the processes that dflint starts.
os.environ["PYTHONPATH"] = os.pathsep.join(_PLACES)
sys.path[:] = _PLACES + [one for one in sys.path if os.path.abspath(one or ".") != _HERE]
runpy.run_module("dflint", run_name="__main__", alter_sys=True)
