"""Steps that run side by side import what they need when they need it."""

from __future__ import annotations

import subprocess
import sys

# One thread is within the package when another begins to import what stands on it.
_SIDE_BY_SIDE = """
import sys, threading, time
failures = []
def begin(name):
    try:
        __import__(name)
    except BaseException as error:
        failures.append(f"{name}: {error}")
other = threading.Thread(target=begin, args=("dflint.files.unpacking",))
def watch(event, arguments):
    if event == "import" and arguments[0] == WHEN and other.ident is None:
        other.start()
        time.sleep(0.3)
import dflint.errors, dflint.files
sys.addaudithook(watch)
begin("dflint.layer")
other.join()
print(failures)
"""


def test_the_package_is_imported_by_several_threads():
    for when in ("dflint.layer.apply", "dflint.layer.reader", "dflint.layer.compression"):
        code = f"WHEN = {when!r}\n{_SIDE_BY_SIDE}"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

        assert done.stdout == b"[]\n", when
