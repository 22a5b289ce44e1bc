"""Real bodies: read as BuildKit and as a shell read them."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from dflint.shell.script import read_heredoc, read_shell_form
from tests.shell.bodies import shell_bodies


@pytest.fixture(scope="module")
def bodies(shared):
    return [body for body in shell_bodies(shared, every=12) if body.dialect.is_posix]


def test_lines_are_joined_as_buildkit_joins_them(bodies):
    assert len(bodies) > 1_000
    assert [b.file for b in bodies if b.read().text != b.joined] == []


def test_every_word_lies_on_its_characters(bodies):
    for body in bodies:
        script = body.read()
        whole = read_heredoc(body.joined)
        words = [word for command in script.commands for word in command.words]
        assert [w.text for w in words] == [w.text for c in whole.commands for w in c.words]
        for word in words:
            piece = word.span.slice(body.source)
            if len(piece) == word.end - word.start:
                assert piece == word.text
            letters = iter(piece)
            assert all(letter in letters for letter in word.text)


def test_parts_cover_every_word_and_decide_its_value(bodies):
    for body in bodies:
        for command in body.read().commands:
            for word in command.words:
                assert "".join(part.text for part in word.parts) == word.text
                assert (word.value is None) == any(part.value is None for part in word.parts)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_programs_are_read_without_an_error(bodies):
    texts = sorted({body.joined for body in bodies})[::4]
    wrong = [text for text in texts if read_heredoc(text).error is not None]

    def is_program(text):
        data = text.encode("utf-8", "surrogateescape")
        return subprocess.run(["bash", "-n"], input=data, capture_output=True).returncode == 0

    assert len([text for text in wrong if is_program(text)]) <= len(texts) * 0.005


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_values_are_what_a_shell_makes_of_the_words(bodies):
    values = {
        word.text: word.value
        for body in bodies
        for command in body.read().commands
        if command.name_value not in ("[[", "((")
        for word in command.words
        if word.value is not None and not set("{}~\0").intersection(word.text)
    }
    words = [word for word in values if not word.startswith("!")]
    script = "set -f\n" + "".join(f"printf '%s\\0' {word}\n" for word in words)

    run = subprocess.run(
        ["bash"], input=script.encode("utf-8", "surrogateescape"), capture_output=True
    )

    shell = run.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    assert shell == [values[word] for word in words]


def test_hostile_files_are_read(shared):
    for path in sorted((shared / "corpus/hostile").glob("*.Dockerfile")):
        source = path.read_bytes().decode("utf-8", "surrogateescape")
        for match in re.finditer(r"(?im)^(?:RUN|CMD|ENTRYPOINT) ", source):
            script = read_shell_form(source[match.end() :], match.end())
            assert all(command.span.end <= len(source) for command in script.commands)
            break
