"""The classes of the protocol that are made when they are used are those that `attrs` makes."""

from __future__ import annotations

import re
import subprocess
import sys

#: Prints, for each class, what it is built from; with `late` the server's way, else the library's.
DESCRIBE = """
import sys
if sys.argv[1] == "late":
    from dflint_lsp.quick_types import import_types
    import_types()
import attrs
import lsprotocol.types as types
from lsprotocol import converters
converter = converters.get_converter()
for name, cls in sorted(types.ALL_TYPES_MAP.items()):
    if isinstance(cls, type) and attrs.has(cls):
        for field in attrs.fields(cls):
            print(name, field.name, field.type, field.default, field.kw_only, field.validator)
        print(name, cls.__hash__ is None, cls.__eq__ is object.__eq__, cls.__match_args__)
"""

USE_BEFORE_MADE = """
from dflint_lsp.quick_types import import_types
import_types()
import lsprotocol.types as types
before = vars(types.Position)["__init__"]
one, two = types.Position(1, 2), types.Position(line=1, character=2)
assert vars(types.Position)["__init__"] is not before
assert vars(types.Hover)["__init__"] is before  # nobody used it
assert one == two != types.Position(3, 4)
assert repr(one) == "1:2", repr(one)
try:
    types.Position("a", 2)
except ValueError:
    pass
else:
    raise SystemExit("a wrong value was taken")
"""

FROM_MANY_THREADS = """
import threading
from dflint_lsp.quick_types import import_types
import_types()
import lsprotocol.types as types
names = [n for n, c in types.ALL_TYPES_MAP.items() if isinstance(c, type) and n.endswith("Options")]
gate, made = threading.Barrier(8), []
def use():
    gate.wait()
    for name in names:
        try:
            made.append(types.ALL_TYPES_MAP[name]())
        except TypeError as error:  # what needs values says so
            assert "missing" in str(error), error
threads = [threading.Thread(target=use) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(made) > 8 and len(made) % 8 == 0, len(made)
"""


def run(script: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def without_addresses(text: str) -> list[str]:
    return re.sub(r"0x[0-9a-f]+", "0x", text).splitlines()


def test_classes_are_as_the_library_makes_them() -> None:
    late, own = without_addresses(run(DESCRIBE, "late")), without_addresses(run(DESCRIBE, "own"))
    assert len(own) > 1500
    assert late == own


def test_a_class_is_made_when_it_is_called() -> None:
    run(USE_BEFORE_MADE)


def test_threads_may_use_a_class_at_once() -> None:
    run(FROM_MANY_THREADS)
