"""What the steps of one build do."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from dflint.build.digests import Digests
from dflint.build.images import Images
from dflint.build.layers import mark_alone
from dflint.build.result import Result
from dflint.build.running import Running
from dflint.build.trees import Trees
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.files.checksum import checksum
from dflint.files.copying import Copy, copy
from dflint.files.directories import make_directory
from dflint.graph.built_graph import BuiltGraph
from dflint.graph.ops import (
    CopyAction,
    ExecOp,
    FileOp,
    GitSource,
    HttpSource,
    ImageSource,
    MakeDirectory,
    NamedContextSource,
    ScratchSource,
)
from dflint.graph.vertex import Vertex, digest_of
from dflint.oci.digest import chain_ids
from dflint.snapshot.base import Snapshotter

_WHOLE = Copy(source="/", target="/")


class BuildWork:
    """The work of one build's vertices: see `dflint.build.solver.Work`.

    `transfer` is told how far an image's blobs are: vertex, digest, bytes done, bytes in all.
    """

    def __init__(
        self,
        store: ContentStore,
        graph: BuiltGraph,
        images: Images,
        trees: Trees,
        running: Running,
        snapshotter: Snapshotter,
        digests: Digests,
        transfer: Callable[[Vertex, str, int, int], None],
    ) -> None:
        self._store = store
        self._graph = graph
        self._images = images
        self._trees = trees
        self._running = running
        self._snapshotter = snapshotter
        self._digests = digests
        self._transfer = transfer

    def source_key(self, vertex: Vertex) -> str:
        """The key of an image is the chain id of its layers, that of files their digest."""
        op = vertex.op
        if isinstance(op, ImageSource):
            chain = chain_ids(self._images.find(op.reference, self._platform(op)).diff_ids)
            return chain[-1] if chain else ScratchSource.KIND
        if isinstance(op, ScratchSource):
            return ScratchSource.KIND
        with self._trees.reading(vertex):
            return checksum(self._trees.tree(vertex, ()), _WHOLE, self._digests)

    def definition(self, vertex: Vertex) -> object:
        """The operation, with all that tells its result apart.

        Of sources of a copy, whose content counts, that is no more than the last name.
        """
        op = vertex.op
        if isinstance(op, FileOp):
            actions = tuple(
                (_named(one), one.content, one.target, one.unpack, one.options.definition)
                for one in op.actions
            )
            return (actions, op.link, self._has_base(vertex, op))
        if isinstance(op, MakeDirectory):
            return (op.definition, self._graph.epoch)
        if isinstance(op, ExecOp):
            return (op.definition, self._graph.platform_of(vertex))
        return op.definition

    def stands_alone(self, vertex: Vertex) -> bool:
        """Whether a step makes a layer that does not depend on what is below it."""
        return isinstance(vertex.op, FileOp) and vertex.op.link

    def has_layers(self, vertex: Vertex) -> bool:
        """Whether the content of an input is that of a result."""
        return self._trees.has_layers(vertex)

    def content(self, vertex: Vertex, number: int, layers: Result) -> str:
        """The digest of all that a step takes from one of its inputs."""
        op, source = vertex.op, vertex.inputs[number]
        if isinstance(source.op, (HttpSource, GitSource)):
            return self._trees.digest(source)
        taken: list[Copy] = []
        if isinstance(op, FileOp):
            taken += [_copy_of(one, one.source) for one in op.actions if one.input == number]
        elif isinstance(op, ExecOp):
            taken += [
                Copy(source=one.source, target="/") for one in op.mounts if one.input == number
            ]
        if not self._trees.has_layers(source):
            return self._digest(source, (), taken, self._digests)
        said = tuple((one.source, one.parents, one.excludes) for one in taken)
        # Trees of layers are read where they are mounted: only what they are made of tells them.
        return self._digests.of_result(
            layers, said, lambda: self._digest(source, layers, taken, None)
        )

    def _digest(
        self, source: Vertex, layers: Result, taken: list[Copy], cache: Digests | None
    ) -> str:
        tree = self._trees.tree(source, layers)
        if self._trees.has_layers(source):
            return digest_of(tuple(checksum(tree, one, cache) for one in taken))
        with self._trees.reading(source):
            return digest_of(tuple(checksum(tree, one, cache) for one in taken))

    def run(
        self, vertex: Vertex, inputs: tuple[Result, ...], meanwhile: Callable[[], None]
    ) -> Result:
        """Do the work of a vertex."""
        op = vertex.op
        if isinstance(op, ExecOp):
            return self._running.run(vertex, op, inputs, meanwhile)
        meanwhile()
        if isinstance(op, FileOp):
            return self._copy(vertex, op, inputs)
        if isinstance(op, MakeDirectory):
            with self._snapshotter.prepare(inputs[0]) as draft:
                has_base = bool(inputs[0])
                make_directory(draft.root, op.path, op.owner, self._graph.epoch, has_base=has_base)
                return (*inputs[0], draft.commit())
        if isinstance(op, ImageSource):
            return self._images.layers(
                op.reference,
                self._platform(op),
                lambda digest, done, total: self._transfer(vertex, digest, done, total),
            )
        if isinstance(op, NamedContextSource):
            with self._snapshotter.prepare(()) as draft:
                copy(self._trees.tree(vertex, ()), _WHOLE, draft.root)
                return (draft.commit(),)
        if isinstance(op, ScratchSource):
            return ()
        raise BuildError(f"cannot build `{op.KIND}`")

    def _copy(self, vertex: Vertex, op: FileOp, inputs: tuple[Result, ...]) -> Result:
        has_base = self._has_base(vertex, op)
        with self._snapshotter.prepare(() if op.link else inputs[0]) as draft:
            for action in op.actions:
                tree, path = None, action.source
                if action.input > 0:
                    source = vertex.inputs[action.input]
                    tree = self._trees.tree(source, inputs[action.input])
                    path = self._trees.path(source, action.source)
                copy(tree, _copy_of(action, path), draft.root, has_base=has_base)
            layer = draft.commit()
        if op.link:
            mark_alone(self._store, layer)
        return (*inputs[0], layer)

    @staticmethod
    def _has_base(vertex: Vertex, op: FileOp) -> bool:
        """Whether names of owners can be looked up in what is copied to."""
        return not op.link and not isinstance(vertex.inputs[0].op, ScratchSource)

    def _platform(self, op: ImageSource) -> str:
        return op.platform or self._graph.build.platform


def _copy_of(action: CopyAction, path: str) -> Copy:
    options = action.options
    return Copy(
        source=path,
        target=action.target,
        content=action.content,
        unpack=action.unpack,
        owner=options.owner,
        mode=options.mode,
        parents=options.parents,
        excludes=options.excludes,
    )


def _named(action: CopyAction) -> str:
    """What counts of a source's path; --parents keeps all of it."""
    return action.source if action.options.parents else posixpath.basename(action.source)
