"""Debian's `docker-registry` for tests, and connections that break on the way to it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress

import pytest

PROGRAM = "docker-registry"
needs_server = pytest.mark.skipif(
    shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed"
)


def free_port():
    """A port of 127.0.0.1 that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def real_registry(folder, auth=""):
    """A registry that keeps its files in a folder; its address. `auth` is YAML for `auth:`."""
    port = free_port()
    config = folder / "config.yml"
    config.write_text(
        "version: 0.1\n"
        "log: {level: error, accesslog: {disabled: true}}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder}/data}}}}\n"
        f'http: {{addr: "127.0.0.1:{port}"}}\n' + (f"auth: {auth}\n" if auth else "")
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, "serve", str(config)], stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(port, process):
    """Wait until somebody listens at a port."""
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"{PROGRAM} does not start")


class CuttingProxy:
    """Passes connections on to a port, and cuts those that are told, after so many bytes.

    `cuts` are the bytes that clients may send (`up`) or get (`down`) before the next cuts.
    """

    def __init__(self, port, up=(), down=()):
        self._port = port
        self._cuts = {"up": list(up), "down": list(down)}
        self.done = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            for way, source, target in (("up", client, server), ("down", server, client)):
                threading.Thread(target=self._pass, args=(way, source, target), daemon=True).start()

    def _pass(self, way, source, target):
        passed = 0
        try:
            while data := source.recv(1 << 16):
                passed += len(data)
                target.sendall(data)
                with self._lock:
                    cuts = self._cuts[way]
                    if cuts and passed >= cuts[0]:
                        self.done.append((way, cuts.pop(0)))
                        break
        except OSError:
            pass
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
