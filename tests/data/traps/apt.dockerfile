FROM debian:12-slim
RUN apt-get update && apt-get install foo || true
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/* || true
# ----
FROM debian:12-slim
RUN apt-get update || apt-get install foo; echo done
# output
FROM debian:12-slim
RUN apt-get update || apt-get install -y foo && rm -rf /var/lib/apt/lists/*; echo done
# ----
FROM debian:12-slim
RUN apt-get install foo && service start
# output
FROM debian:12-slim
RUN apt-get install -y foo && service start
# ----
FROM debian:12-slim
RUN yes | apt-get install foo
# unchanged
# ----
FROM debian:12-slim
RUN apt-get install foo < /dev/null
# output
FROM debian:12-slim
RUN apt-get install -y foo < /dev/null
# ----
FROM debian:12-slim
RUN echo apt-get install foo
# unchanged
# ----
FROM debian:12-slim
RUN apt-get --help install foo
# unchanged
# ----
FROM debian:12-slim
RUN apt-get install -s foo
# unchanged
# ----
FROM debian:12-slim
RUN apt-get install --download-only foo && apt-get upgrade && apt-get dist-upgrade && apt-get autoremove
# output
FROM debian:12-slim
RUN apt-get install -y --download-only foo && apt-get upgrade -y && apt-get dist-upgrade -y && apt-get autoremove
# ----
FROM debian:12-slim
RUN apt install foo && apt search x && apt list --installed && apt show y && apt full-upgrade
# output
FROM debian:12-slim
RUN apt-get install -y foo && apt-cache search x && apt list --installed && apt-cache show y && apt-get dist-upgrade -y
# ----
FROM debian:12-slim
RUN apt-get update && (apt-get install foo &) && wait
# output
FROM debian:12-slim
RUN apt-get update && (apt-get install -y foo &) && wait
# ----
FROM debian:12-slim
RUN apt-get update && if [ x ]; then apt-get install foo; fi
# output
FROM debian:12-slim
RUN apt-get update && if [ x ]; then apt-get install -y foo; fi && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update; for p in a b; do apt-get install $p; done
# output
FROM debian:12-slim
RUN apt-get update; for p in a b; do apt-get install $p; done && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install foo; exit 0
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/*; exit 0
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install foo && exec bash
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && exec bash
# ----
FROM debian:12-slim
RUN set -ex && apt-get update && trap 'apt-get install foo' EXIT
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && cd /tmp && make; test $? = 0
# unchanged
# ----
FROM debian:12-slim
RUN f() { apt-get install foo; }; f && apt-get update
# output
FROM debian:12-slim
RUN f() { apt-get install -y foo; }; f && apt-get update
# ----
FROM debian:12-slim
RUN bash -c "apt-get update && apt-get install foo"
# output
FROM debian:12-slim
RUN bash -c "apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/*"
# ----
FROM debian:12-slim
RUN bash -c 'apt-get update; apt-get install foo' && echo
# output
FROM debian:12-slim
RUN bash -c 'apt-get update; apt-get install -y foo && rm -rf /var/lib/apt/lists/*' && echo
# ----
FROM debian:12-slim
RUN ["/bin/bash", "-c", "apt-get update && apt-get install foo"]
# output
FROM debian:12-slim
RUN ["/bin/bash", "-c", "apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/*"]
# ----
FROM debian:12-slim
RUN ["apt-get", "install", "foo", "bar"]
# output
FROM debian:12-slim
RUN ["apt-get", "install", "-y", "bar", "foo"]
# ----
FROM debian:12-slim
RUN eval "apt-get install foo"
# output
FROM debian:12-slim
RUN eval "apt-get install -y foo"
# ----
FROM debian:12-slim
RUN DEBIAN_FRONTEND=noninteractive apt-get install foo
# output
FROM debian:12-slim
RUN DEBIAN_FRONTEND=noninteractive apt-get install -y foo
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo # done
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/* # done
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo \
  # done
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo \
    && rm -rf /var/lib/apt/lists/* \
  # done
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo \
  && echo "x \
  y" \
  # done

# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo \
  && rm -rf /var/lib/apt/lists/* \
  && echo "x \
  y" \
  # done
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo |& tee log
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo |& tee log && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo 2>&1 | tee log
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo 2>&1 | tee log && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo > log 2>&1
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo > log 2>&1 && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo &
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && ! apt-get install -y foo
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && time apt-get install -y foo
# output
FROM debian:12-slim
RUN apt-get update && time apt-get install -y foo && rm -rf /var/lib/apt/lists/*
# ----
FROM debian:12-slim
RUN while ! apt-get install foo; do sleep 1; done
# output
FROM debian:12-slim
RUN while ! apt-get install -y foo; do sleep 1; done
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install foo \\
    bar
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo \\ && rm -rf /var/lib/apt/lists/*
    bar
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install foo ;
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/* ;
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install foo;  # x
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y foo && rm -rf /var/lib/apt/lists/*;  # x
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install foo &&
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install foo && \
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install \
  foo
RUN sudo x
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y \
  foo \
  && rm -rf /var/lib/apt/lists/*
RUN x
# ----
# escape=`
FROM mcr.microsoft.com/windows/servercore
RUN cd C:\app && dir
WORKDIR C:\app
RUN cd C:\app && `
  dir
# unchanged
# ----
# escape=`
FROM mcr.microsoft.com/windows/servercore
SHELL ["powershell", "-Command"]
RUN cd C:\app; sudo dir; apt-get install foo
WORKDIR C:\app
CMD dir
ENTRYPOINT foo bar
# output
# escape=`
FROM mcr.microsoft.com/windows/servercore
SHELL ["powershell", "-Command"]
RUN cd C:\app; sudo dir; apt-get install foo
WORKDIR C:\app
ENTRYPOINT foo bar
CMD dir
# ----
# escape=`
FROM debian
RUN apt-get update && `
  # hello
  apt-get install foo `
  bar
MAINTAINER a`b\c
# output
# escape=`
FROM debian
RUN apt-get update && `
  # hello
  apt-get install -y bar `
  foo && `
  rm -rf /var/lib/apt/lists/*
LABEL org.opencontainers.image.authors="a``b\c"
# ----
ARG BASE=a
FROM debian:12-slim AS a
FROM debian:12-slim AS b
RUN apt-get update && apt-get install -y make
FROM $BASE AS c
FROM c
RUN apt-get install -y gcc
# unchanged
# ----
FROM debian:12-slim
RUN chroot /rootfs apt install -y make
# unchanged
# ----
FROM debian:12
RUN bash -e <<EOF
apt-get update
apt-get install -y a
apt-get clean
make
EOF
# output
FROM debian:12
RUN bash -e <<EOF
apt-get update
apt-get install -y a
apt-get clean
rm -rf /var/lib/apt/lists/*
make
EOF
