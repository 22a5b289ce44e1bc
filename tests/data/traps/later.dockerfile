FROM debian:12-slim
RUN apt-get update && retry apt-get install -y foo
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN python3 -c "import os; os.system('apt-get install -y bar')"
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN <<E
#!/usr/bin/env python3
import subprocess
subprocess.run(["apt-get", "install", "-y", "bar"])
E
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN python3 -c "import os; os.system('apt-get update && apt-get install -y bar')"
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/*
RUN python3 -c "import os; os.system('apt-get update && apt-get install -y bar')"
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN if test -f /x; then apt-get update; fi; apt-get install -y bar
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN if test -f /x; then apt-get update; fi; apt-get install -y bar && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN if test -f /x; then apt-get update && apt-get install -y bar; fi
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/*
RUN if test -f /x; then apt-get update && apt-get install -y bar && rm -rf /var/lib/apt/lists/*; fi
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN test -f /x || bash -c "apt-get update"; bash -c "apt-get install -y bar"
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN test -f /x || bash -c "apt-get update"; bash -c "apt-get install -y bar" && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
RUN for i in 1 2; do apt-get update && break; done; apt-get install -y bar
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/*
RUN for i in 1 2; do apt-get update && break; done; apt-get install -y bar && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim AS a
RUN apt-get update && apt-get install -y foo
FROM a
RUN --mount=from=a,source=/var/lib/apt/lists,target=/l ls
# unchanged
# ----
FROM debian:12-slim AS a
RUN apt-get update && apt-get install -y foo
FROM a
RUN --mount=from=a,target=/l cp -r /l/var/lib/apt/lists /var/lib/apt
# unchanged
# ----
FROM debian:12-slim
RUN <<E
alias i='apt-get install -y'
apt-get update
apt-get install -y foo
i bar
E
# unchanged
# ----
FROM alpine
RUN apk update && retry apk add foo
# unchanged
# ----
FROM alpine
RUN apk add foo && cp -r /var/cache/apk /c
# unchanged
# ----
FROM node:20
RUN npm install && npm ci --offline && npm run x
# output
FROM node:20
RUN npm install && npm ci --offline && npm cache clean --force && npm run x
# ----
FROM node:20
RUN npm install
RUN npm ci --offline
# output
FROM node:20
RUN npm install \
    && npm ci --offline \
    && npm cache clean --force
# ----
FROM node:20
RUN npm ci && cp -r /root/.npm /cache
# unchanged
# ----
FROM node:20
RUN npm ci && retry npm i --offline
# unchanged
# ----
FROM node:20
RUN --mount=type=bind,source=c,target=/root/.npm npm ci --prefer-offline
# unchanged
# ----
FROM fedora
RUN dnf install -y a && dnf -C install -y b
# output
FROM fedora
RUN dnf install -y a && dnf -C install -y b && dnf clean all
# ----
FROM python:3
RUN pip install x && cp -r ~/.cache/pip /c
# unchanged
# ----
FROM python:3
RUN pip install x
USER app
RUN chown -R app /root/.cache
# unchanged
# ----
FROM python:3
RUN pip install x
RUN rm -rf /root/.cache
# output
FROM python:3
RUN pip install --no-cache-dir x \
    && rm -rf /root/.cache
# ----
FROM python:3 AS a
RUN pip install x
FROM a
COPY --from=a /root/.cache/pip /root/.cache/pip
# unchanged
# ----
FROM python:3
RUN pip install x
RUN --mount=type=cache,target=/root/.cache/go-build go build
# output
FROM python:3
RUN pip install --no-cache-dir x
RUN --mount=type=cache,target=/root/.cache/go-build go build
# ----
FROM debian:12-slim
RUN ln -sf /bin/bash /bin/sh
RUN touch {a,b}
# unchanged
# ----
FROM debian:12-slim
SHELL ["/bin/bash", "-lc"]
RUN echo 'export PATH=/x:$PATH' >> ~/.bash_profile
RUN touch foo
# unchanged
# ----
FROM debian:12-slim
ENV BASH_ENV=/x
SHELL ["/bin/bash", "-c"]
RUN echo 'export A=b' >> /x
RUN touch $A
# unchanged
# ----
FROM condaforge/miniforge3
SHELL ["conda", "run", "-n", "x", "/bin/bash", "-c"]
RUN mkdir a
RUN mkdir b
# unchanged
# ----
FROM debian:12-slim
RUN cd /lib && pwd > /x
WORKDIR /z
# unchanged
# ----
FROM debian:12-slim
RUN ln -s /opt/v1 /opt/cur
WORKDIR /opt/cur
RUN cd /opt/cur && ./configure --prefix=$(pwd)
# unchanged
# ----
FROM debian:12-slim
WORKDIR /app
RUN cd /app # c
# unchanged
# ----
FROM debian:12-slim
SHELL ["/bin/bash", "-c"]
WORKDIR /app
RUN cd /app && ls ~-
# unchanged
# ----
FROM debian:12-slim AS İ
# unchanged
# ----
FROM debian:12-slim
RUN alias make=echo; sudo make
# unchanged
# ----
FROM debian:12-slim
USER root:app
RUN sudo make
# unchanged
# ----
FROM debian:12-slim
RUN wget() { curl -O "$1"; }; wget x
# unchanged
# ----
FROM python:3
RUN <<E
alias pip='pip3 install'
pip install x
E
# unchanged
# ----
FROM debian:12-slim
RUN apt() { apt-get -y "$1" "$2"; }; apt install x
# unchanged
# ----
FROM debian:12-slim
RUN retry() { "$@" || "$@"; }; apt install x && (cd x && pip install z)
# output
FROM debian:12-slim
RUN retry() { "$@" || "$@"; }; apt-get install -y x && (cd x && pip install --no-cache-dir z)
# ----
FROM centos:6
RUN easy_install pip==1.0 && pip install x
# unchanged
# ----
FROM debian:12-slim
COPY --from=busybox /bin/busybox /usr/local/bin/wget
RUN wget x
# unchanged
# ----
FROM alpine
RUN apk add --cache-dir /c z && cp -r /c /d
# unchanged
# ----
FROM python:3
ENV PIP_CACHE_DIR=/x
RUN pip install y
# unchanged
# ----
FROM node:20
ENV npm_config_cache=/x
RUN npm ci
# unchanged
# ----
FROM node:20
RUN export YARN_CACHE_FOLDER=/x; yarn
# unchanged
# ----
FROM alpine
RUN apk update && make
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && ./install.sh
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && make
# unchanged
# ----
FROM debian:12
RUN apt-get install -y ruby && gem install x && ri foo
# unchanged
# ----
FROM debian:12-slim
RUN cd /etc/x && a && c &
WORKDIR /y
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y x
RUN rm -r /var/lib/apt/lists/*
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y x
USER app
RUN rm -r -f /var/lib/apt/lists/*
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/*
USER app
RUN rm -r -f /var/lib/apt/lists/*
# ----
FROM node:20
RUN yarn
RUN tar c $(yarn cache dir) > x
# unchanged
# ----
FROM python:3
RUN pip install x
RUN rm -r $(pip cache dir)
# unchanged
# ----
FROM python:3.9
RUN pip install x
USER app
RUN pip cache purge
# unchanged
# ----
FROM debian:12-slim
RUN (apt show x) > f
# unchanged
# ----
FROM debian:12-slim
RUN sudo env | grep SUDO_USER
# unchanged
# ----
FROM debian:12-slim
RUN apt-get -- install x; pip -- install y
# unchanged
# ----
FROM node:20
RUN npm ci
RUN --network=none npm ci --prefer-offline
# output
FROM node:20
RUN npm ci
RUN --network=none npm ci --prefer-offline && npm cache clean --force
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y x && echo "installed by apt-get"
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/* && echo "installed by apt-get"
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y x && echo "apt-get install y" | sh
# unchanged
# ----
FROM alpine
RUN apk add x
CMD ["apk", "add", "y"]
# unchanged
# ----
FROM python:3 AS a
ENV XDG_CACHE_HOME=/c
RUN pip install x
FROM a
COPY --from=a /c/pip /d
# unchanged
# ----
FROM a AS base
LABEL org.opencontainers.image.authors=q
FROM base
MAINTAINER y
# unchanged
# ----
FROM debian:12-slim
ARG D=/app
WORKDIR $D
RUN cd /app && make
# unchanged
# ----
FROM debian:12-slim
ARG D=/app
ENV E=$D
WORKDIR $E
RUN cd /app && make
# unchanged
# ----
FROM debian:12-slim
ENV E=/app
WORKDIR $E
RUN cd /app && make
# output
FROM debian:12-slim
ENV E=/app
WORKDIR $E
RUN make
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y unattended-upgrades
RUN unattended-upgrade -d
# unchanged
# ----
FROM node:12
RUN yarn --pnp
# unchanged
# ----
FROM nginx:1.9.5
RUN apt-get update && apt-get install -y python-pip && pip install foo && rm -rf /var/lib/apt/lists/*
# unchanged
# ----
FROM alpine:3.20
RUN setup-apkcache /c && apk update && apk add foo
RUN cp -r /c /packages
# unchanged
# ----
FROM debian:12-slim
RUN ["apt", "update"]
RUN ["/usr/bin/apt", "full-upgrade"]
RUN ["bash", "-c", "apt install foo"]
# output
FROM debian:12-slim
RUN ["apt-get", "update"]
RUN ["/usr/bin/apt-get", "dist-upgrade", "-y"]
RUN ["bash", "-c", "apt-get install -y foo"]
# ----
FROM debian:12-slim
RUN bash -c "sudo foo \"$X\""
# unchanged
# ----
FROM debian:12-slim
ENV C=/root/.cache
RUN pip install x && cp -r $C /y
# unchanged
# ----
FROM debian:12-slim
ARG LISTS=/var/lib/apt/lists
RUN apt-get update && apt-get install -y b
RUN cp -r "${LISTS}" /y && sh /setup
# unchanged
# ----
FROM golang:1.22
ENV D=/x
WORKDIR $GOPATH/src/x
RUN cd /src/x && make
# unchanged
# ----
FROM node:22
WORKDIR /app
RUN cd /b && make
FROM scratch
# output
FROM node:22
WORKDIR /app
WORKDIR /b
RUN make
WORKDIR /app
FROM scratch
# ----
FROM node:22
RUN cd /b && make
RUN make x
WORKDIR /c
# unchanged
