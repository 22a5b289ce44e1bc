FROM ruby:3.4
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
COPY vendor vendor
RUN bundle cache && bundle install --jobs 4
# unchanged
# ----
FROM ruby:3.4
ENV BUNDLE_DEPLOYMENT=1
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
# unchanged
# ----
FROM ruby:3.4
WORKDIR /app
RUN git clone https://example.org/a.git . && bundle install --local
# unchanged
# ----
FROM ruby:3.4 AS build
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
FROM ruby:3.4-slim
COPY --from=build /usr/local/bundle/cache /gems/cache
# unchanged
# ----
FROM ruby:3.4
RUN useradd --no-log-init app
USER app
WORKDIR /app
COPY --chown=app Gemfile Gemfile.lock ./
RUN bundle install
# unchanged
# ----
FROM ruby:3.4
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN (bundle check || bundle install) && bundle exec rake
# output
FROM ruby:3.4
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN (bundle check || bundle install && rm -rf /usr/local/bundle/cache) && bundle exec rake
# ----
FROM debian:12-slim
RUN apt-get update
ENV A=b
RUN make
# unchanged
# ----
FROM alpine:3.22
RUN apk update
# unchanged
# ----
FROM fedora:42
RUN dnf makecache
# unchanged
# ----
FROM fedora:42
RUN dnf install -y --downloadonly make
# unchanged
# ----
FROM fedora:42
RUN dnf install -y --downloadonly --destdir=/rpms make
# output
FROM fedora:42
RUN dnf install -y --downloadonly --destdir=/rpms make && dnf clean all
# ----
FROM rockylinux:9
RUN sed -i 's/keepcache=0/keepcache=1/' /etc/yum.conf && yum install -y make
# unchanged
# ----
FROM opensuse/leap:15.6
RUN zypper --non-interactive install -d make
# unchanged
# ----
FROM node:22
WORKDIR /app
RUN set -e; \
    if [ -f yarn.lock ]; then yarn install; \
    elif [ -f package-lock.json ]; then \
      npm ci; \
    fi; \
    make
# output
FROM node:22
WORKDIR /app
RUN set -e; \
    if [ -f yarn.lock ]; then yarn install; yarn cache clean; \
    elif [ -f package-lock.json ]; then \
      npm ci; \
      npm cache clean --force; \
    fi; \
    make
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y apt-file && apt-file update
# unchanged
# ----
FROM python:3.13
RUN ["/bin/bash", "-lc", "pip install a && make"]
RUN ["/bin/bash", "-euxc", "pip install b \
    c"]
# output
FROM python:3.13
RUN ["/bin/bash", "-lc", "pip install --no-cache-dir a && make"]
RUN ["/bin/bash", "-euxc", "pip install --no-cache-dir b \
    c"]
