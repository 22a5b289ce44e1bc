"""Templates of `--format`; expected texts are those that docker 28.5 prints."""

from __future__ import annotations

import pytest

from dflint.text.go_functions import NoList
from dflint.text.go_template import Fields, Template, TemplateProblem
from dflint.text.go_units import human_duration, human_size
from dflint.text.listing import listing, table

IMAGE = Fields(
    Id="sha256:f1",
    Os="linux",
    Size=1982310,
    Config=Fields(Labels={"a": "b", "c": "d e"}, User="1000", Cmd=NoList(), Escaped=True),
    RootFS=Fields(Type="layers", Layers=["one", "two"]),
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain", "plain"),
        ("{{.Id}} {{.Config.Labels.a}} {{json .Config.Cmd}}", "sha256:f1 b null"),
        ('{{.Config.Labels.zz}}|{{index .Config.Labels "zz"}}|{{.Config.Cmd}}', "<no value>||[]"),
        ("{{len .RootFS.Layers}} {{.Size}} {{.Config.Escaped}}", "2 1982310 true"),
        ("{{range $i, $l := .RootFS.Layers}}{{$i}}={{$l}} {{end}}", "0=one 1=two "),
        ("{{range .RootFS.Layers}}{{.}}{{$.Os}}{{else}}none{{end}}", "onelinuxtwolinux"),
        ("{{range .Config.Cmd}}{{.}}{{else}}none{{end}}", "none"),
        ('{{.Config.Labels.a | upper | printf "%s-%d" "x"}}', "x-%!d(string=B)"),
        ('{{printf "%5s|%-4d|%q|%v%%" "ab" 7 "c" true}}', '   ab|7   |"c"|true%'),
        (
            '{{join .RootFS.Layers ","}} {{split "a,b" ","}} {{title "abc d"}}',
            "one,two [a b] Abc D",
        ),
        (
            '{{if eq .Os "linux"}}yes{{else}}no{{end}}{{with .Config.User}}[{{.}}]{{end}}',
            "yes[1000]",
        ),
        ('{{if eq .Os "x"}}1{{else if gt .Size 5}}2{{else}}3{{end}}', "2"),
        ('{{if and (ne .Os "x") (not .Config.Cmd)}}both{{end}}', "both"),
        ("a {{- .Os -}} b", "alinuxb"),
        ("{{/* a }} comment */}}{{`}}`}}", "}}"),
        ('{{"a\\tb"}}', "a\tb"),
        ("{{(index .RootFS.Layers 1)}}{{slice .Os 1 3}}", "twoin"),
        ("{{$n := 0}}{{range .RootFS.Layers}}{{$n = len .}}{{end}}{{$n}}", "3"),
        ("{{.Config.Labels}}", "map[a:b c:d e]"),
        ('{{json .Config.Labels}} {{json "<a>"}}', '{"a":"b","c":"d e"} "\\u003ca\\u003e"'),
        ('{{pad "x" 1 2}}{{truncate "abc" 2}}{{print 1 2 "x" 3}}', " x  ab1 2x3"),
    ],
)
def test_templates(template, text):
    assert Template(template).render(IMAGE) == text


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        (
            "{{.Foo}}",
            'template: :1:2: executing "" at <.Foo>: can\'t evaluate field Foo: expected ',
        ),
        ("a\n{{ .Config.Foo }}", 'template: :2:10: executing "" at <.Foo>: can\'t evaluate field'),
        ("{{bad}}", 'template: :1: function "bad" not defined'),
        ("{{.Id", "template: :1: unclosed action"),
        ('{{"a', "template: :1: unclosed action"),
        ("{{}}", "missing value for command"),
        ("{{if .Id}}", "unexpected end of the text: expected {{end}} of `if`"),
        ("{{end}}", "unexpected {{end}}"),
        ("{{.Id.Name}}", "can't evaluate field Name of `sha256:f1`"),
        ("{{index .RootFS.Layers 5}}", "at <index>: index out of range: 5"),
        ("{{join .Id}}", "at <join>: wrong number or types of arguments (1)"),
        ("{{range .Id}}{{end}}", "range can't iterate over sha256:f1"),
        ("{{$x}}", 'undefined variable "$x"'),
        ("{{.Id %}}", "unexpected `%` in an action"),
        ("{{.Id | .Os}}", "expected a function behind `|`"),
        ("{{if 1}}" * 60, "nested too deeply"),
    ],
)
def test_what_is_wrong_is_told(template, problem):
    with pytest.raises(TemplateProblem) as raised:
        Template(template).render(IMAGE)
    assert problem in str(raised.value)


def test_sizes_and_times():
    sizes = (0, 999, 1982310, 1982256, 12_345_678_901)
    assert [human_size(one) for one in sizes] == ["0B", "999B", "1.982MB", "1.982MB", "12.35GB"]
    assert [human_size(one, 3) for one in sizes[2:]] == ["1.98MB", "1.98MB", "12.3GB"]
    day = 86400
    said = {
        0.5: "Less than a second", 1: "1 second", 59: "59 seconds", 60: "About a minute",
        119: "About a minute", 120: "2 minutes", 3599: "59 minutes", 3600: "About an hour",
        5400: "2 hours", 47 * 3600: "47 hours", 2 * day: "2 days", 13 * day: "13 days",
        14 * day: "2 weeks", 59 * day: "8 weeks", 60 * day: "2 months", 729 * day: "24 months",
        730 * day: "2 years",
    }  # fmt: skip
    assert {seconds: human_duration(seconds) for seconds in said} == said


def test_listings():
    rows = [{"ID": "1", "Name": "<none>"}, {"ID": "a long identifier", "Name": "b"}]
    heads = {"ID": "IMAGE ID", "Name": "NAME"}
    assert listing(rows, heads, "", "{{.Name}}\t{{.ID}}") == (
        "NAME      IMAGE ID\n<none>    1\nb         a long identifier\n"
    )
    assert listing(rows, heads, "table {{.ID}}\\t{{upper .Name}}", "") == (
        "IMAGE ID            NAME\n1                   <NONE>\na long identifier   B\n"
    )
    assert listing(rows[:1], heads, "json", "") == '{"ID":"1","Name":"\\u003cnone\\u003e"}\n'
    assert listing(rows, heads, "{{.ID}}={{.Name}}", "") == "1=<none>\na long identifier=b\n"
    assert listing([], heads, "{{.ID}}", "") == ""
    assert table([["a", "b"]]) == "a         b\n"
