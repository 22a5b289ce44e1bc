"""The reader for small YAML files, by example and against PyYAML."""

from __future__ import annotations

import random

import pytest

from dflint.config.yaml_subset import Node, read_yaml
from dflint.errors import ConfigError


def plain(node: Node) -> object:
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    return node.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# only\n---\n", None),
        ("a: b", {"a": "b"}),
        ("a:", {"a": None}),
        ("a: ~\nb: null\nc: 'null'", {"a": None, "b": None, "c": "null"}),
        ("a:\n- x\n- y # why\nb: [c, d]", {"a": ["x", "y"], "b": ["c", "d"]}),
        ("a:\n  b:\n    - c\n  d: e\nf: g", {"a": {"b": ["c"], "d": "e"}, "f": "g"}),
        ("a: [\n x, # c\n y,\n]\nb: 1", {"a": ["x", "y"], "b": "1"}),
        ("a: {b: [c], d: {}, 'e f': g}", {"a": {"b": ["c"], "d": {}, "e f": "g"}}),
        ("a: http://x:80/y#z\nb: it's # c", {"a": "http://x:80/y#z", "b": "it's"}),
        ('"a": \'it\'\'s\'\nb: "x\\ty\\u00e9\\""', {"a": "it's", "b": 'x\tyé"'}),
        ("---\na: b\n...\n# end\n", {"a": "b"}),
        ("a: x\r\nb: y\r\n", {"a": "x", "b": "y"}),
        ("\ufeffa: b", {"a": "b"}),
    ],
)
def test_document_is_read(text: str, value: object) -> None:
    assert plain(read_yaml(text, "f")) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x b", "line 1: an anchor is not read here: `&x b`"),
        ("a: *x", "line 1: an alias is not read here"),
        ("a: !!str b", "line 1: a tag is not read here"),
        ("a: |\n x", "line 1: a block scalar is not read here"),
        ("a: >-\n x", "line 1: a block scalar is not read here"),
        ("%YAML 1.2\n---\na: b", "line 1: a directive is not read here"),
        ("a: 'x", "line 1: a string that does not end on its line is not read here"),
        ("a: @x", "line 1: a reserved character is not read here"),
        ("- a: b", "line 1: expected the end of the line, found `: b`"),
        ("a: b: c", "line 1: expected the end of the line, found `: c`"),
        ("a: - b", "line 1: expected a value, found `- b`"),
        ("a: [b\nc: d]", "line 1: expected `,` or `]`, found `c : d ]`"),
        ("a: [b", "line 1: a bracket is not closed"),
        ("a: [b}", "line 1: expected `,` or `]`, found `}`"),
        ("a\n", "line 1: expected `key: value`, found `a`"),
        ("a: b\na: c", "line 2: the key `a` is there twice"),
        ("a:\n\tb: c", "line 2: a tab cannot indent"),
        ("a: b\n   c: d", "line 2: the indentation fits no line above"),
        ("a: b\n---\nc: d", "line 2: a second document is not read"),
        ("a: b\n...\nc: d", "line 3: a second document is not read"),
        ("a: " + "[" * 5_000 + "]" * 5_000, "line 1: expected a value"),
        ("".join(" " * n + "a:\n" for n in range(2_000)), "too many collections"),
    ],
)
def test_what_is_not_read_is_refused_by_name(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_yaml(text, "f")

    assert message in caught.value.message


def test_comments_stay_with_what_they_are_about() -> None:
    document = read_yaml("# top\na: # key\n  # one\n  - x # two\n  - y\n", "f")

    assert isinstance(document.value, dict)
    a = document.value["a"]
    assert a.comments == ("top", "key")
    assert isinstance(a.value, list)
    assert [item.comments for item in a.value] == [("one", "two"), ()]
    assert [item.line for item in a.value] == [4, 5]


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "x " * 50_000 + ": y",
        "a: " + '"' * 99_999,
        "a: " + "'" * 100_001,
        "a: " + '"\\' * 50_000,
        "a: " + ":" * 100_000 + " x",
        "a: x" + " " * 100_000 + "# b: c: d",
        "- " * 50_000,
        "a: [" + "x, " * 30_000,
    ],
)
def test_hostile_line_takes_no_noticeable_time(text: str) -> None:
    with pytest.raises(ConfigError):
        read_yaml(text + "\n &", "f")


def test_whatever_is_read_is_what_pyyaml_reads() -> None:
    yaml = pytest.importorskip("yaml")
    source = random.Random(3)
    pieces = (
        "a|b|x-y|: |:|- |-|\n|\n|\n  |\n    | | # c|[|]|{|}|, |,|\"|'|\"q\"|'s'|&|*|~|\\|1|é|!|@|%"
    )
    read = 0
    for _ in range(20_000):
        text = "".join(source.choice(pieces.split("|")) for _ in range(source.randint(1, 14)))
        text = source.choice(("", "k: ", "k:\n  - ")) + text
        try:
            ours = plain(read_yaml(text, "f"))
        except ConfigError:
            continue
        read += 1
        assert nulls(ours) == nulls(yaml.load(text, yaml.BaseLoader)), text

    assert read > 1_000


def nulls(value: object) -> object:
    """The value with PyYAML's untyped nothing, which is text, as ours."""
    if isinstance(value, list):
        return [nulls(item) for item in value]
    if isinstance(value, dict):
        return {key: nulls(item) for key, item in value.items()}
    return None if value in ("", "~", "null") else value
