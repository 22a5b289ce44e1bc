# what reads the lists of apt stays behind what fetches them
FROM debian:12
RUN apt-get update
# tools
RUN apt-get install -y --no-install-recommends make
RUN apt-get install -y --no-install-recommends gcc
# output
# what reads the lists of apt stays behind what fetches them
FROM debian:12
RUN apt-get update \
    # tools
    && apt-get install -y --no-install-recommends make \
    && apt-get install -y --no-install-recommends gcc \
    && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12
RUN apt-get update
RUN apt-get install -y --no-install-recommends make || apt-get install -y --no-install-recommends gcc
# unchanged
# ----
FROM debian:12
RUN apt-get update
# hadolint ignore=DL3008
RUN apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN apt-get update
RUN --mount=type=cache,target=/var/cache/apt apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN apt-get update
USER 0
RUN apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN apt-get update; exit 0
RUN apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN apt-get update || true
RUN apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN cd /srv && apt-get update
RUN test -e make || apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN apt-get update
RUN ["apt-get", "install", "-y", "--no-install-recommends", "make"]
# unchanged
# ----
FROM debian:12
RUN apt-get update
RUN <<E
apt-get install -y --no-install-recommends make
E
# unchanged
# ----
FROM debian:12
RUN apt-get update
#if X
RUN apt-get install -y --no-install-recommends make
#endif
# unchanged
# ----
FROM debian:12
SHELL ["/bin/bash", "-lc"]
RUN apt-get update
RUN apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN apt-get update
ONBUILD RUN apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN apt-get update && service cron start
RUN apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12
RUN apt-get update
RUN echo "$?" && apt-get install -y --no-install-recommends make
# output
FROM debian:12
RUN apt-get update \
    && echo "$?" && apt-get install -y --no-install-recommends make
# ----
FROM debian:12
RUN echo "1.1.1.1 deb.debian.org" >>/etc/hosts && apt-get update
RUN apt-get install -y --no-install-recommends make
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update
ENV b=c
RUN apt-get -y remove b
# unchanged
