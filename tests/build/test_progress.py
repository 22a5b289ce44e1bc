"""Progress: what is said by parts of a build, and how each printer shows it."""

from __future__ import annotations

import base64
import json
import threading

import pytest

from dflint.build.progress.cells import cut, fill, width_of
from dflint.build.progress.events import SourceLines
from dflint.build.progress.plain import PlainPrinter
from dflint.build.progress.quiet import QuietPrinter
from dflint.build.progress.rawjson import JsonPrinter
from dflint.build.progress.words import clock_time, overwritten, source_block
from dflint.errors import BuildError, InternalError
from dflint.text.go_units import byte_count
from tests.build.progress_run import FALSE, Run, failed


def test_plain_text_is_what_buildkit_prints():
    run = Run(PlainPrinter)
    run.progress.declare("b", "[builder 2/2] RUN make")
    run.progress.begin("a", "[builder 1/2] FROM busybox")
    run.progress.cached("a")
    run.progress.begin("b")
    run.after(0.123).log("b", 1, b"output\n")
    run.after(12).log("b", 2, b"more\n")
    run.progress.complete("b")
    run.progress.close()

    assert run.text == (
        "#1 [builder 1/2] FROM busybox\n#1 CACHED\n\n"
        "#2 [builder 2/2] RUN make\n#2 0.123 output\n#2 12.12 more\n#2 DONE 12.1s\n"
    )


def test_a_failure_ends_with_the_log_and_the_lines_of_the_dockerfile():
    run = Run(PlainPrinter)
    run.progress.begin("b", "[2/2] RUN false")
    run.after(0.1).log("b", 1, b"log\nno end")
    run.progress.fail("b", FALSE)
    run.progress.close(failed())

    assert (
        run.text
        == f"""#1 [2/2] RUN false
#1 0.100 log
#1 0.100 no end
#1 ERROR: {FALSE}
------
 > [2/2] RUN false:
0.100 log
0.100 no end
------
Dockerfile:2
--------------------
   1 |     FROM busybox
   2 | >>> RUN false
   3 |     {""}
--------------------
ERROR: failed to build: failed to solve: {FALSE}
"""
    )


def test_the_block_of_a_failure_has_the_last_lines():
    run = Run(PlainPrinter)
    run.progress.begin("b", "RUN x")
    run.progress.log("b", 1, b"".join(b"line %d\n" % number for number in range(30)))
    run.progress.fail("b", FALSE)
    run.progress.close(failed())

    block = run.text.partition(" > RUN x:\n")[2].partition("------")[0]
    assert [line.split()[-1] for line in block.splitlines()] == [str(n) for n in range(20, 30)]


def test_steps_at_the_same_time_do_not_mix_their_lines():
    run = Run(PlainPrinter)
    run.progress.begin("a", "A")
    run.progress.begin("b", "B")
    run.progress.log("a", 1, b"a1\n")
    run.progress.log("b", 1, b"b1\n")
    run.progress.log("a", 1, b"a2\n")
    run.progress.complete("a")
    run.progress.log("b", 1, b"b2\n")
    run.progress.complete("b")
    run.progress.close()

    assert run.text == (
        "#1 A\n#1 0.000 a1\n#1 0.000 a2\n#1 DONE 0.0s\n\n"
        "#2 B\n#2 0.000 b1\n#2 0.000 b2\n#2 DONE 0.0s\n"
    )


def test_a_step_that_is_done_is_told_at_once():
    run = Run(PlainPrinter)
    run.progress.begin("a", "A")
    run.progress.begin("b", "B")
    run.progress.complete("b")
    run.progress.log("a", 1, b"a1\n")

    assert run.text == "#1 A\n#1 ...\n\n#2 B\n#2 DONE 0.0s\n\n#1 A\n#1 0.000 a1\n"


def test_a_step_that_has_waited_long_gets_the_floor():
    run = Run(PlainPrinter)
    run.progress.begin("a", "A")
    run.progress.begin("b", "B")
    run.progress.log("b", 1, b"b1\n")
    run.tick(4)
    assert "b1" not in run.text

    run.tick(2)

    assert run.text == "#1 A\n#1 ...\n\n#2 B\n#2 0.000 b1\n"


def test_output_without_a_line_end_is_shown_after_a_while():
    run = Run(PlainPrinter)
    run.progress.begin("a", "A")
    run.progress.log("a", 1, b"Go on? ")
    assert run.text == "#1 A\n"

    run.tick(2)
    run.progress.log("a", 1, b"yes\nnext\n")

    assert run.text == "#1 A\n#1 0.000 Go on? yes\n#1 2.000 next\n"


def test_characters_cut_by_a_write_are_put_together():
    run = Run(PlainPrinter)
    data = "häß 你好\n".encode()
    run.progress.begin("a", "A")
    for at in range(len(data)):
        run.progress.log("a", 1, data[at : at + 1])
    run.progress.log("a", 1, b"\xff\xc3")
    run.progress.complete("a")

    assert "#1 0.000 häß 你好\n#1 0.000 \N{REPLACEMENT CHARACTER}" in run.text


def test_transfers_are_told_when_they_are_done_or_long():
    run = Run(PlainPrinter)
    run.progress.begin("a", "A")
    run.progress.status("a", "transferring context:", 0)
    run.after(1).progress = run.progress
    run.progress.status("a", "transferring context:", 10)
    run.after(5).status("a", "transferring context:", 1500)
    run.after(1).status("a", "transferring context:", 2_000_000, is_done=True)
    run.progress.status("a", "sha256:0", 5, 10, is_done=True)

    assert run.text == (
        "#1 A\n#1 transferring context: 1.50kB 6.0s\n"
        "#1 transferring context: 2.00MB 7.0s done\n#1 sha256:0 5B / 10B done\n"
    )


def test_warnings_are_told_again_at_the_end():
    run = Run(PlainPrinter)
    run.progress.begin("a", "A")
    run.progress.warn("a", "StageNameCasing: Stage name 'Foo' should be lowercase (line 1)")
    run.progress.complete("a")
    run.progress.close()

    assert run.text.endswith(
        "\n 1 warning found:\n - StageNameCasing: Stage name 'Foo' should be lowercase (line 1)\n"
    )


def test_steps_that_still_run_when_the_build_fails_are_cancelled():
    run = Run(PlainPrinter)
    run.progress.begin("a", "A")
    run.progress.begin("b", "B")
    run.progress.fail("b", FALSE)
    run.progress.close(failed())

    assert "#1 CANCELED\n" in run.text
    assert f"#2 ERROR: {FALSE}\n" in run.text


def test_a_block_that_fails_is_a_step_that_fails():
    run = Run(PlainPrinter)
    with pytest.raises(BuildError), run.progress.step("[internal] load"):
        raise BuildError("no such file")

    assert run.text == "#1 [internal] load\n#1 ERROR: no such file\n"


def test_a_block_that_is_interrupted_is_a_step_that_is_cancelled():
    run = Run(PlainPrinter)
    with pytest.raises(KeyboardInterrupt), run.progress.step("load"):
        raise KeyboardInterrupt

    assert run.text == "#1 load\n#1 CANCELED\n"


def test_nothing_is_said_after_the_end():
    run = Run(PlainPrinter)
    run.progress.close()
    run.progress.begin("a", "A")

    assert run.text == ""


def test_a_step_that_nobody_declared_cannot_end():
    with pytest.raises(InternalError):
        Run(PlainPrinter).progress.complete("a")


def test_events_of_many_threads_are_all_printed():
    run = Run(PlainPrinter)
    run.printer.interval = 0.001

    def work(name):
        run.progress.begin(name, name)
        for number in range(50):
            run.progress.log(name, 1, b"%s %d\n" % (name.encode(), number))
        run.progress.complete(name)

    threads = [threading.Thread(target=work, args=(f"step{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.progress.close()

    lines = [line.split()[2:] for line in run.text.splitlines() if " step" in line[2:]]
    for number in range(8):
        said = [int(line[1]) for line in lines if len(line) == 2 and line[0] == f"step{number}"]
        assert said == list(range(50))
    assert run.text.count(" DONE ") == 8


def test_json_has_the_fields_of_buildkit():
    run = Run(JsonPrinter)
    run.progress.declare("b", "B", ("a",))
    run.progress.begin("b")
    run.after(0.5).log("b", 2, b"x\n")
    run.progress.status("b", "extracting", 1, 2)
    run.progress.cached("b")
    run.progress.warn("b", "short", ("detail",), "https://example.org", failed().source)
    objects = [json.loads(line) for line in run.text.splitlines()]

    started = "1970-01-01T00:16:40.000000Z"
    assert objects[:4] == [
        {"vertexes": [{"digest": "b", "inputs": ["a"], "name": "B"}]},
        {"vertexes": [{"digest": "b", "inputs": ["a"], "name": "B", "started": started}]},
        {"logs": [{"vertex": "b", "stream": 2, "data": "eAo=",
                   "timestamp": "1970-01-01T00:16:40.500000Z"}]},
        {"statuses": [{"id": "extracting", "vertex": "b", "total": 2, "current": 1,
                       "timestamp": "1970-01-01T00:16:40.500000Z",
                       "started": "1970-01-01T00:16:40.500000Z"}]},
    ]  # fmt: skip
    assert objects[4]["vertexes"][0]["cached"] is True
    warning = objects[5]["warnings"][0]
    assert base64.b64decode(warning["short"]) == b"short"
    assert warning["range"] == [{"start": {"line": 2}, "end": {"line": 2}}]
    assert warning["sourceInfo"]["filename"] == "Dockerfile"


def test_json_tells_a_failure_as_an_object_and_rawjson_as_text():
    run = Run(JsonPrinter)
    run.progress.close(failed())
    raw = Run(JsonPrinter, is_raw=True)
    raw.progress.close(failed())

    assert json.loads(run.text) == {
        "failure": {
            "message": FALSE,
            "vertex": "b",
            "filename": "Dockerfile",
            "range": [{"start": {"line": 2}, "end": {"line": 2}}],
        }
    }
    assert raw.text.startswith("Dockerfile:2\n")
    assert raw.text.endswith(f"ERROR: failed to build: failed to solve: {FALSE}\n")


def test_quiet_tells_only_why_a_build_failed():
    run = Run(QuietPrinter)
    run.progress.begin("b", "RUN false")
    run.progress.log("b", 1, b"why\n")
    run.progress.fail("b", FALSE)
    assert run.text == ""

    run.progress.close(failed())

    assert run.text.startswith("------\n > RUN false:\n0.000 why\n------\nDockerfile:2\n")


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [(((1, 1),), 1, 3), (((5, 5),), 3, 7), (((9, 9),), 7, 9), (((4, 6),), 3, 7)],
)
def test_lines_around_those_that_are_meant(lines, first, last):
    source = SourceLines("d", "\n".join(f"line {number}" for number in range(1, 10)), lines)
    numbers = [int(line.split()[0]) for line in source_block(source)[2:-1]]

    assert numbers == list(range(first, last + 1))


def test_lines_that_are_not_there_are_not_shown():
    assert source_block(SourceLines("d", "a", ((7, 7),))) == []
    assert source_block(SourceLines("d", "a", ())) == []


@pytest.mark.parametrize(
    ("second", "text"), [(0.0, "0.000"), (9.9994, "9.999"), (12.34, "12.34"), (1234.5, "1234")]
)
def test_times_of_output(second, text):
    assert clock_time(second) == text


def test_sizes():
    sizes = [byte_count(size) for size in (0, 999, 1036815, 2_500_000_000)]
    assert sizes == ["0B", "999B", "1.04MB", "2.50GB"]


def test_texts_are_measured_in_cells():
    assert width_of("a你e\u0301") == 4
    assert cut("你好吗", 5) == "你好"
    assert cut("abc", -1) == ""
    assert fill("你好", "x", 6) == "你好 x"
    assert overwritten("a\rb\r") == "b"
