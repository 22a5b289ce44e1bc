"""Releases of operating systems: when support ended, and where their packages are since.

As of 2026-01-01. A date is the last day of support for everybody: Debian's of long-term support,
Ubuntu's of standard support (its paid one goes on). Sources: wiki.debian.org/LTS,
wiki.ubuntu.com/Releases, alpinelinux.org/releases, docs.fedoraproject.org ("End of Life
Releases"), centos.org ("End dates"), and what the mirrors no longer have: archive.debian.org,
old-releases.ubuntu.com, vault.centos.org.
"""

from __future__ import annotations

#: The day on which the tables below were true.
AS_OF = "2026-01-01"

_DEBIAN_ARCHIVE = "archive.debian.org"
_UBUNTU_ARCHIVE = "old-releases.ubuntu.com"
_CENTOS_ARCHIVE = "vault.centos.org"


class Release:
    """One release: `family` as people write it, its number, and its code name if it has one.

    `ended` is the last day of support as YYYY-MM-DD, empty while it goes on. `archive` is the host
    to which the packages were moved, so that the addresses in the image lead nowhere; empty while
    they are where they were.
    """

    __slots__ = ("archive", "codename", "ended", "family", "number")

    def __init__(self, family: str, number: str, codename: str, ended: str, archive: str) -> None:
        self.family = family
        self.number = number
        self.codename = codename
        self.ended = ended
        self.archive = archive

    @property
    def title(self) -> str:
        """The name in a sentence: `Debian 8 (jessie)`."""
        name = f"{self.family} {self.number}"
        return f"{name} ({self.codename})" if self.codename else name

    @property
    def version(self) -> tuple[int, ...]:
        """The number as numbers, to compare within a family."""
        return tuple(int(part) for part in self.number.split("."))


def _releases(family: str, archive: str, table: str) -> list[Release]:
    """The releases of a table: number, code name, last day, and a mark for those moved away."""
    found: list[Release] = []
    for line in table.split(";"):
        number, codename, ended, mark = (*line.split(), "-", "-", "-")[:4]
        found.append(
            Release(
                family,
                number,
                "" if codename == "-" else codename,
                "" if ended == "-" else ended,
                archive if mark == "moved" else "",
            )
        )
    return found


DEBIAN = _releases(
    "Debian",
    _DEBIAN_ARCHIVE,
    "4 etch 2010-02-15 moved; 5 lenny 2012-02-06 moved; 6 squeeze 2016-02-29 moved;"
    "7 wheezy 2018-05-31 moved; 8 jessie 2020-06-30 moved; 9 stretch 2022-06-30 moved;"
    "10 buster 2024-06-30 moved; 11 bullseye - -; 12 bookworm - -; 13 trixie - -",
)
UBUNTU = _releases(
    "Ubuntu",
    _UBUNTU_ARCHIVE,
    "8.04 hardy 2013-05-09 moved; 10.04 lucid 2015-04-30 moved; 10.10 maverick 2012-04-10 moved;"
    "11.04 natty 2012-10-28 moved; 11.10 oneiric 2013-05-09 moved;"
    "12.04 precise 2017-04-28 moved; 12.10 quantal 2014-05-16 moved;"
    "13.04 raring 2014-01-27 moved; 13.10 saucy 2014-07-17 moved; 14.04 trusty 2019-04-25 -;"
    "14.10 utopic 2015-07-23 moved; 15.04 vivid 2016-02-04 moved; 15.10 wily 2016-07-28 moved;"
    "16.04 xenial 2021-04-30 -; 16.10 yakkety 2017-07-20 moved; 17.04 zesty 2018-01-13 moved;"
    "17.10 artful 2018-07-19 moved; 18.04 bionic 2023-05-31 -; 18.10 cosmic 2019-07-18 moved;"
    "19.04 disco 2020-01-23 moved; 19.10 eoan 2020-07-17 moved; 20.04 focal 2025-05-31 -;"
    "20.10 groovy 2021-07-22 moved; 21.04 hirsute 2022-01-20 moved; 21.10 impish 2022-07-14 moved;"
    "22.04 jammy - -; 22.10 kinetic 2023-07-20 moved; 23.04 lunar 2024-01-25 moved;"
    "23.10 mantic 2024-07-11 moved; 24.04 noble - -; 24.10 oracular 2025-07-10 -;"
    "25.04 plucky - -; 25.10 questing - -",
)
CENTOS = _releases(
    "CentOS",
    _CENTOS_ARCHIVE,
    "5 - 2017-03-31 moved; 6 - 2020-11-30 moved; 7 - 2024-06-30 moved; 8 - 2021-12-31 moved",
)
ALPINE = _releases(
    "Alpine",
    "",
    "2.6 - 2014-11-01; 2.7 - 2015-11-01; 3.0 - 2016-05-01; 3.1 - 2016-11-01; 3.2 - 2017-05-01;"
    "3.3 - 2017-11-01; 3.4 - 2018-05-01; 3.5 - 2018-11-01; 3.6 - 2019-05-01; 3.7 - 2019-11-01;"
    "3.8 - 2020-05-01; 3.9 - 2020-11-01; 3.10 - 2021-05-01; 3.11 - 2021-11-01;"
    "3.12 - 2022-05-01; 3.13 - 2022-11-01; 3.14 - 2023-05-01; 3.15 - 2023-11-01;"
    "3.16 - 2024-05-23; 3.17 - 2024-11-22; 3.18 - 2025-05-09; 3.19 - 2025-11-01; 3.20; 3.21;"
    "3.22; 3.23",
)
FEDORA = _releases(
    "Fedora",
    "",
    "20 - 2015-06-23; 21 - 2015-12-01; 22 - 2016-07-19; 23 - 2016-12-20; 24 - 2017-08-08;"
    "25 - 2017-12-12; 26 - 2018-05-29; 27 - 2018-11-30; 28 - 2019-05-28; 29 - 2019-11-26;"
    "30 - 2020-05-26; 31 - 2020-11-24; 32 - 2021-05-25; 33 - 2021-11-30; 34 - 2022-06-07;"
    "35 - 2022-12-13; 36 - 2023-05-16; 37 - 2023-12-05; 38 - 2024-05-21; 39 - 2024-11-26;"
    "40 - 2025-05-13; 41; 42; 43",
)
FAMILIES = {
    "debian": DEBIAN, "ubuntu": UBUNTU, "centos": CENTOS, "alpine": ALPINE, "fedora": FEDORA,
}  # fmt: skip
#: The releases that have a code name, by it.
BY_CODENAME = {one.codename: one for one in (*DEBIAN, *UBUNTU) if one.codename}
#: What `latest`, or no tag at all, is at least: later ones drop, and do not bring back.
NEWEST = {
    "debian": DEBIAN[-1],
    "ubuntu": next(one for one in UBUNTU if one.number == "24.04"),
    "centos": CENTOS[-1],
    "alpine": ALPINE[-1],
    "fedora": FEDORA[-1],
}
