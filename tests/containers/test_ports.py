"""Published ports: how they are written, and what comes through them."""

from __future__ import annotations

import re
import socket
import sys
import urllib.request
from contextlib import contextmanager

import pytest

from dflint.cli.published_ports import read_ports
from dflint.errors import UsageError
from tests.build.test_rootless import wait_for
from tests.registry.server import free_port

#: Answers datagrams that come to a port of an address, at the sender's.
ECHO = """\
import socket, sys
address, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ":" in address else socket.AF_INET
opened = socket.socket(family, socket.SOCK_DGRAM)
opened.bind((address, port))
while True:
    data, sender = opened.recvfrom(65536)
    opened.sendto(b"%d " % sender[1] + data, sender)
"""


def asked(text):
    """The ports in short: address, ports of the host, port of the container, protocol."""
    return [(one.address, [*one.hosts], one.container, one.protocol) for one in read_ports(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("80", [("127.0.0.1", [], 80, "tcp")]),
        ("53/UDP", [("127.0.0.1", [], 53, "udp")]),
        ("8080:80", [("127.0.0.1", [8080], 80, "tcp")]),
        ("127.0.0.1:5353:53/udp", [("127.0.0.1", [5353], 53, "udp")]),
        ("0.0.0.0::80", [("0.0.0.0", [], 80, "tcp")]),
        (":80", [("127.0.0.1", [], 80, "tcp")]),
        ("[::1]:1:2", [("::1", [1], 2, "tcp")]),
        ("80-81", [("127.0.0.1", [], 80, "tcp"), ("127.0.0.1", [], 81, "tcp")]),
        ("8000-8001:80-81", [("127.0.0.1", [8000], 80, "tcp"), ("127.0.0.1", [8001], 81, "tcp")]),
        ("8000-8002:80", [("127.0.0.1", [8000, 8001, 8002], 80, "tcp")]),
    ],
)
def test_ports_are_written_as_for_docker(text, expected):
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected `[[IP:]"),
        ("a", "expected `[[IP:]"),
        ("1:2:3:4", "expected `[[IP:]"),
        ("80:90/", "expected `[[IP:]"),
        ("8000-8003:80-82", "expected as many ports of the host as of the container"),
        ("8000:80-82", "expected as many ports of the host as of the container"),
        ("82-80", "expected a range that goes up, found `82-80`"),
        ("0:80", "expected ports from 1 to 65535, found `0`"),
        ("1:65530-65536", "expected ports from 1 to 65535, found `65530-65536`"),
        ("name:1:2", "expected an IP address, found `name`"),
        ("1:2/sctp", "expected the protocol `tcp` or `udp`, found `sctp`"),
    ],
)
def test_ports_that_are_not_to_be_had(text, message):
    with pytest.raises(UsageError) as raised:
        read_ports(text)
    assert message in str(raised.value)


@contextmanager
def started(dflint, *words):
    """A container that runs meanwhile, and is killed."""
    with dflint.start("run", *words) as running:
        try:
            yield running
        finally:
            running.kill()
            running.communicate()


def chosen(running, count):
    """The ports of the host by those of the container, as they are told."""
    lines = [running.stderr.readline().decode() for _ in range(count)]
    found = [re.fullmatch(r"dflint: listening on 127.0.0.1:(\d+)->(\S+)\n", one) for one in lines]
    assert all(found), lines
    return {one[2]: int(one[1]) for one in found}


def fetched(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/a", timeout=5) as answer:
            return answer.read()
    except OSError:
        return b""


@pytest.mark.parametrize("network", ["none", "host"])
def test_published_ports_lead_into_the_container(dflint, network):
    outer, inner = free_port(), free_port()
    script = f"echo text > a; exec httpd -f -p 127.0.0.1:{inner}"
    words = ("run", "--network", network, "-p", f"{outer}:{inner}", "app", "sh", "-c", script)
    with dflint.start(*words) as running:
        try:
            assert wait_for(lambda: fetched(outer) == b"text\n")
            assert fetched(outer) == b"text\n"
            shown = dflint.text("ps")
        finally:
            running.kill()
            running.communicate()

    assert f"127.0.0.1:{outer}->{inner}/tcp" in shown
    assert wait_for(lambda: not fetched(outer))


def test_a_port_that_is_taken_is_an_error(dflint):
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen()
        done = dflint("run", "-p", f"{opened.getsockname()[1]}:80", "app")

    assert done.returncode == 125
    assert b"cannot listen there: address already in use" in done.stderr


def answered(opened, port, data):
    """What comes back for a datagram; empty for nothing within a quarter of a second."""
    opened.settimeout(0.25)
    try:
        opened.sendto(data, ("127.0.0.1", port))
        return opened.recv(65536)
    except OSError:
        return b""


@pytest.mark.parametrize("network", ["none", "host"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_datagrams_go_in_and_their_answers_come_back(dflint, network, address):
    outer, inner = free_port(), free_port()
    words = ("--network", network, "-p", f"{outer}:{inner}/udp", "-v", "/:/host", "app")
    program = ("chroot", "/host", sys.executable, "-c", ECHO, address, str(inner))
    clients = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
    with started(dflint, *words, *program):
        assert wait_for(lambda: answered(clients[0], outer, b"a"))
        large = b"b" * 20_000
        came = [answered(one, outer, large).partition(b" ") for one in clients for _ in range(2)]
        shown = dflint.text("ps")
    for one in clients:
        one.close()

    assert [data for _, _, data in came] == [large] * 6
    senders = [sender for sender, _, _ in came]
    assert senders[0::2] == senders[1::2], "a client stays the same for the container"
    assert len(set(senders)) == 3, "clients are told apart"
    assert f"127.0.0.1:{outer}->{inner}/udp" in shown


def test_a_datagram_port_that_is_taken_is_an_error(dflint):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        done = dflint("run", "-p", f"{opened.getsockname()[1]}:80/udp", "app")

    assert done.returncode == 125
    assert b"/udp: cannot listen there: address already in use" in done.stderr


def test_a_range_stands_port_by_port_or_for_the_first_that_is_free(dflint):
    with socket.socket() as opened:
        while True:  # two ports that are free, after one that is taken
            opened.bind(("127.0.0.1", 0))
            opened.listen()
            first = opened.getsockname()[1]
            if first < 65000:
                break
        script = "mkdir a b; echo 1 > a/a; echo 2 > b/a; httpd -p 81 -h a; exec httpd -fp 82 -h b"
        words = ("-p", f"{first + 1}-{first + 2}:81-82", "-p", f"{first}-{first + 9}:81")
        with started(dflint, "--network=none", *words, "app", "sh", "-c", script) as running:
            assert wait_for(lambda: fetched(first + 2) == b"2\n")
            assert fetched(first + 1) == b"1\n"
            assert chosen(running, 1) == {"81/tcp": first + 3}
            assert fetched(first + 3) == b"1\n"


def test_all_that_is_exposed_gets_free_ports(dflint):
    dflint.image("exposing", "EXPOSE 81 82/udp 83/sctp 84", "RUN echo text > a")
    words = ("--network=none", "-P", "-p", f"{(named := free_port())}:84", "exposing")
    with started(dflint, *words, "httpd", "-fp", "81") as running:
        ports = chosen(running, 2)
        assert set(ports) == {"81/tcp", "82/udp"}
        assert wait_for(lambda: fetched(ports["81/tcp"]) == b"text\n")
        shown = dflint.text("ps")

    assert f"127.0.0.1:{named}->84/tcp" in shown
    assert shown.count("->") == 3
