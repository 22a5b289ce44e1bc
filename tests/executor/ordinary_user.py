"""Run by a test as an ordinary user: enters a user namespace, makes a layer, reports as JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading

from dflint.errors import UnsupportedError
from dflint.executor.choose import choose as choose_executor
from dflint.executor.process import FileMount, Process
from dflint.kernel.userns import enter_user_namespace
from dflint.snapshot.choose import choose as choose_snapshots
from tests.running import Collector, FolderStore

COMMAND = """
id -u; grep CapEff /proc/self/status; cat /run/secrets/s; hostname
head -c 2 /dev/zero | wc -c; ls -d /sys/kernel
chown 33:33 /etc/group && stat -c %u /etc/group
rm -r /home && mkdir /home; mkdir /made; touch /sys/x 2>/dev/null || echo read-only
"""


def main(busybox, folder):
    try:
        enter_user_namespace()
    except UnsupportedError as error:
        print(json.dumps({"unsupported": str(error)}))
        return
    executor = choose_executor()
    store = FolderStore(f"{folder}/store")
    snapshots = choose_snapshots(store)
    with store.new_layer() as draft:
        shutil.copytree(busybox, f"{draft.path}/tree", symlinks=True, dirs_exist_ok=True)
        base = draft.commit()
    results = {"snapshots": snapshots.name}
    with snapshots.prepare((base,)) as draft:
        for user in ("", "games"):
            output = Collector()
            process = Process(
                (
                    "/bin/sh",
                    "-c",
                    COMMAND if not user else "id -u; id -g; grep CapEff /proc/self/status",
                ),
                ("PATH=/bin",),
                user=user,
                mounts=(FileMount("/run/secrets/s", b"secret\n"),),
            )
            status = executor.run(draft.root, process, output, threading.Event())
            results[user] = [status, output.text(1), output.text(2)]
        layer = draft.commit()
    executor.close()
    with snapshots.view((base, layer)) as root:
        results["home"] = os.listdir(f"{root}/home")
    tree = store.layer(layer).tree
    results["layer"] = sorted(os.listdir(tree))
    results["attributes"] = os.listxattr(f"{tree}/home")
    print(json.dumps(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
