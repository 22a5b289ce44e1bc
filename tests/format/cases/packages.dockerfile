FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends \
    ca-certificates \
    curl \
    && rm -rf /var/lib/apt/lists/*
RUN apt-get update \
 && apt-get install -y -t bookworm-backports git make \
      gcc -o Dpkg::Use-Pty=0 > /dev/null \
 && pip install --no-cache-dir uv
RUN apk add --no-cache --virtual .build-deps gcc musl-dev libffi-dev openssl-dev python3-dev cargo make
RUN apk add --no-cache gcc musl-dev libffi-dev
RUN apk add \
    # the compiler
    gcc musl-dev \
    # for tests
    bash
# output
FROM debian:12
RUN apt-get update && apt-get install -y --no-install-recommends \
    ca-certificates \
    curl \
    && rm -rf /var/lib/apt/lists/*
RUN apt-get update \
    && apt-get install -y -t bookworm-backports \
        git \
        make \
        gcc \
        -o Dpkg::Use-Pty=0 > /dev/null \
    && pip install --no-cache-dir uv
RUN apk add --no-cache --virtual .build-deps \
    gcc \
    musl-dev \
    libffi-dev \
    openssl-dev \
    python3-dev \
    cargo \
    make
RUN apk add --no-cache gcc musl-dev libffi-dev
RUN apk add \
    # the compiler
    gcc \
    musl-dev \
    # for tests
    bash
