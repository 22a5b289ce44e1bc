"""Rows as docker lists them: a table, lines of JSON, or what a template makes of each row."""

from __future__ import annotations

from dflint.text.go_functions import HEADING_FUNCTIONS, json_of
from dflint.text.go_template import Fields, Template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_TABLE = "table"
_LEAST, _GAP = 10, 3


def listing(
    rows: Iterable[Mapping[str, object]], headings: Mapping[str, str], form: str, columns: str
) -> str:
    """The text of some rows in the form that `--format` asks for.

    `form` is empty or `table` for the `columns`, which are a template with tabs between them;
    `table TEMPLATE` for others, `json` for a line of JSON each, or a template for each row.
    `headings` are those of the fields. TemplateProblem says what is wrong with a template.
    """
    if form == "json":
        return "".join(f"{json_of(dict(sorted(row.items())))}\n" for row in rows)
    is_table = not form or form == _TABLE or form.startswith((f"{_TABLE} ", f"{_TABLE}\\t"))
    text = form.removeprefix(_TABLE).strip(" ") if is_table else form
    text = (text or columns).replace("\\t", "\t").replace("\\n", "\n")
    template = Template(text)
    lines = [template.render(Fields(row)) for row in rows]
    if not is_table:
        return "".join(f"{line}\n" for line in lines)
    head = Template(text, HEADING_FUNCTIONS).render(Fields(headings))
    return table([line.split("\t") for line in (head, *lines)])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Cells in columns of one width each, with blanks between them."""
    widths = [
        max(_LEAST, *(len(row[at]) + _GAP for row in rows if at < len(row) - 1), 0)
        for at in range(max(map(len, rows), default=0))
    ]
    return "".join(
        "".join(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False))
        + row[-1] + "\n"
        for row in rows
    )  # fmt: skip
