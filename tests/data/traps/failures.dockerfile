# `set -e` ends no subshell that `&&` stands behind
FROM debian:12
SHELL ["/bin/bash", "-ec"]
RUN (apt-get update; echo x >/etc/x)
RUN apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
# unchanged
# ----
FROM debian:12
RUN (set -e; apt-get update; echo x >/etc/x)
RUN apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
# unchanged
# ----
FROM debian:12
RUN (apt-get update && echo x >/etc/x)
RUN apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
# output
FROM debian:12
RUN (apt-get update && echo x >/etc/x) \
    && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
# ----
# what arrived before a failure went down the pipe, and `-q` is heeded in the first place
FROM node:24
RUN curl -o- https://example.org/install.sh | bash
RUN curl -q -fsSLo /a https://example.org/a
RUN curl -fsSLo /b https://example.org/b; test $? != 22
# unchanged
