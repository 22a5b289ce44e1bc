"""A document that is like another one takes over what was read of that, and reads the same."""

from __future__ import annotations

from dflint.lint.document import Document
from dflint.text.source import Source

BEFORE = 'FROM a\nENV b="c d" e=f\nONBUILD RUN --network=none x\nCOPY --from=g h i\nSHELL ["j"]\n'


def document(text, like=None):
    return Document(Source("Dockerfile", text.encode()), like=like)


def readings(doc):
    found = []
    for instruction in doc.instructions:
        reading = instruction.reading
        while reading is not None:
            found.append((reading.keyword, reading.flags, reading.arguments, reading.places))
            reading = reading.trigger
    return found


def test_what_is_written_alike_is_not_read_again():
    before = document(BEFORE)
    readings(before)
    after = document("# above\n" + BEFORE.replace("e=f", "e=g"), like=before)

    taken = [one.is_read for one in after.instructions]
    assert taken == [True, False, True, True, True]
    assert readings(after) == readings(document(after.text))
    assert after.span(after.instructions[3]).slice(after.text) == "COPY --from=g h i\n"


def test_with_another_escape_character_it_is_read_again():
    text = "FROM a\nENV b=c` d=e\n"
    before = document(text)
    readings(before)
    after = document(f"# escape=`\n{text}", like=before)

    assert not any(one.is_read for one in after.instructions)
    assert readings(after) == readings(document(after.text)) != readings(before)


def test_what_was_not_read_of_the_other_is_read_when_it_is_asked_for():
    after = document(BEFORE, like=document(BEFORE))

    assert readings(after) == readings(document(BEFORE))
