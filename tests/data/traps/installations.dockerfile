FROM debian:12-slim
RUN set -ex; apt-get update; apt-get install -y foo; make
# output
FROM debian:12-slim
RUN set -ex; apt-get update; apt-get install -y foo; rm -rf /var/lib/apt/lists/*; make
# ----
FROM debian:12-slim
RUN set -e; apt-get update; if apt-get install -y foo; then make; fi; x
# output
FROM debian:12-slim
RUN set -e; apt-get update; if apt-get install -y foo; then make; fi; rm -rf /var/lib/apt/lists/*; x
# ----
FROM debian:12-slim
SHELL ["/bin/bash", "-ec"]
RUN apt-get update; apt-get install -y foo; make
# output
FROM debian:12-slim
SHELL ["/bin/bash", "-ec"]
RUN apt-get update; apt-get install -y foo; rm -rf /var/lib/apt/lists/*; make
# ----
FROM debian:12-slim
SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]
RUN apt-get update; apt-get install -y foo; make
# output
FROM debian:12-slim
SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]
RUN apt-get update; apt-get install -y foo; rm -rf /var/lib/apt/lists/*; make
# ----
FROM debian:12-slim
RUN set -e \
 && apt-get update; \
 apt-get install -y foo; \
 make
# output
FROM debian:12-slim
RUN set -e \
 && apt-get update; \
 apt-get install -y foo; \
 rm -rf /var/lib/apt/lists/*; \
 make
# ----
FROM debian:12-slim
RUN set -e; apt-get update; \
 apt-get install -y foo || apt-get install -y bar; \
 make
# output
FROM debian:12-slim
RUN set -e; apt-get update; \
 apt-get install -y foo || apt-get install -y bar; \
 rm -rf /var/lib/apt/lists/*; \
 make
# ----
FROM debian:12-slim
RUN set -e; apt-get update; \
 (apt-get install -y foo; x); \
 make
# output
FROM debian:12-slim
RUN set -e; apt-get update; \
 (apt-get install -y foo; x); \
 rm -rf /var/lib/apt/lists/*; \
 make
# ----
FROM debian:12-slim
RUN set -e; apt-get update; \
 { apt-get install -y foo; x; } || y; \
 make
# output
FROM debian:12-slim
RUN set -e; apt-get update; \
 { apt-get install -y foo; x; } && rm -rf /var/lib/apt/lists/* || y; \
 make
# ----
FROM debian:12-slim
RUN set -e; apt-get update; ! apt-get install -y foo; make
# unchanged
# ----
FROM debian:12-slim
RUN set -e; apt-get update; [ -n "$X" ] && apt-get install -y foo; make
# output
FROM debian:12-slim
RUN set -e; apt-get update; [ -n "$X" ] && apt-get install -y foo; rm -rf /var/lib/apt/lists/*; make
# ----
FROM debian:12-slim
RUN apt-get update; case $X in a) apt-get install -y foo;; *) apt-get install -y bar;; esac
# output
FROM debian:12-slim
RUN apt-get update; case $X in a) apt-get install -y foo;; *) apt-get install -y bar;; esac && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && apt-get source bar && cd bar && make
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && apt-get source bar && rm -rf /var/lib/apt/lists/* && cd bar && make
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo; apt-get install -y bar &
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y $(cat list) && x
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y $(cat list) && rm -rf /var/lib/apt/lists/* && x
# ----
FROM debian:12-slim
RUN apt-get update && x=$(apt-get install -y foo) && y
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && xargs apt-get install -y < list
# output
FROM debian:12-slim
RUN apt-get update && xargs apt-get install -y < list && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && cat list | xargs apt-get install -y
# output
FROM debian:12-slim
RUN apt-get update && cat list | xargs apt-get install -y && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && ls /var/lib/apt/lists && cp -r /var/lib/apt/lists /x
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && mkdir -p /var/lib/apt/lists/partial && rm -rf /var/lib/apt/lists/* && apt-get install -y foo
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update
RUN apt-get install foo
# output
FROM debian:12-slim
RUN apt-get update \
    && apt-get install -y foo \
    && rm -rf /var/lib/apt/lists/*
# ----
FROM debian AS a
RUN apt-get update
FROM a
RUN apt-get install -y foo
# unchanged
# ----
FROM debian AS a
RUN apt-get update
FROM b
COPY --from=a / /
RUN apt-get install -y foo
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
ENTRYPOINT apt-get install -y $PKG && exec x
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo
ONBUILD RUN apt-get install -y bar
# unchanged
# ----
FROM debian:12-slim
RUN useradd -u 1000000000 foo && useradd --no-log-init bar && useradd -l baz && adduser -u 99999999 x
# output
FROM debian:12-slim
RUN useradd --no-log-init -u 1000000000 foo && useradd --no-log-init bar && useradd -l baz && adduser -u 99999999 x
# ----
FROM debian:12-slim
RUN wget http://x && wget -q x && wget -nv y && wget -O- z | sh && wget --progress=dot:giga q && busybox wget x
# output
FROM debian:12-slim
RUN wget --progress=dot:giga http://x && wget -q x && wget -nv y && wget --progress=dot:giga -O- z | sh && wget --progress=dot:giga q && busybox wget -q x
# ----
FROM alpine
RUN wget http://x
RUN apk add wget && wget http://x
# output
FROM alpine
RUN wget -q http://x
RUN apk add --no-cache wget && wget http://x
# ----
FROM rockylinux:9
RUN wget http://x; wget x -o log; wget --show-progress y; WGETRC=/x wget y
# output
FROM rockylinux:9
RUN wget --progress=dot:giga http://x; wget x -o log; wget --progress=dot:giga --show-progress y; WGETRC=/x wget --progress=dot:giga y
# ----
FROM node:20
RUN npm install && npm ci && yarn install && yarn add x && yarn global add y && pnpm i
# output
FROM node:20
RUN npm install && npm ci && npm cache clean --force && yarn install && yarn add x && yarn global add y && yarn cache clean && pnpm i
# ----
FROM node:20
USER node
RUN npm install --prefix /x && yarn install --cache-folder /tmp/c
# output
FROM node:20
USER node
RUN npm install --prefix /x && npm cache clean --force && yarn install --cache-folder /tmp/c
# ----
FROM node:20
RUN npm install | tee log; npm run build
# output
FROM node:20
RUN npm install | tee log && npm cache clean --force; npm run build
# ----
FROM node:20
RUN --mount=type=cache,target=/root/.npm npm install && yarn
# output
FROM node:20
RUN --mount=type=cache,target=/root/.npm npm install && yarn && yarn cache clean
# ----
FROM node:20
RUN cd app && npm install && cd .. && yarn
# output
FROM node:20
RUN cd app && npm install && npm cache clean --force && cd .. && yarn && yarn cache clean
# ----
FROM node:20
RUN npm i -g npm@9 && npm install; npm test &
# output
FROM node:20
RUN npm i -g npm@9 && npm install && npm cache clean --force; npm test &
# ----
FROM node:20
RUN npm cache clean --force && npm cache clean && npm cache verify && npm install
# output
FROM node:20
RUN npm cache clean --force && npm cache clean --force && npm cache verify && npm install && npm cache clean --force
# ----
FROM node:8
RUN npm cache clean
RUN npm cache clean -f
RUN npm cache rm; npm cache clean x
# output
FROM node:8
RUN npm cache clean --force
RUN npm cache clean -f
RUN npm cache rm --force; npm cache clean x
# ----
FROM python:3
RUN pip install x; python -m pip install y; pip3 download z; pip install --cache-dir /c q; PIP_NO_CACHE_DIR=1 pip install r
# unchanged
# ----
FROM python:3
ENV PIP_NO_CACHE_DIR=off
RUN pip install --no-cache-dir x && pip install y
# unchanged
# ----
FROM python:3
RUN pip install \
   # c
   x \
   "y<3" && pip install -r a -r b # z
# output
FROM python:3
RUN pip install --no-cache-dir \
   # c
   x \
   "y<3" && pip install --no-cache-dir -r a -r b # z
# ----
FROM python:3
RUN pip 'install' x; "pip" install y; \pip install z; pip\
 install q
# output
FROM python:3
RUN pip 'install' x; "pip" install --no-cache-dir y; \pip install --no-cache-dir z; pip\
 install --no-cache-dir q
# ----
FROM python:3
RUN bash -lc "pip install x" && su -c 'pip install "y"' && ssh h pip install z && docker run q pip install w
# output
FROM python:3
RUN bash -lc "pip install --no-cache-dir x" && su -c 'pip install --no-cache-dir "y"' && ssh h pip install z && docker run q pip install w
# ----
FROM ruby
RUN gem install x y:1 && gem install -N z && gem update --system && gem install bundler -v 2 --no-ri --no-rdoc
# unchanged
# ----
FROM ruby:2.0
RUN gem install x
# unchanged
# ----
FROM alpine
RUN apk update && apk add x && apk add --update y && apk upgrade && apk del z
# output
FROM alpine
RUN apk add --no-cache x && apk add --no-cache y && apk upgrade --no-cache && apk del z
# ----
FROM alpine
RUN apk update; apk add x || apk add y; apk -U upgrade
# output
FROM alpine
RUN apk update --no-cache; apk add --no-cache x || apk add --no-cache y; apk --no-cache upgrade
# ----
FROM alpine
RUN apk update \
  # refresh
  && apk add x \
  && rm -rf /var/cache/apk/*
# unchanged
# ----
FROM alpine
RUN apk add --no-cache x && apk add -q y && apk --no-cache add z && apk --update add w && apk --update-cache add v
# output
FROM alpine
RUN apk add --no-cache x && apk add --no-cache -q y && apk --no-cache add z && apk --no-cache add w && apk --no-cache add v
# ----
FROM alpine
RUN apk update
RUN apk add x
# output
FROM alpine
RUN apk add --no-cache x
# ----
FROM centos:7
RUN yum install x && yum -y update; yum groupinstall "Dev Tools" && yum localinstall a.rpm && yum clean metadata
# output
FROM centos:7
RUN yum -y install x && yum -y update; yum -y groupinstall "Dev Tools" && yum -y localinstall a.rpm && yum clean metadata
# ----
FROM fedora
RUN dnf install x; dnf -y upgrade && microdnf install y && dnf module enable z && dnf builddep a.spec && dnf config-manager --add-repo u
# output
FROM fedora
RUN dnf -y install x; dnf -y upgrade && microdnf -y install y && microdnf clean all && dnf -y module enable z && dnf -y builddep a.spec && dnf clean all && dnf config-manager --add-repo u
# ----
FROM fedora
RUN dnf install -y x && dnf clean all && dnf install -y y
# output
FROM fedora
RUN dnf install -y x && dnf clean all && dnf install -y y && dnf clean all
# ----
FROM fedora
RUN set -e; dnf install -y x; make
# output
FROM fedora
RUN set -e; dnf install -y x; dnf clean all; make
# ----
FROM opensuse/leap
RUN zypper install x && zypper -n in y && zypper ref && zypper dup && zypper up; zypper ar u n && zypper --gpg-auto-import-keys ref
# output
FROM opensuse/leap
RUN zypper --non-interactive install x && zypper -n in y && zypper ref && zypper --non-interactive dup && zypper --non-interactive up; zypper ar u n && zypper --gpg-auto-import-keys ref
# ----
FROM opensuse/leap
RUN zypper in -y x; zypper rm z && zypper patch
# output
FROM opensuse/leap
RUN zypper in -y x; zypper --non-interactive rm z && zypper --non-interactive patch && zypper clean --all
# ----
FROM photon
RUN tdnf install x && tdnf clean all
# output
FROM photon
RUN tdnf -y install x && tdnf clean all
# ----
FROM redhat/ubi9
RUN microdnf install -y tar || dnf install -y tar
# output
FROM redhat/ubi9
RUN microdnf install -y tar && microdnf clean all || dnf install -y tar
# ----
FROM debian:12-slim
RUN command -v yarn || npm install -g yarn@1.22.22; yarn --version
# unchanged
# ----
FROM redhat/ubi9
RUN dnf install -y foo-2 || dnf install -y foo-1
# output
FROM redhat/ubi9
RUN dnf install -y foo-2 || dnf install -y foo-1 && dnf clean all
# ----
FROM redhat/ubi9
RUN test -f /x || { dnf install -y foo-2; }
# output
FROM redhat/ubi9
RUN test -f /x || { dnf install -y foo-2 && dnf clean all; }
# ----
FROM redhat/ubi9
RUN if [ -x /usr/bin/dnf ]; then dnf install -y a; fi; if [ -x /usr/bin/dnf ]; then dnf install -y b; fi
# unchanged
# ----
FROM redhat/ubi9
RUN if [ -f /a ]; then dnf install -y a; else dnf install -y b; fi
# output
FROM redhat/ubi9
RUN if [ -f /a ]; then dnf install -y a; else dnf install -y b; fi && dnf clean all
# ----
FROM redhat/ubi9
RUN for a in x y; do dnf install -y $a; done
# output
FROM redhat/ubi9
RUN for a in x y; do dnf install -y $a; done && dnf clean all
# ----
FROM redhat/ubi9
RUN true || dnf install -y a && if [ -d /opt ]; then dnf install -y b; fi
# unchanged
# ----
FROM debian:12-slim
RUN set -eux; \
	apt-get update; \
	apt-get install -y \
		foo \
	; \
	make
# output
FROM debian:12-slim
RUN set -eux; \
	apt-get update; \
	apt-get install -y \
		foo \
	; \
	rm -rf /var/lib/apt/lists/*; \
	make
# ----
FROM debian:12-slim
RUN apt-get update; \
    for p in a b; do \
      apt-get install -y $p; \
    done
# output
FROM debian:12-slim
RUN apt-get update; \
    for p in a b; do \
      apt-get install -y $p; \
    done \
    && rm -rf /var/lib/apt/lists/*
