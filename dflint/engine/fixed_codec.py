"""What fixes made of a file, as bytes, and back.

As with reports (`report_codec.py`), fields are joined with NUL: whatever the bytes are, what comes
of them is what fixes made of a file or ValueError. Only fixes of which all went well have such a
form: whoever is to hear of one that was skipped hears it of the rule itself.
"""

from __future__ import annotations

from dflint.engine.report import FileReport, FixedFile
from dflint.fix.outcome import Applied

_END = "\0"
#: What begins the fields, so that nothing else is taken for them.
_MARK = "fixed"
#: The text of a file that fixes leave as it is need not be kept.
_SAME, _OTHER = "=", "+"


def encode_fixed(file: FixedFile) -> bytes | None:
    """What fixes made of a file, without what it was before and what is found in it.

    None where that has no such form, for a failure, and for what more there is to say of fixes.
    """
    more = (file.failure, file.problem, file.skipped, file.unsettled, file.evidence, file.notes)
    if any(more) or file.internal:
        return None
    fields = [_MARK, _OTHER + file.after if file.is_changed else _SAME]
    for one in file.applied:
        fields += (one.rule, one.title, str(one.line), "safe" if one.is_safe else "unsafe")
    text = _END.join(fields)
    if text.count(_END) != len(fields) - 1:
        return None
    return text.encode("utf-8", "surrogatepass")


def decode_fixed(path: str, before: str, data: bytes) -> FixedFile:
    """What fixes made of the file at `path` that was `before`; no findings are in it.

    ValueError if `encode_fixed` did not write the bytes.
    """
    mark, after, *fields = data.decode("utf-8", "surrogatepass").split(_END)
    if mark != _MARK or after[:1] not in (_SAME, _OTHER) or len(fields) % 4:
        raise ValueError("no fixes")
    file = FixedFile(FileReport(path), before, before if after == _SAME else after[1:])
    file.applied = tuple(
        [
            Applied(rule, title, int(line), safe == "safe")
            for rule, title, line, safe in zip(*[iter(fields)] * 4, strict=True)
        ]
    )
    return file
