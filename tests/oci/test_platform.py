"""Platform specifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.oci.platform import Platform, PlatformProblem, parse_platform


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("linux", "linux"),
        ("WINDOWS(10.0.17763)", "windows"),
        ("macos", "darwin"),
        ("amd64", "linux/amd64"),
        ("x86-64", "linux/amd64"),
        ("arm", "linux/arm/v7"),
        ("armel", "linux/arm/v6"),
        ("linux/amd64", "linux/amd64"),
        ("linux/x86_64/V1", "linux/amd64"),
        ("linux/amd64/v2", "linux/amd64/v2"),
        ("linux/i386/v1", "linux/386"),
        ("linux/386/v1", "linux/386/v1"),
        ("linux/i486", "linux/i486"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/6", "linux/arm/v6"),
        ("linux/arm/9", "linux/arm/9"),
        ("linux/armhf/v6", "linux/arm/v7"),
        ("linux/armel/v5", "linux/arm/v6"),
        ("linux/aarch64/v8", "linux/arm64"),
        ("linux/arm64/v8.0", "linux/arm64"),
        ("linux/arm64/8.0", "linux/arm64/8.0"),
        ("linux/arm64/9.0", "linux/arm64/v9"),
        ("linux/arm64/v8.1", "linux/arm64/v8.1"),
        ("windows(10.0%2b1)/amd64", "windows/amd64"),
        ("linux(1.5+a+b)/arm/V6", "linux/arm/v6"),
        ("a_b-c/D_e.F/G.h", "a_b-c/d_e.f/g.h"),
    ],
)
def test_platforms_are_read_and_made_normal(text, normal):
    platform = parse_platform(text)

    assert isinstance(platform, Platform)
    assert str(platform) == normal


SYSTEM = (
    ': OSAndVersion specifier component must match "^([A-Za-z0-9_-]+)'
    '(?:\\\\(([A-Za-z0-9_.%-]*)((?:\\\\+[A-Za-z0-9_.%-]+)*)\\\\))?$": invalid argument'
)
COMPONENT = ': platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", '"" is an invalid OS component of ""' + SYSTEM),
        ("/amd64", '"" is an invalid OS component of "/amd64"' + SYSTEM),
        ("linux(", '"linux(" is an invalid OS component of "linux("' + SYSTEM),
        ("lin.ux/x", '"lin.ux" is an invalid OS component of "lin.ux/x"' + SYSTEM),
        ('a"b/x', '"a\\"b" is an invalid OS component of "a\\"b/x"' + SYSTEM),
        ("linux\n", '"linux\\n" is an invalid OS component of "linux\\n"' + SYSTEM),
        ("linux/", '"" is an invalid component of "linux/"' + COMPONENT),
        ("linux/a+b", '"a+b" is an invalid component of "linux/a+b"' + COMPONENT),
        ("linux/a\n", '"a\\n" is an invalid component of "linux/a\\n"' + COMPONENT),
        ("a/b/c/d/e", '"d/e" is an invalid component of "a/b/c/d/e"' + COMPONENT),
        ("a/b/c/d", '"a/b/c/d": cannot parse platform specifier: invalid argument'),
        ("linux/*", '"linux/*": wildcards not yet supported: invalid argument'),
        ("foo", '"foo": unknown operating system or architecture: invalid argument'),
        ("amd64(1)", '"amd64(1)": unknown operating system or architecture: invalid argument'),
        (
            "w(%zz4)/x",
            '"w(%zz4)/x" has an invalid OS version "%zz4": invalid URL escape "%zz"',
        ),
        (
            "w(+a+%)/x",
            '"w(+a+%)/x" has invalid OS features: invalid os feature "%": invalid URL escape "%"',
        ),
    ],
)
def test_reasons_of_containerd(text, message):
    problem = parse_platform(text)

    assert isinstance(problem, PlatformProblem)
    assert problem.message == message


@given(st.text(st.sampled_from("linux/armv867d4()%+*._-") | st.characters()))
def test_any_text_is_a_platform_or_a_problem(text):
    platform = parse_platform(text)

    if isinstance(platform, Platform) and platform.architecture:
        assert parse_platform(str(platform)) == platform


@pytest.mark.parametrize("piece", ["a", "/", "(", "+a", "%41", "%", "a/"])
def test_long_texts_are_read(piece):
    parse_platform(piece * 100_000)
    parse_platform("linux(" + piece * 100_000 + ")/x")


def test_platforms_are_values():
    assert len({Platform("linux", "arm64"), parse_platform("arm64"), Platform("linux")}) == 2
    assert repr(parse_platform("arm64")) == "Platform('linux/arm64')"
    assert repr(PlatformProblem("no")) == "PlatformProblem('no')"
