FROM debian:12-slim
RUN (wget https://x/y; wget z) 2> log
# output
FROM debian:12-slim
RUN (wget --retry-connrefused https://x/y; wget --retry-connrefused z) 2> log
# ----
FROM debian:12-slim
RUN exec > /log 2>&1; wget https://x/y
# output
FROM debian:12-slim
RUN exec > /log 2>&1; wget --retry-connrefused https://x/y
# ----
FROM debian:12-slim
RUN for i in 1 2; do wget https://x/$i; done 2>&1 | tee /log
# output
FROM debian:12-slim
RUN for i in 1 2; do wget --retry-connrefused https://x/$i; done 2>&1 | tee /log
# ----
FROM debian:12-slim
SHELL ["/bin/bash", "-c"]
RUN wget https://x/y |& tee log
# output
FROM debian:12-slim
SHELL ["/bin/bash", "-c"]
RUN wget --retry-connrefused https://x/y |& tee log
# ----
FROM debian:12-slim
RUN f() { wget "$1"; }; f x 2>&1 | grep -q saved
# unchanged
# ----
FROM debian:12-slim
RUN out=$(sh -c 'wget x' 2>&1) && echo $out
# output
FROM debian:12-slim
RUN out=$(sh -c 'wget --retry-connrefused x' 2>&1) && echo $out
# ----
FROM debian:12-slim
RUN test -f x 2> log; (wget y)
# output
FROM debian:12-slim
RUN test -f x 2> log; (wget --progress=dot:giga --retry-connrefused y)
# ----
FROM debian:12-slim
RUN umask 002 && sudo mkdir /x
# unchanged
# ----
FROM debian:12-slim
RUN PATH=/x:$PATH && sudo make
# unchanged
# ----
FROM debian:12-slim
RUN . /opt/x/setup.sh && sudo make
# unchanged
# ----
FROM debian:12-slim
COPY sudoers /etc/sudoers.d/x
RUN sudo make
# unchanged
# ----
FROM debian:12-slim
RUN echo 'Defaults secure_path="/x"' > /etc/sudoers.d/x && sudo make
# unchanged
# ----
FROM debian:12-slim
RUN usermod -d /app root
RUN touch ~/x
# unchanged
# ----
FROM debian:12-slim
USER 1001
RUN echo "app:x:1001:0::/home/app:/bin/sh" >> /etc/passwd
RUN touch ~/x
# unchanged
# ----
FROM debian:12-slim
RUN usermod -d /app app
RUN touch ~/x
# output
FROM debian:12-slim
RUN usermod -d /app app \
    && touch ~/x
# ----
FROM debian:12-slim
# dflint: format=off
RUN   touch   a
# dflint: format=on
RUN   touch   b
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y bash
CMD ["apt-cache", "search", "x"]
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y bash
COPY <<EOF /start
#!/bin/sh
apt-get install -y "$@"
EOF
ENTRYPOINT ["/start"]
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y bash
COPY <<EOF /etc/apt/sources.list
# no apt-get here
deb http://deb.debian.org/debian bookworm main
EOF
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y bash && rm -rf /var/lib/apt/lists/*
COPY <<EOF /etc/apt/sources.list
# no apt-get here
deb http://deb.debian.org/debian bookworm main
EOF
# ----
FROM node:20
RUN echo "cache=/c" > .npmrc && npm ci && cp -r /c /d
# unchanged
# ----
FROM python:3
RUN printf '[global]\ncache-dir = /c\n' > /etc/pip.conf && pip install x && cp -r /c /d
# unchanged
# ----
FROM node:20
COPY .npmrc .
RUN --mount=type=cache,target=/x npm ci
# output
FROM node:20
COPY .npmrc .
RUN --mount=type=cache,target=/x npm ci && npm cache clean --force
# ----
FROM node:20
RUN npm ci && mv $(npm get cache)/_cacache /x
# unchanged
# ----
FROM node:20
RUN npm ci
ENTRYPOINT npm ci --offline && node x
# unchanged
# ----
FROM debian:12-slim
EXPOSE ${A} # http
EXPOSE 80 # 81 $B
# output
FROM debian:12-slim
# http
EXPOSE ${A}
EXPOSE 80 # 81 $B
# ----
FROM debian:12-slim
RUN apt update 2>&1 | grep upgradable && apt update >/dev/null 2>&1 && apt update >> /log
# output
FROM debian:12-slim
RUN apt update 2>&1 | grep upgradable && apt-get update >/dev/null 2>&1 && apt update >> /log
# ----
FROM debian:12-slim
RUN apt-get install -y b=1 a=2 b && apt-get install -y b b a=2
# output
FROM debian:12-slim
RUN apt-get install -y b=1 a=2 b && apt-get install -y a=2 b b
# ----
FROM debian:12-slim
RUN printf '#!/bin/sh\napt-get install -y "$@"\n' > /usr/local/bin/ins && chmod +x /usr/local/bin/ins
RUN apt-get update && apt-get install -y bash
RUN ins foo
# unchanged
# ----
FROM debian:12-slim
COPY --chmod=755 scripts/ins /usr/sbin/
RUN apt-get update && apt-get install -y bash
RUN ins foo
# unchanged
# ----
FROM debian:12-slim
COPY --chmod=755 scripts/ins /usr/sbin/
RUN apt-get update && apt-get install -y bash
RUN make
# output
FROM debian:12-slim
COPY --chmod=755 scripts/ins /usr/sbin/
RUN apt-get update && apt-get install -y bash && rm -rf /var/lib/apt/lists/*
RUN make
# ----
FROM debian:12-slim
SHELL ["/bin/bash", "-c", "set -e; eval \"$1\"", "--"]
RUN apt-get update; apt-get install -y a; touch q
# output
FROM debian:12-slim
SHELL ["/bin/bash", "-c", "set -e; eval \"$1\"", "--"]
RUN apt-get update; apt-get install -y a; rm -rf /var/lib/apt/lists/*; touch q
# ----
FROM debian:12-slim AS a
LABEL b=1 c=2
FROM a
LABEL b=3
LABEL b="$X" \
  d=e
# output
FROM debian:12-slim AS a
LABEL b=1 c=2
FROM a
LABEL b="$X" \
  d=e
# ----
FROM debian:12-slim
LABEL b=1 \
  # of c
  c=2
LABEL c=3
# output
FROM debian:12-slim
LABEL b=1 \
  # of c
  c=3
# ----
FROM debian:12-slim AS b
ONBUILD USER $U
FROM b
RUN sudo make
# unchanged
