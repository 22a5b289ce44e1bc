FROM debian:12-slim
RUN true
RUN false || true
RUN a; b
RUN mkdir x
RUN mkdir y && z
# unchanged
# ----
FROM debian:12-slim
RUN mkdir a
RUN set -e
RUN mkdir b
RUN umask 022
RUN mkdir c
# output
FROM debian:12-slim
RUN mkdir a \
    && set -e
RUN mkdir b \
    && umask 022
RUN mkdir c
# ----
FROM debian:12-slim
RUN mkdir a
RUN if true; then x; fi
# unchanged
# ----
FROM debian:12-slim
RUN mkdir a # c
RUN mkdir b
# unchanged
# ----
FROM debian:12-slim
RUN mkdir "a
RUN mkdir b"
# unchanged
# ----
FROM debian:12-slim
RUN mkdir a \
RUN mkdir b
# unchanged
# ----
FROM debian:12-slim
RUN mkdir a
RUN echo $_
# unchanged
# ----
FROM debian:12-slim
RUN mkdir $RANDOM
RUN mkdir $$
# output
FROM debian:12-slim
RUN mkdir $RANDOM \
    && mkdir $$
# ----
FROM debian:12-slim
SHELL ["/bin/bash", "-c"]
RUN mkdir a
RUN mkdir b
SHELL ["/bin/sh", "-c"]
RUN mkdir c
RUN mkdir d
# output
FROM debian:12-slim
SHELL ["/bin/bash", "-c"]
RUN mkdir a \
    && mkdir b
SHELL ["/bin/sh", "-c"]
RUN mkdir c \
    && mkdir d
# ----
FROM debian:12-slim
RUN mkdir a
RUN --network=none mkdir b
RUN --network=none mkdir c
# output
FROM debian:12-slim
RUN mkdir a
RUN --network=none mkdir b \
    && mkdir c
# ----
FROM debian:12-slim
RUN --mount=type=tmpfs,target=/x mkdir /x/a
RUN --mount=type=tmpfs,target=/x mkdir /x/a
# unchanged
# ----
FROM debian:12-slim
RUN mkdir a
RUN mkdir b &
RUN mkdir c
# unchanged
# ----
FROM debian:12-slim
RUN mkdir a
RUN ! mkdir b
RUN mkdir c | cat
# output
FROM debian:12-slim
RUN mkdir a \
    && ! mkdir b
RUN mkdir c | cat
# ----
FROM debian:12-slim
RUN mkdir a
RUN X=1 mkdir b
RUN mkdir a > /dev/null
RUN >x mkdir c
RUN mkdir d;
RUN mkdir e ;
# output
FROM debian:12-slim
RUN mkdir a \
    && X=1 mkdir b \
    && mkdir a > /dev/null \
    && >x mkdir c \
    && mkdir d \
    && mkdir e ;
# ----
FROM debian:12-slim
RUN mkdir a
RUN (mkdir b)
RUN { mkdir c; }
RUN mkdir d \
    && true
# output
FROM debian:12-slim
RUN mkdir a \
    && (mkdir b) \
    && { mkdir c; }
RUN mkdir d \
    && true
# ----
FROM debian:12-slim
RUN mkdir a

# section

RUN mkdir b
RUN mkdir c
USER x
RUN mkdir d
RUN mkdir e
# output
FROM debian:12-slim
RUN mkdir a \
    # section
    && mkdir b \
    && mkdir c
USER x
RUN mkdir d \
    && mkdir e
# ----
FROM debian:12-slim
ONBUILD RUN mkdir a
ONBUILD RUN mkdir b
# unchanged
# ----
FROM debian:12-slim
RUN touch a
RUN touch {{ x }}
RUN touch {%if%}
RUN touch b
# unchanged
# ----
FROM a
RUN ["echo", "b \${c}"]
RUN echo d
# unchanged
# ----
FROM debian:12-slim
RUN pip install --no-cache-dir a
RUN ln -s /opt/b/bin/pip /usr/local/bin/pip
RUN pip install --no-cache-dir c
# output
FROM debian:12-slim
RUN pip install --no-cache-dir a \
    && ln -s /opt/b/bin/pip /usr/local/bin/pip
RUN pip install --no-cache-dir c
# ----
FROM ubuntu:22.04
RUN pip3 install --no-cache-dir --upgrade pip
RUN pip3 install --no-cache-dir a
# unchanged
# ----
FROM debian:12-slim
RUN mkdir /git
RUN ln -s /git /opt/git
RUN git clone --depth 1 https://example.org/a.git
# output
FROM debian:12-slim
RUN mkdir /git \
    && ln -s /git /opt/git \
    && git clone --depth 1 https://example.org/a.git
# ----
FROM debian:12-slim
RUN ln /a /b
RUN touch /c
RUN ln -s /a /d
RUN touch /e
# output
FROM debian:12-slim
RUN ln /a /b
RUN touch /c \
    && ln -s /a /d \
    && touch /e
