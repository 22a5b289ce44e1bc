"""The second stage that `build-tools-left` proposes, and where it proposes none."""

from __future__ import annotations

import pytest

from dflint.lint.document import Document
from dflint.text.source import Source
from tests.rules.test_proposals import proposed

NAME = "build-tools-left"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
FROM_BUILD = f"COPY --from=build {CERTIFICATES} {CERTIFICATES}\n"
GO = "FROM golang:1.24\nWORKDIR /src\nCOPY . .\n"
DOTNET = "mcr.microsoft.com/dotnet"


def staged(text: str) -> str:
    """The proposal for a text, which a builder accepts."""
    made = proposed(NAME, text)
    assert made is not None
    doc = Document(Source("Dockerfile", made.encode()))
    assert not doc.problems
    assert len(doc.model.stages) == 2
    return made


def test_all_up_to_the_build_stays_and_the_rest_goes_with_the_result() -> None:
    text = (
        "# syntax=docker/dockerfile:1\nARG V=1.24\nFROM golang:${V}-alpine3.22\n"
        "ENV CGO_ENABLED=0\nENV PORT=80\n# who\nLABEL a=b\nEXPOSE $PORT\nWORKDIR /src\nCOPY . .\n"
        "RUN go build -o /app ./cmd/app\nCOPY start.html /www/\nUSER 1000:1000\n"
        'VOLUME /data\nHEALTHCHECK CMD /app check\nENTRYPOINT ["/app"]\nCMD ["serve"]\n'
    )
    assert staged(text) == (
        "# syntax=docker/dockerfile:1\nARG V=1.24\nFROM golang:${V}-alpine3.22 AS build\n"
        "ENV CGO_ENABLED=0\nENV PORT=80\nWORKDIR /src\nCOPY . .\n"
        "RUN go build -o /app ./cmd/app\n\nFROM alpine:3.22\nWORKDIR /src\n"
        "COPY --from=build /app /app\nENV PORT=80\n# who\nLABEL a=b\nEXPOSE $PORT\n"
        "COPY start.html /www/\nUSER 1000:1000\n"
        'VOLUME /data\nHEALTHCHECK CMD /app check\nENTRYPOINT ["/app"]\nCMD ["serve"]\n'
    )


def test_what_is_written_is_like_the_file() -> None:
    text = (
        "from golang:1.24-alpine as b\r\ncopy . /src\r\nrun cd /src && go build -o /a\r\ncmd /a\r\n"
    )
    assert staged(text) == text.replace("cmd", "\r\nfrom alpine:3\r\ncopy --from=b /a /a\r\ncmd")


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("FROM golang:1-bookworm\nWORKDIR /go/src/x\nCOPY . .\nRUN go build\nCMD ./x -v\n",
         f"FROM debian:bookworm-slim\nWORKDIR /go/src/x\n{FROM_BUILD}"
         "COPY --from=build /go/src/x/x /go/src/x/x\n"),
        ("FROM golang\nCOPY . /go/src/a/b\nRUN go install a/b\nCMD exec b\n",
         f"FROM debian:stable-slim\n{FROM_BUILD}COPY --from=build /go/bin/b /usr/local/bin/b\n"),
        ("FROM golang:alpine\nWORKDIR /s\nCOPY . ./\nRUN go build -o ./ main.go && mv main /bin/x\n"
         "WORKDIR /d\nCMD x\n",
         "FROM alpine:3\nCOPY --from=build /bin/x /bin/x\n"),
        ("FROM --platform=linux/amd64 rust:1-slim-trixie\nWORKDIR /s\nCOPY . .\n"
         'RUN cargo build --release\nCMD ["target/release/a"]\n',
         f"FROM --platform=linux/amd64 debian:trixie-slim\nWORKDIR /s\n{FROM_BUILD}"
         "COPY --from=build /s/target/release/a /s/target/release/a\n"),
        ('FROM rust:alpine\nWORKDIR /s\nCOPY . .\nRUN cargo install --path .\nCMD ["a"]\n',
         "FROM alpine:3\nWORKDIR /s\nCOPY --from=build /usr/local/cargo/bin/a /usr/local/bin/a\n"),
        ("FROM maven:3.9-eclipse-temurin-21-alpine\nWORKDIR /s\nCOPY pom.xml src ./\n"
         'RUN mvn package\nCMD ["java", "-Xmx1g", "-jar", "target/a.jar"]\n',
         "FROM eclipse-temurin:21-jre-alpine\nWORKDIR /s\n"
         "COPY --from=build /s/target/a.jar /s/target/a.jar\n"),
        ("FROM mirror.gcr.io/library/gradle:8-jdk17\nCOPY . /s\n"
         'RUN cd /s && gradle bootJar && cp build/libs/*.jar /a.jar\nCMD java -jar /a.jar\n',
         "FROM mirror.gcr.io/library/eclipse-temurin:17-jre\nCOPY --from=build /a.jar /a.jar\n"),
        (f"FROM {DOTNET}/sdk:8.0.404-alpine3.20\nWORKDIR /s\nCOPY . .\n"
         'RUN dotnet publish -c Release -o /out\nWORKDIR /out\nENTRYPOINT ["dotnet", "a.dll"]\n',
         f"FROM {DOTNET}/aspnet:8.0-alpine3.20\nCOPY --from=build /out /out\n"),
        ("FROM debian:13\nRUN apt-get update && apt-get install -y gcc libc6-dev\n"
         "COPY a.c /s/\nRUN gcc -O2 -o /a /s/a.c\nCMD /a\n",
         "FROM debian:13\nCOPY --from=build /a /a\n"),
        ("FROM ubuntu:24.04\nRUN apt-get install -y ca-certificates clang\nCOPY a.c /s/\n"
         "RUN clang -o /bin/a /s/a.c\nCMD a\n",
         f"FROM ubuntu:24.04\n{FROM_BUILD}COPY --from=build /bin/a /bin/a\n"),
        ("FROM alpine:3.22\nRUN apk add go gcc\nWORKDIR /s\nCOPY . .\nRUN go build -o a\nCMD ./a\n",
         "FROM alpine:3.22\nWORKDIR /s\nCOPY --from=build /s/a /s/a\n"),
    ],
)  # fmt: skip
def test_result_is_known_and_so_is_what_is_enough_to_run_it(text: str, second: str) -> None:
    made = staged(text)
    assert made.partition("\n\n")[2].startswith(second)
    assert made.endswith(text[text.rindex("\n", 0, -1) :])


@pytest.mark.parametrize(
    "text",
    [
        f'{GO}RUN go build -o /a\nCMD ["/b"]\n',
        f'{GO}RUN go build -o /a\nCMD ["/a", "--config", "/src/a.yml"]\n',
        f'{GO}RUN go build -o /a\nCMD ["sh", "-c", "/a"]\n',
        f"{GO}RUN go build -o /a\nCMD /a && /b\n",
        f"{GO}RUN go build -o /a\nCMD /a $GOPATH\n",
        f"{GO}RUN go build -o /a\n",
        f"{GO}RUN go build -o /a ./a && go build -o /b ./b\nCMD /a\n",
        f"{GO}RUN go build\nCMD ./a\n",
        f"{GO}RUN go build ./...\nCMD ./src\n",
        f"{GO}RUN go build -o $OUT\nCMD /a\n",
        f"{GO}RUN go build -o /a\nRUN useradd b\nCMD /a\n",
        f"{GO}RUN go build -o /a\nUSER b\nCMD /a\n",
        f"{GO}USER 1000\nRUN go build -o /a\nCMD /a\n",
        f"{GO}RUN go build -o /a && mkdir /data\nCMD /a\n",
        f"{GO}RUN go build -o /a\nONBUILD COPY a b\nCMD /a\n",
        f"{GO}ARG V\nRUN go build -o /a\nLABEL v=$V\nCMD /a\n",
        f"{GO}ENV CONFIG=/src/a.yml\nRUN go build -o /a\nCMD /a\n",
        f"{GO}RUN go build -o /a\nHEALTHCHECK CMD curl localhost\nCMD /a\n",
        f"{GO}RUN go build -o /a\nCOPY --from=b c d\nCMD /a\n",
        f"{GO}RUN apt-get install -y libpq-dev && go build -o /a\nCMD /a\n",
        f"{GO}COPY static ./static\nRUN go build -o /a\nCMD /a\n",
        f"{GO}COPY b /etc/\nRUN go build -o /a\nCMD /a\n",
        f"{GO}# {{{{ if A }}}}\nRUN go build -o /a\nCMD /a\n",
        f"{GO}RUN go build -o /a\nCMD /a\nWHAT\n",
        f'{GO}RUN go build -o /a\nSHELL ["/bin/bash", "-c"]\nCMD /a\n',
        f"{GO}ENV GOOS=windows\nRUN go install .\nCMD src\n",
        f"{GO.replace('1.24', '$V')}RUN go build -o /a\nCMD /a\n",
        f"{GO.replace('1.24', 'tip')}RUN go build -o /a\nCMD /a\n",
        f"{GO.replace('golang', 'a.b/golang')}RUN go build -o /a\nCMD /a\n",
        f"{GO.replace('/src', 'src')}RUN go build -o /a\nCMD /a\n",
        f"{GO.replace('/src', '$GOPATH/src')}RUN go build -o /a\nCMD /a\n",
        "FROM maven:3\nWORKDIR /s\nCOPY . .\nRUN mvn package\n"
        'CMD ["java", "-jar", "target/a.jar"]\n',
        "FROM maven:3-amazoncorretto-17\nWORKDIR /s\nCOPY . .\nRUN mvn package\n"
        'CMD ["java", "-jar", "target/a.jar"]\n',
        "FROM rust\nWORKDIR /s\nCOPY . .\nRUN cargo install a && cargo install --path .\nCMD a\n",
        "FROM alpine\nRUN apk add g++\nCOPY a.cc /s/\nRUN g++ -o /a /s/a.cc\nCMD /a\n",
        "FROM debian\nRUN apt-get install -y gcc make\nCOPY . /s\nRUN make -C /s install\nCMD a\n",
    ],
)  # fmt: skip
def test_nothing_is_proposed_in_doubt(text: str) -> None:
    assert proposed(NAME, text) is None
