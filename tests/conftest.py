"""Fixtures that every test can use."""

from __future__ import annotations

import itertools
import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent

# A shell that starts tests in the background has them, and all that they start, ignore Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says what else the machine does.
settings.register_profile("dflint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dflint")


def shared_folder() -> Path | None:
    """The folder of shared material beside the checkout, when it is there."""
    place = Path(os.environ.get("DFLINT_SHARED", ROOT.parent / "shared"))
    return place if (place / "corpus").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material; skips when this machine has none."""
    place = shared_folder()
    if place is None:
        pytest.skip("the corpus and the recorded results of other tools are not on this machine")
    return place


@pytest.fixture(scope="session")
def busybox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small root file system with a shell, to be read; copy it to change it."""
    from dflint.testing.images import busybox_root

    place = tmp_path_factory.mktemp("busybox")
    kept = ROOT / ".cache" / "busybox"
    return Path(busybox_root(str(place / "root"), str(kept)))


@pytest.fixture(scope="session")
def busybox_layout(busybox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OCI image layout with one image, tagged `latest`, of the small root file system."""
    from dflint.testing.images import write_layout

    place = tmp_path_factory.mktemp("layout") / "busybox"
    write_layout(str(busybox), str(place))
    return place


@pytest.fixture(scope="session")
def mount_namespace() -> None:
    """Keeps the mounts of the tests to the tests' process; skips where none can be made."""
    from dflint.kernel.userns import enter_mount_namespace
    from tests.running import mounts_are_possible

    if not mounts_are_possible():
        pytest.skip("mounting needs root with CAP_SYS_ADMIN")
    enter_mount_namespace()


_numbers = itertools.count()


@pytest.fixture(autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A place for the result cache of each test, so that none sees what another has left."""
    place = tmp_path_factory.getbasetemp() / f"cache-{next(_numbers)}"
    before = os.environ.get("DFLINT_CACHE_DIR")
    os.environ["DFLINT_CACHE_DIR"] = str(place)
    yield place
    if before is None:
        del os.environ["DFLINT_CACHE_DIR"]
    else:
        os.environ["DFLINT_CACHE_DIR"] = before
