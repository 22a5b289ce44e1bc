"""The solver: what is worked out, what is taken from the records, and what goes wrong."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from dflint.build.solver import Cancelled, Solver, StepError
from dflint.errors import BuildError
from dflint.graph.lower import lower
from dflint.graph.ops import ContextSource, FileOp, ImageSource
from dflint.lint.document import Document
from dflint.text.source import Source

if TYPE_CHECKING:
    from dflint.build.result import Result
    from dflint.graph.vertex import Vertex


def graph(text: str):
    doc = Document(Source("Dockerfile", text.encode()))
    return lower(doc.tree, doc.model, {})


def show(vertex: Vertex) -> str:
    op = vertex.op
    if isinstance(op, ImageSource):
        return op.reference
    if isinstance(op, FileOp):
        return "COPY " + op.actions[0].source
    return vertex.instruction.code.strip()


class Bench:
    """Work that does nothing but write down what was asked of it."""

    def __init__(self, contents=None, failing="", meet=None):
        self.records: dict[str, Result] = {}
        self.known: set[str] = set()
        self.contents = contents or {}
        self.failing = failing
        self.meet = meet
        self.run_: list[str] = []
        self.events: list[str] = []
        self.lock = threading.Lock()

    # Work
    def source_key(self, vertex):
        return show(vertex)

    def definition(self, vertex):
        return vertex.op.definition

    def stands_alone(self, vertex):
        return isinstance(vertex.op, FileOp) and vertex.op.link

    def has_layers(self, vertex):
        return not isinstance(vertex.op, ContextSource)

    def content(self, vertex, number, layers):
        return self.contents.get(show(vertex), "") if not layers else str(len(layers))

    def run(self, vertex, inputs, meanwhile):
        meanwhile()
        if self.meet is not None and not isinstance(vertex.op, ImageSource):
            self.meet.wait(5)
        if show(vertex) == self.failing:
            raise BuildError("it broke")
        with self.lock:
            self.run_.append(show(vertex))
            return (*(inputs[0] if inputs else ()), str(len(self.run_)))

    # Records
    def find(self, key):
        return self.records.get(key)

    def add(self, key, result, vertex):
        with self.lock:
            self.records[key] = result

    def write(self):
        pass

    def is_new(self, step):
        with self.lock:
            is_new = step not in self.known
            self.known.add(step)
        return is_new

    # Reporter
    def started(self, vertex):
        self.events.append("started " + show(vertex))

    def cached(self, vertex):
        self.events.append("cached " + show(vertex))

    def completed(self, vertex):
        self.events.append("completed " + show(vertex))

    def failed(self, vertex, error):
        self.events.append(f"failed {show(vertex)}: {error}")

    def solve(self, text, is_fresh=lambda vertex: False, jobs=4):
        self.run_.clear()
        self.events.clear()
        solver = Solver(self, self, self, is_fresh, jobs)
        found = graph(text)
        return solver.solve([found.stages[-1].last])


CHAIN = "FROM a\nRUN one\nCOPY x /x\nRUN two\n"


def test_works_out_each_step_once_and_then_none():
    bench = Bench()
    (first,) = bench.solve(CHAIN)
    assert bench.run_ == ["docker.io/library/a:latest", "RUN one", "COPY /x", "RUN two"]
    (second,) = bench.solve(CHAIN)
    assert bench.run_ == [], "not even the base image is fetched"
    assert second == first
    assert bench.events == [
        "cached docker.io/library/a:latest",
        "cached RUN one",
        "cached COPY /x",
        "cached RUN two",
    ]


def test_a_changed_step_does_those_behind_it_again():
    bench = Bench()
    bench.solve(CHAIN)
    bench.solve(CHAIN.replace("two", "three"))
    assert bench.run_ == ["RUN three"]


def test_changed_content_counts_and_the_same_elsewhere_does_not():
    bench = Bench({"COPY /x": "1"})
    bench.solve(CHAIN)
    bench.contents["COPY /x"] = "2"
    bench.solve(CHAIN)
    assert bench.run_ == ["COPY /x", "RUN two"]
    bench.contents["COPY /x"] = "1"
    bench.solve(CHAIN)
    assert bench.run_ == []


class LateBench(Bench):
    """Work whose unknown steps are not looked up before a known one was told of."""

    def __init__(self):
        super().__init__()
        self.told = threading.Event()

    def find(self, key):
        if key not in self.records:
            assert self.told.wait(5)
        return super().find(key)

    def cached(self, vertex):
        super().cached(vertex)
        if show(vertex) == "RUN make":
            self.told.set()


def test_what_was_told_as_cached_is_not_told_again_when_it_is_wanted():
    bench = LateBench()
    bench.told.set()
    bench.solve("FROM a\nRUN make\n")
    bench.told.clear()
    bench.events.clear()
    bench.run_.clear()
    found = graph("FROM a AS one\nRUN make\nFROM a\nRUN x\n")
    solver = Solver(bench, bench, bench, lambda vertex: False, 4)
    solver.solve([stage.last for stage in found.stages])
    assert bench.run_ == ["docker.io/library/a:latest", "RUN x"]
    told = [one.split()[0] for one in bench.events if one.endswith("a:latest")]
    assert told == ["cached"]


STAGES = """\
FROM a AS one
RUN make
FROM b AS two
RUN build
FROM c
RUN x
COPY --from=one /m /
COPY --from=two /b /
"""


def test_a_stage_whose_content_stays_ends_the_chain_of_changes():
    bench = Bench()
    bench.solve(STAGES)
    bench.solve(STAGES.replace("make", "make again"))
    image, step = bench.run_
    assert image == "docker.io/library/a:latest" and step == "RUN make again", (
        "its content is what it was, so the COPY holds"
    )


def test_stages_work_side_by_side():
    bench = Bench(meet=threading.Barrier(3))
    text = STAGES.replace("COPY --from=one /m /\nCOPY --from=two /b /\n", "")
    text += "RUN --mount=from=one,target=/1 --mount=from=two,target=/2 y\n"
    # Three RUNs can only meet when they run at the same time: x of the target, make, and build.
    bench.meet = threading.Barrier(3)
    with pytest.raises(threading.BrokenBarrierError):
        bench.solve(text)  # the last RUN waits alone, for nobody
    assert sorted(bench.run_) == [
        "RUN build",
        "RUN make",
        "RUN x",
        "docker.io/library/a:latest",
        "docker.io/library/b:latest",
        "docker.io/library/c:latest",
    ]


def test_no_more_than_the_jobs_work_at_a_time():
    bench = Bench(meet=threading.Barrier(2))
    with pytest.raises(threading.BrokenBarrierError):
        bench.solve(STAGES, jobs=1)


class SlowReading(Bench):
    """Reads the context when the first RUN is done, or has been waited for in vain."""

    def __init__(self):
        super().__init__()
        self.has_run = threading.Event()
        self.was_ahead: list[bool] = []
        self.patience = 5.0

    def run(self, vertex, inputs, meanwhile):
        result = super().run(vertex, inputs, meanwhile)
        if show(vertex).startswith("RUN"):
            self.has_run.set()
        return result

    def content(self, vertex, number, layers):
        self.was_ahead.append(self.has_run.wait(self.patience))
        return super().content(vertex, number, layers)


def test_what_is_below_a_new_step_is_worked_out_while_its_files_are_read():
    bench = SlowReading()
    bench.solve("FROM base\nRUN one\nCOPY a /\nRUN two\nCOPY b /\n")
    assert bench.was_ahead == [True, True]
    assert bench.run_[1:] == ["RUN one", "COPY /a", "RUN two", "COPY /b"]


def test_nothing_is_worked_out_ahead_of_a_step_that_was_done_before():
    bench = SlowReading()
    bench.solve("FROM base\nRUN one\nCOPY a /\n")
    bench.has_run.clear()
    bench.patience = 0.1
    bench.records = {key: one for key, one in bench.records.items() if len(one) == 3}
    bench.solve("FROM base\nRUN one\nCOPY a /\n")
    assert bench.was_ahead == [True, False]
    assert not bench.run_


def test_steps_that_no_record_counts_for_run_and_what_follows_holds():
    bench = Bench()
    bench.solve(STAGES)
    bench.solve(STAGES, is_fresh=lambda vertex: vertex.stage == 0)
    assert bench.run_ == ["docker.io/library/a:latest", "RUN make"]


class Slower(Bench):
    """Its last stage gets no further before a step of another has failed."""

    def __init__(self, failing):
        super().__init__(failing=failing)
        self.has_failed = threading.Event()

    def run(self, vertex, inputs, meanwhile):
        if show(vertex) == "RUN x":
            assert self.has_failed.wait(20)
        return super().run(vertex, inputs, meanwhile)

    def failed(self, vertex, error):
        super().failed(vertex, error)
        self.has_failed.set()


def test_a_failure_names_the_step_and_ends_the_others():
    bench = Slower(failing="RUN build")
    with pytest.raises(StepError) as caught:
        bench.solve(STAGES)
    assert show(caught.value.vertex) == "RUN build"
    assert not isinstance(caught.value.cause, Cancelled)
    assert [one for one in bench.events if one.startswith("failed")] == [
        "failed RUN build: it broke"
    ]
    assert "COPY /m" not in bench.run_


def test_what_was_done_before_a_failure_stays():
    bench = Bench(failing="RUN two")
    with pytest.raises(StepError):
        bench.solve(CHAIN)
    bench.failing = ""
    bench.solve(CHAIN)
    assert bench.run_ == ["RUN two"]


def test_a_link_is_found_whatever_is_below_it():
    text = "FROM a\nRUN one\nCOPY --link x /x\n"
    bench = Bench()
    bench.solve(text)
    bench.solve(text.replace("one", "two"))
    assert bench.run_ == ["docker.io/library/a:latest", "RUN two"]
    assert "cached COPY /x" in bench.events


def test_what_is_below_a_link_counts_for_what_is_above():
    text = "FROM a\nRUN one\nCOPY --link x /x\nRUN above\n"
    bench = Bench()
    bench.solve(text)
    bench.solve(text.replace("one", "two"))
    assert bench.run_ == ["docker.io/library/a:latest", "RUN two", "RUN above"]
    bench.solve(text)
    assert bench.run_ == []


def test_thousands_of_steps_and_stages():
    bench = Bench()
    bench.solve("FROM a\n" + "".join(f"RUN {number}\n" for number in range(3000)))
    assert len(bench.run_) == 3001
    stages = "".join(f"FROM s{at} AS s{at + 1}\nRUN stage {at}\n" for at in range(600))
    copies = "".join(f"COPY --from=s{at + 1} /{at} /\n" for at in range(600))
    bench.solve("FROM a AS s0\n" + stages + copies)
    assert sum(one.startswith("RUN") for one in bench.run_) == 600


class LateRecords(Bench):
    """Keeps records no earlier than it has to, and fails to for some time."""

    def __init__(self, failures=0, failing=""):
        super().__init__(failing=failing)
        self.new = {}
        self.failures = failures

    def run(self, vertex, inputs, meanwhile):
        self.events.append(f"{show(vertex)} with {len(self.records)}")
        return super().run(vertex, inputs, meanwhile)

    def add(self, key, result, vertex):
        self.new[key] = result

    def write(self):
        if self.new and self.failures:
            self.failures -= 1
            raise BuildError("no space")
        self.records |= self.new
        self.new.clear()


def test_results_are_kept_while_the_next_step_works():
    bench = LateRecords()
    bench.solve("FROM a\nRUN one\nRUN two\nRUN three\n")
    assert [one for one in bench.events if one.startswith("RUN")] == [
        "RUN one with 0",
        "RUN two with 0",
        "RUN three with 1",
    ]
    assert len(bench.records) == 3


def test_what_was_done_before_a_failure_is_kept_however_late():
    bench = LateRecords(failing="RUN two")
    with pytest.raises(StepError):
        bench.solve("FROM a\nRUN one\nRUN two\n")
    assert len(bench.records) == 1


@pytest.mark.parametrize(("failures", "fails"), [(1, False), (9, True)])
def test_a_result_that_cannot_be_kept_is_tried_again_and_counts_at_the_end(failures, fails):
    bench = LateRecords(failures)
    text = "FROM a\nRUN one\nRUN two\n"
    if fails:
        with pytest.raises(BuildError, match="no space"):
            bench.solve(text)
    else:
        bench.solve(text)
    assert bench.run_[1:] == ["RUN one", "RUN two"]
    assert len(bench.records) == (0 if fails else 2)
