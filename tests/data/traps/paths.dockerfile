FROM debian:12-slim
WORKDIR a
WORKDIR b/c
WORKDIR /x
WORKDIR ../y
WORKDIR $Z
WORKDIR "q r"
WORKDIR ./
WORKDIR .
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
WORKDIR $X/b
WORKDIR c
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a/
WORKDIR b/
COPY x y
# unchanged
# ----
FROM a AS base
WORKDIR /x
FROM base
WORKDIR y
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
ONBUILD WORKDIR b
WORKDIR c
# unchanged
# ----
FROM mcr.microsoft.com/windows/servercore
WORKDIR /app
WORKDIR sub
COPY a b
# unchanged
# ----
ARG BASE=scratch
FROM $BASE
COPY a b
# unchanged
# ----
ARG BASE=scratch
FROM $BASE
WORKDIR app
# unchanged
# ----
ARG BASE=a
FROM debian:12-slim AS a
WORKDIR /a
FROM debian:12-slim AS b
WORKDIR /b
FROM $BASE
RUN cd /a && make
RUN cd c && make
WORKDIR /d
RUN cd /d && make
# output
ARG BASE=a
FROM debian:12-slim AS a
WORKDIR /a
FROM debian:12-slim AS b
WORKDIR /b
FROM $BASE
RUN cd /a && make
RUN cd c && make
WORKDIR /d
RUN make
