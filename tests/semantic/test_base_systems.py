"""What the names of images tell of the releases that they are built on."""

from __future__ import annotations

import pytest

from dflint.semantic.base_systems import has_old_debian, may_have_jessie, release_of
from dflint.semantic.releases import AS_OF, FAMILIES


@pytest.mark.parametrize(
    ("image", "title"),
    [
        ("debian", "Debian 13 (trixie)"),
        ("debian:8.11-slim", "Debian 8 (jessie)"),
        ("docker.io/library/debian:wheezy-backports", "Debian 7 (wheezy)"),
        ("ubuntu:trusty-20150630", "Ubuntu 14.04 (trusty)"),
        ("ubuntu:14.04.5", "Ubuntu 14.04 (trusty)"),
        ("stackbrew/ubuntu:13.10", "Ubuntu 13.10 (saucy)"),
        ("centos", "CentOS 8"),
        ("centos:centos7.9.2009", "CentOS 7"),
        ("python:3.6-slim-stretch", "Debian 9 (stretch)"),
        ("python", "Debian 12 (bookworm)"),
        ("nvidia/cuda:9.0-devel-ubuntu16.04", "Ubuntu 16.04 (xenial)"),
        ("node:10-alpine3.9", "Alpine 3.9"),
        ("alpine:3.22.1", "Alpine 3.22"),
        ("fedora:30", "Fedora 30"),
    ],
)
def test_the_release_is_told(image, title):
    assert release_of(image).title == title


@pytest.mark.parametrize(
    "image",
    [
        "debian:sid",
        "ros:kinetic",
        "a/b:14.04",
        "centos:stream8",
        "resin/rpi-raspbian:jessie",
        "scratch",
        "",
        "a:b",
    ],
)
def test_what_is_not_known_is_not_told(image):
    assert release_of(image) is None


@pytest.mark.parametrize(
    ("image", "is_old"),
    [
        ("node:8", True),
        ("node:carbon-slim", True),
        ("node:12", False),
        ("node:14.17.0", True),
        ("node:14", False),
        ("node:8-alpine", False),
        ("python:2", True),
        ("python:3", False),
        ("python:3.6", False),
        ("python:3.6.4", True),
        ("php:5-apache", True),
        ("php:7.4-fpm", False),
        ("java:8-jre", True),
        ("java", True),
        ("someone/node:8", False),
    ],
)
def test_old_official_images_are_told_by_their_versions(image, is_old):
    assert has_old_debian(image) is is_old


@pytest.mark.parametrize(
    ("image", "may"),
    [
        ("nginx:1.9.5", True),
        ("nginx:1.13", False),
        ("nginx:1.9.5-stretch", False),
        ("node:boron", True),
        ("node:10", False),
        ("golang:1", False),
        ("golang:1.6-alpine", False),
        ("java:8", True),
    ],
)
def test_official_images_of_the_time_of_debian_8_are_told_by_their_versions(image, may):
    assert may_have_jessie(image) is may


def test_the_tables_are_in_order_and_true_at_their_date():
    for family, releases in FAMILIES.items():
        versions = [one.version for one in releases]
        assert versions == sorted(set(versions)), family
        assert all(one.ended < AS_OF for one in releases), family
        assert not any(one.archive and not one.ended for one in releases), family
