"""The values of EXPOSE."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dflint.semantic.ports import PortProblem, Ports, parse_expose


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("80", ["80/tcp"]),
        ("80/", ["80/tcp"]),
        ("80/TCP", ["80/tcp"]),
        ("53/udp", ["53/udp"]),
        ("80/Sctp", ["80/sctp"]),
        ("0", ["0/tcp"]),
        ("65535", ["65535/tcp"]),
        ("00080", ["80/tcp"]),
        ("+80", ["80/tcp"]),
        ("3000-3002/udp", ["3000/udp", "3001/udp", "3002/udp"]),
        ("0--0", ["0/tcp"]),
        ("8080:80", ["80/tcp"]),
        ("80-81:90", ["90/tcp"]),
        ("80-81:90-91", ["90/tcp", "91/tcp"]),
        ("0.0.0.0:8080:80", ["80/tcp"]),
        ("::80", ["80/tcp"]),
        ("::1::80", ["80/tcp"]),
        ("::ffff:1.2.3.4:80:80", ["80/tcp"]),
        ("[::1]:80:81", ["81/tcp"]),
        ("[]:80:81", ["81/tcp"]),
    ],
)
def test_ports(text, names):
    ports = parse_expose(text)

    assert isinstance(ports, Ports)
    assert list(ports.names) == names


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("foo", "invalid containerPort: foo"),
        ("65536", "invalid containerPort: 65536"),
        ("-80", "invalid containerPort: -80"),
        ("80-", "invalid containerPort: 80-"),
        ("1--1", "invalid containerPort: 1--1"),
        ("3002-3000", "invalid containerPort: 3002-3000"),
        ("8_0", "invalid containerPort: 8_0"),
        ("８０", "invalid containerPort: ８０"),
        ("80:x/tcp", "invalid containerPort: x"),
        ("x:90", "invalid hostPort: x"),
        ("80/tcp:90", "invalid hostPort: 80/tcp"),
        ("80:90-91", "invalid ranges specified for container and host Ports: 90-91 and 80"),
        ("/tcp", 'invalid port: "/tcp": no port specified'),
        ("1.2.3:x:", 'invalid port: "1.2.3:x:": no port specified'),
        ("80/foo", 'invalid port: "80/foo": invalid proto: foo'),
        ("x:80/FOO", 'invalid port: "x:80/FOO": invalid proto: FOO'),
        ("80/tcp/udp", 'invalid port: "80/tcp/udp": invalid proto: tcp/udp'),
        ("80/ſctp", 'invalid port: "80/ſctp": invalid proto: ſctp'),
        ("localhost:80:80", "invalid IP address: localhost"),
        ("01.2.3.4:80:80", "invalid IP address: 01.2.3.4"),
        ("a:b:c:d", "invalid IP address: a:b"),
        ("::1:80", "invalid IP address: :"),
        ("fe80::1%eth0:80:80", "invalid IP address: fe80::1%eth0"),
        ("[x]:80:80", "invalid IP address: x"),
        ("[::1]:80", "invalid IP address [:: address [::: missing ']' in address"),
        ("[::1]x:8:8", "invalid IP address [::1]x: address [::1]x:: missing port in address"),
        ("[::1]:1:8:8", "invalid IP address [::1]:1: address [::1]:1:: too many colons in address"),
        ("[[::1]:8:8", "invalid IP address [[::1]: address [[::1]:: unexpected '[' in address"),
    ],
)
def test_reasons_of_buildkit(text, message):
    problem = parse_expose(text)

    assert isinstance(problem, PortProblem)
    assert problem.message == message


def test_what_has_no_effect_or_is_written_oddly_is_told():
    assert parse_expose("80").has_host is False
    assert parse_expose(":80").has_host is False
    assert parse_expose("8080:80").has_host is True
    assert parse_expose("1.2.3.4::80").has_host is True
    assert parse_expose("80/tcp").is_lower is True
    assert parse_expose("80/TCP").is_lower is False


def test_ports_are_values():
    assert parse_expose("80") == parse_expose("1:80/TCP") == Ports(80, 80, "tcp")
    assert len({parse_expose("80"), parse_expose("80/tcp"), parse_expose("80/udp")}) == 2
    assert repr(parse_expose("80-81")) == "Ports(80, 81, 'tcp')"
    assert repr(parse_expose("x")) == "PortProblem('invalid containerPort: x')"


@given(st.text(st.sampled_from("0189:-/[].%+tcp \u0660") | st.characters()))
def test_any_text_is_ports_or_a_problem(text):
    found = parse_expose(text)

    assert found.message if isinstance(found, PortProblem) else 0 <= found.first <= found.last


@pytest.mark.parametrize("piece", ["0", ":", "-", "/", "[", "]", "1:", "[:"])
def test_long_texts_are_read(piece):
    parse_expose(piece * 100_000)
