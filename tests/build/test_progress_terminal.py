"""Progress on a terminal: what a person sees, and that it never goes wrong."""

from __future__ import annotations

import os

import pytest

from dflint.build.progress.cells import width_of
from dflint.build.progress.terminal import TerminalPrinter
from dflint.errors import BuildError
from tests.build.progress_run import FALSE, Run, failed


class Screen:
    """As much of a terminal as the printer uses."""

    def __init__(self, columns):
        self.columns = columns
        self.rows = [""]
        self.row = 0

    def feed(self, text):
        while text:
            if text.startswith("\x1b["):
                end = next(at for at in range(2, len(text)) if text[at].isalpha())
                self.control(text[2:end], text[end])
                text = text[end + 1 :]
                continue
            character, text = text[0], text[1:]
            if character == "\n":
                self.row += 1
                if self.row == len(self.rows):
                    self.rows.append("")
            elif character == "\r":
                self.column = 0
            else:
                self.put(character)
        return self

    column = 0

    def put(self, character):
        line = self.rows[self.row].ljust(self.column)
        self.rows[self.row] = line[: self.column] + character + line[self.column + 1 :]
        self.column += 1
        assert self.column <= self.columns, self.rows[self.row]

    def control(self, argument, final):
        if final == "A":
            self.row -= int(argument)
            assert self.row >= 0
        elif final == "K":
            self.rows[self.row] = self.rows[self.row][: self.column]
        elif final == "J":
            self.rows = [*self.rows[: self.row], ""]


def on_terminal(columns=60, rows=20, has_color=False):
    size = [columns, rows]
    run = Run(TerminalPrinter, lambda: os.terminal_size(size), has_color=has_color)
    run.size = size
    return run


def shown(run):
    # The printer writes `\n` where a terminal's driver sends a carriage return too.
    text = run.text.replace("\n", "\r\n")
    return Screen(run.size[0]).feed(text).rows


def test_a_terminal_shows_steps_with_times_and_the_end_of_their_output():
    run = on_terminal()
    run.progress.begin("a", "[1/2] FROM busybox")
    run.progress.cached("a")
    run.progress.begin("b", "[2/2] RUN make")
    run.after(1).log("b", 1, b"".join(b"%d\n" % n for n in range(9)))
    run.tick(0.5)

    assert shown(run) == [
        "[+] Building 1.5s (1/2)                               dflint",
        " => CACHED [1/2] FROM busybox                           0.0s",
        " => [2/2] RUN make                                      1.5s",
        *(f" => => # {n}" for n in range(3, 9)),
        "",
    ]


def test_a_terminal_is_drawn_again_in_place():
    run = on_terminal()
    run.progress.begin("a", "[1/2] RUN a")
    run.progress.log("a", 1, b"x\n")
    run.tick()
    run.tick(1)
    run.progress.complete("a")
    run.progress.status("a", "transferring", 10, is_done=True)
    run.progress.close()

    assert shown(run) == [
        "[+] Building 1.0s (1/1) FINISHED                      dflint",
        " => [1/2] RUN a                                         1.0s",
        " => => transferring 10B                                 0.0s",
        "",
    ]


@pytest.mark.parametrize("columns", [1, 5, 10, 20, 40])
@pytest.mark.parametrize("rows", [1, 3, 5, 10])
def test_a_small_terminal_is_never_overrun(columns, rows):
    run = on_terminal(columns, rows)
    for number in range(12):
        run.progress.begin(f"{number}", f"[{number}] RUN 你好 with a long line of arguments")
        run.progress.log(f"{number}", 1, "你好 output that is long\n".encode() * 9)
        run.progress.status(f"{number}", "transferring something long", 1, 2)
        if number < 9:
            run.progress.complete(f"{number}")
    run.tick(1)

    lines = run.text.replace("\x1b[?25l", "").replace("\x1b[?25h", "").replace("\x1b[K", "")
    drawn = lines.replace("\r", "").replace("\x1b[J", "").split("\n")
    assert all(width_of(line) <= columns for line in drawn)
    assert len(drawn) <= max(rows, 3)


def test_a_terminal_that_becomes_narrower_is_cleared_as_it_wraps():
    run = on_terminal(60)
    run.progress.begin("a", "A")
    run.tick()
    run.size[0] = 30
    run.written.clear()
    run.tick()

    # Two lines of 60 cells have become four of 30.
    assert run.text.startswith("\x1b[?25l\x1b[4A\r")


def test_output_cannot_move_the_cursor_of_a_terminal():
    run = on_terminal()
    run.progress.begin("a", "A\x1b[2J")
    run.progress.log("a", 1, b"10%\r50%\r\x1b[31mred\x1b[0m\x1b[2J\x07\n")
    run.tick()

    assert " => => # red" in shown(run)
    assert "\x1b[2J" not in run.text
    assert "\x1b[31m" not in run.text


def test_colours_are_only_used_where_they_are_wanted():
    with_color, without = on_terminal(has_color=True), on_terminal()
    for run in (with_color, without):
        run.progress.begin("a", "A")
        run.progress.fail("a", FALSE)
        run.progress.close(BuildError(FALSE))

    assert "\x1b[31m => ERROR A" in with_color.text
    assert "\x1b[31m" not in without.text


def test_the_cursor_is_back_after_every_drawing():
    run = on_terminal()
    run.progress.begin("a", "A")
    run.tick()
    run.progress.close(failed())

    for written in run.written[:2]:
        assert written.startswith("\x1b[?25l")
        assert written.endswith("\x1b[?25h")


def test_a_terminal_marks_steps_that_were_stopped():
    run = on_terminal(80)
    run.progress.begin("a", "A")
    run.progress.close(BuildError("the build was interrupted"))

    assert shown(run)[0].startswith("[+] Building 0.0s (0/1) FAILED")
    assert shown(run)[1].startswith(" => CANCELED A")
