# escape=`
# escape=\
FROM a
# unchanged
# ----
# syntax=docker/dockerfile:1
# escape=`
# syntax=docker/dockerfile:1.4
FROM a
# unchanged
# ----
# Escape = `
FROM a
# output
# escape = `
FROM a
# ----
FROM debian:12-slim

# escape=`
FROM a
RUN a `
  b
# unchanged
# ----
#escape=x
FROM a
# unchanged
# ----
# check=skip=JSONArgsRecommended;error=true
FROM a
CMD x
# unchanged
# ----
# check=skip=foo;bar
FROM a
# unchanged
# ----
﻿# syntax=docker/dockerfile:1
FROM a
run x
# output
﻿# syntax=docker/dockerfile:1
FROM a
RUN x
# ----
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y foo
# output
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/*
# ----
# hadolint ignore=DL3000,DL3059
RUN true
# hadolint ignore=DL3059
RUN true
RUN true
# unchanged
# ----
# hadolint global ignore=DL3008
# dflint: ignore
RUN x
# unchanged
# ----
FROM debian:12-slim
RUN true
# dflint: ignore=consecutive-run
RUN true
# unchanged
# ----
 # escape=`
FROM a
RUN x `
  && apt install y
# output
 # escape=`
FROM a
RUN x `
  && apt-get install -y y
# ----
 # check=skip=MaintainerDeprecated
FROM a
MAINTAINER b
# output
 # check=skip=MaintainerDeprecated
FROM a
LABEL org.opencontainers.image.authors="b"
