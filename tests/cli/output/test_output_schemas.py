import io
import json
import os
import xml.etree.ElementTree as ElementTree

import jsonschema
import pytest

JSON_SCHEMAS = {
    "json": "dflint-report.schema.json",
    "sarif": "sarif-2.1.0-rtm.5.json",
    "gitlab": "gitlab-code-quality.schema.json",
    "rdjson": "rdjson.schema.json",
}


@pytest.mark.parametrize("show_suppressed", [False, True])
@pytest.mark.parametrize("format_name", JSON_SCHEMAS)
def test_json_formats_keep_to_their_schema(
    format_name, show_suppressed, reports, write, load_schema
):
    document = json.loads(write(format_name, reports, show_suppressed=show_suppressed))

    jsonschema.validate(document, load_schema(JSON_SCHEMAS[format_name]))


@pytest.mark.parametrize("format_name", JSON_SCHEMAS)
def test_json_formats_of_no_file_keep_to_their_schema(format_name, write, load_schema):
    jsonschema.validate(json.loads(write(format_name, [])), load_schema(JSON_SCHEMAS[format_name]))


@pytest.mark.parametrize("show_suppressed", [False, True])
def test_junit_keeps_to_the_schema_of_jenkins(show_suppressed, reports, write):
    xmlschema = pytest.importorskip("xmlschema", reason="xmlschema validates XML against an XSD")
    schema = xmlschema.XMLSchema(
        os.path.join(os.path.dirname(__file__), "..", "..", "data", "schemas", "junit-10.xsd")
    )

    schema.validate(io.StringIO(write("junit", reports, show_suppressed=show_suppressed)))


def test_the_json_report_says_everything(reports, write):
    document = json.loads(write("json", reports))

    assert [file["path"] for file in document["files"]] == [
        "images/web/Dockerfile",
        "bad dir/50%;a,b]:\x1b[2J\ufffd/Dockerfile",
        "clean/Dockerfile",
        "missing",
        "broken",
    ]
    web, hostile, _, missing, broken = document["files"]
    assert web["findings"][0] == {
        "rule": "cd-in-run",
        "severity": "warning",
        "message": "`cd /app` ends with this RUN; the next instruction starts in `/`",
        "line": 4,
        "column": 5,
        "end_line": 4,
        "end_column": 12,
        "source_line": "RUN cd /app && make",
        "related": [
            {
                "note": "the stage starts here",
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 12,
            }
        ],
        "fix": None,
    }
    assert web["findings"][2]["fix"] == {
        "title": "write blanks",
        "applicability": "safe",
        "edits": [
            {"text": "  ", "line": 5, "column": 1, "end_line": 5, "end_column": 3},
            {"text": "", "line": 5, "column": 7, "end_line": 5, "end_column": 8},
        ],
    }
    assert web["suppressed"][0]["suppressed_by"] == "# dflint: ignore=latest-tag it <is> a test"
    assert hostile["notes"] == ["holds \x1b[0m template code"]
    assert missing["failure"] == {"message": "no such file", "internal": False}
    assert broken["failure"] == {"message": "KeyError: 'x'", "internal": True}
    assert document["summary"] == {
        "files": 5,
        "files_with_findings": 2,
        "findings": 7,
        "error": 2,
        "warning": 3,
        "info": 1,
        "style": 1,
        "suppressed": 1,
        "failures": 2,
    }


def test_sarif_results_point_at_their_rules(reports, write):
    run = json.loads(write("sarif", reports, show_suppressed=True))["runs"][0]
    rules = run["tool"]["driver"]["rules"]

    assert len(run["results"]) == 8
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    suppressed = [result for result in run["results"] if result["suppressions"]]
    assert [result["ruleId"] for result in suppressed] == ["latest-tag"]


def test_sarif_fixes_say_what_to_replace_and_whether_that_is_safe(reports, write):
    run = json.loads(write("sarif", reports))["runs"][0]

    safe, unsafe = (result["fixes"][0] for result in run["results"] if result.get("fixes"))
    assert safe["description"]["text"] == "write blanks"
    (change,) = safe["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "images/web/Dockerfile"
    assert change["replacements"][0] == {
        "deletedRegion": {"startLine": 5, "startColumn": 1, "endLine": 5, "endColumn": 3},
        "insertedContent": {"text": "  "},
    }
    assert "unsafe" in unsafe["description"]["text"]


def test_sarif_messages_hold_no_link_of_a_dockerfile(reports, write):
    run = json.loads(write("sarif", reports))["runs"][0]

    assert not any("](" in result["message"]["text"] for result in run["results"])


def test_sarif_keeps_the_bytes_of_a_path(reports, write):
    run = json.loads(write("sarif", reports[1:2]))["runs"][0]
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]

    assert location["uri"] == "bad%20dir/50%25%3Ba%2Cb%5D%3A%1B%5B2J%FF/Dockerfile"


def test_sarif_tells_of_files_that_were_not_checked(reports, write):
    failed = json.loads(write("sarif", reports))["runs"][0]["invocations"][0]
    clean = json.loads(write("sarif", reports[:1]))["runs"][0]["invocations"][0]

    assert failed["executionSuccessful"] is False
    assert [
        notification["descriptor"]["id"]
        for notification in failed["toolExecutionNotifications"]
        if notification["level"] == "error"
    ] == ["not-checked", "internal-error"]
    assert clean == {"executionSuccessful": True, "toolExecutionNotifications": []}


def test_reviewdog_columns_count_bytes(reports, write):
    diagnostics = json.loads(write("rdjson", reports[:1]))["diagnostics"]
    line = reports[0].findings[4].source_line.encode()
    place = diagnostics[4]["location"]["range"]

    assert line[place["start"]["column"] - 1 : place["end"]["column"] - 1] == b"sudo"


def test_reviewdog_gets_no_column_in_a_line_whose_text_is_unknown(reports, write):
    diagnostics = json.loads(write("rdjson", reports[:1]))["diagnostics"]

    related = diagnostics[0]["related_locations"][0]["location"]["range"]
    assert related == {"start": {"line": 1, "column": 1}, "end": {"line": 1}}


def test_gitlab_fingerprints_are_unique_and_blockers_are_what_was_not_checked(reports, write):
    issues = json.loads(write("gitlab", reports))

    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 9
    assert [issue["check_name"] for issue in issues if issue["severity"] == "blocker"] == [
        "not-checked",
        "internal-error",
    ]


def test_checkstyle_lists_every_file(reports, write):
    root = ElementTree.fromstring(write("checkstyle", reports))

    assert [len(file) for file in root.findall("file")] == [5, 3, 0, 1, 1]
    error = root.find("file/error")
    assert error is not None
    assert error.attrib == {
        "line": "4",
        "column": "5",
        "severity": "warning",
        "message": "`cd /app` ends with this RUN; the next instruction starts in `/`",
        "source": "dflint.cd-in-run",
    }


def test_junit_counts_what_it_holds(reports, write):
    root = ElementTree.fromstring(write("junit", reports, show_suppressed=True))

    for suite in root.findall("testsuite"):
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
        assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
    assert root.attrib == {"name": "dflint", "tests": "11", "failures": "7", "errors": "2"}
