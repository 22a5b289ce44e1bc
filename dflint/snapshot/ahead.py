"""Layers to be filled by processes, made while nobody waits for them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from dflint.content.files import naming, remove_tree
from dflint.snapshot.base import LayerDraft, LayerStore
from dflint.snapshot.traces import FILES, Folder, adopt_folder, make_places


class Ahead:
    """Drafts of a store with places for a process' own files; from several threads at once."""

    def __init__(self, store: LayerStore) -> None:
        self._store = store
        self._ready: list[tuple[contextlib.ExitStack, LayerDraft]] = []

    def make(self) -> None:
        """Make one more; raises BuildError."""
        with contextlib.ExitStack() as held:
            made = held.enter_context(self._store.new_layer())
            with naming(made.path):
                make_places(os.path.join(made.path, "tree"), FILES)
            self._ready.append((held.pop_all(), made))

    @contextlib.contextmanager
    def taken(self, folder: Folder | None) -> Iterator[LayerDraft]:
        """A draft for a process; it has places where its root has such a `folder`."""
        with contextlib.ExitStack() as held:
            try:
                ready, made = self._ready.pop()
            except IndexError:
                made = held.enter_context(self._store.new_layer())
                is_ready = False
            else:
                held.push(ready)
                is_ready = True
            tree = os.path.join(made.path, "tree")
            if is_ready and (folder is None or folder.missing != FILES):
                remove_tree(os.path.join(tree, "etc"))
                is_ready = False
            if folder is not None:
                with naming(tree):
                    if not is_ready:
                        make_places(tree, folder.missing)
                    adopt_folder(tree, folder)
            yield made

    def close(self) -> None:
        """Remove those that nobody wanted."""
        while self._ready:
            self._ready.pop()[0].close()
