FROM jenkins/jenkins
RUN sudo apt-get install foo
# output
FROM jenkins/jenkins
RUN sudo apt-get install -y foo
# ----
FROM debian:12-slim
RUN apt upgrade && apt install ./x.deb && apt edit-sources && apt-mark hold x && apt remove y && apt autoremove && apt -y dist-upgrade
# output
FROM debian:12-slim
RUN apt-get upgrade -y --with-new-pkgs && apt-get install -y ./x.deb && apt edit-sources && apt-mark hold x && apt-get remove -y y && apt-get autoremove -y && apt-get -y dist-upgrade
# ----
FROM debian:12-slim
RUN apt install -y x | grep y && apt list | wc
# output
FROM debian:12-slim
RUN apt-get install -y x | grep y && apt list | wc
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y a && apt-get update && apt-get install -y b && make
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y a && apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/* && make
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y a || { echo no; exit 1; }
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/* || { echo no; exit 1; }
# ----
FROM debian:12-slim
RUN apt-get update && { apt-get install -y a; make; } && x
# output
FROM debian:12-slim
RUN apt-get update && { apt-get install -y a; make; } && rm -rf /var/lib/apt/lists/* && x
# ----
FROM debian:12-slim
RUN apt-get update && \
    apt-get install -y \
      # one
      b \
      # two
      a && \
    # three
    make
# output
FROM debian:12-slim
RUN apt-get update && \
    apt-get install -y \
      # one
      b \
      # two
      a && \
    rm -rf /var/lib/apt/lists/* && \
    # three
    make
# ----
FROM debian:12-slim
RUN if true; then apt-get update; apt-get install -y a; fi; make
# output
FROM debian:12-slim
RUN if true; then apt-get update; apt-get install -y a && rm -rf /var/lib/apt/lists/*; fi; make
# ----
FROM debian:12-slim
RUN apt-get update; apt-get install -y a; true
# output
FROM debian:12-slim
RUN apt-get update; apt-get install -y a && rm -rf /var/lib/apt/lists/*; true
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y a && exit 0
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/* && exit 0
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y a; rm -rf /tmp/x
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*; rm -rf /tmp/x
# ----
FROM debian:12-slim
RUN apt-get update -y && apt-get install a -o x=y --only-source && exec make
# output
FROM debian:12-slim
RUN apt-get update -y && apt-get install -y a -o x=y --only-source && rm -rf /var/lib/apt/lists/* && exec make
# ----
FROM debian:12-slim
RUN (apt-get update; apt-get install a) > log; make
# output
FROM debian:12-slim
RUN (apt-get update; apt-get install -y a && rm -rf /var/lib/apt/lists/*) > log; make
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y "a b" 'c' && echo "it's && x"
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y "a b" 'c' && rm -rf /var/lib/apt/lists/* && echo "it's && x"
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y a && echo 'multi \
  line' && x
# output
FROM debian:12-slim
RUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/* && echo 'multi \
  line' && x
# ----
FROM debian:12-slim
RUN bash -c "set -e; apt-get update; apt-get install -y \"a\"; make"
# output
FROM debian:12-slim
RUN bash -c "set -e; apt-get update; apt-get install -y \"a\"; rm -rf /var/lib/apt/lists/*; make"
# ----
FROM debian:12-slim
RUN bash -c 'apt-get install '"$X"' && y'
# unchanged
# ----
FROM debian:12-slim
RUN su app -c "cd /x && sudo apt-get install b"
# output
FROM debian:12-slim
RUN su app -c "cd /x && sudo apt-get install -y b"
# ----
FROM debian:12-slim
RUN /bin/sh -ec 'apt-get update; apt-get install -y a; make'
# output
FROM debian:12-slim
RUN /bin/sh -ec 'apt-get update; apt-get install -y a; rm -rf /var/lib/apt/lists/*; make'
# ----
FROM debian:12-slim
RUN test -f x && apt-get update && apt-get install -y a; make
# output
FROM debian:12-slim
RUN test -f x && apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*; make
# ----
FROM debian:12-slim
RUN until apt-get update; do sleep 1; done; apt-get install -y a
# output
FROM debian:12-slim
RUN until apt-get update; do sleep 1; done; apt-get install -y a && rm -rf /var/lib/apt/lists/*
# ----
FROM debian AS base
USER app
FROM base
RUN sudo make
WORKDIR x
# unchanged
# ----
FROM scratch
WORKDIR a
COPY b c
WORKDIR d
# output
FROM scratch
WORKDIR /a
COPY b c
WORKDIR d
# ----
FROM scratch
ENV A=/b
WORKDIR $A
WORKDIR c
COPY x y
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /a && pwd > x
USER b
RUN cd /a && exec y
# output
FROM debian:12-slim
WORKDIR /a
RUN pwd > x
USER b
RUN exec y
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /a && (cd b && make) && cd .. && ls
# output
FROM debian:12-slim
WORKDIR /a
RUN (cd b && make) && cd .. && ls
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /a; cd - ; make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /a &&
RUN cd /a;
RUN cd /a && cd /a
RUN mkdir -p /a && cd /a && make
RUN mkdir /b && cd /b && make
WORKDIR /c
# output
FROM debian:12-slim
WORKDIR /a
RUN cd /a &&
RUN cd /a;
RUN mkdir -p /a && make
RUN mkdir /b && cd /b && make
WORKDIR /c
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /b && make
ENV X=1
RUN pwd
WORKDIR /d
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /b && make || true
WORKDIR /d
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /b && make; make install
WORKDIR /d
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
SHELL ["/bin/bash", "-lc"]
RUN cd /b && make
WORKDIR /d
# output
FROM debian:12-slim
WORKDIR /a
SHELL ["/bin/bash", "-lc"]
WORKDIR /b
RUN make
WORKDIR /d
# ----
FROM debian:12-slim
WORKDIR /a
RUN --mount=type=bind,target=. cd /b && make
WORKDIR /d
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN --mount=type=bind,target=/a/x cd /b && cat ../a/x
WORKDIR /d
# output
FROM debian:12-slim
WORKDIR /a
WORKDIR /b
RUN --mount=type=bind,target=/a/x cat ../a/x
WORKDIR /d
# ----
ARG U=root
USER $U
RUN sudo make
# unchanged
# ----
FROM node:22
RUN npm ci --cache /x && npm ci --prefer-offline && npm install --dry-run && npm install || npm install --force
# unchanged
# ----
FROM python:3.12
ARG PIP_NO_CACHE_DIR
RUN pip install a
RUN python3 -m pip install -U pip && python -m pip --quiet install b && pipx install c && uv pip install d && pip wheel e
# output
FROM python:3.12
ARG PIP_NO_CACHE_DIR
RUN pip install --no-cache-dir a
RUN python3 -m pip install --no-cache-dir -U pip && python -m pip --quiet install --no-cache-dir b && pipx install c && uv pip install d && pip wheel --no-cache-dir e
# ----
FROM debian:12-slim
ENV A=1 \
    # c
    B 2
ENV C  = 3
LABEL "a" "b"
LABEL 'a' b c
LABEL a.b=c d
# output
FROM debian:12-slim
ENV A=1 \
    # c
    B 2
ENV C  = 3
LABEL "a"="b"
LABEL 'a'="b c"
LABEL a.b=c d
# ----
FROM debian:12-slim
CMD ["a"]
# hadolint ignore=DL4003
CMD ["b"]
ENTRYPOINT ["a"] # c
ENTRYPOINT ["b"]
# output
FROM debian:12-slim
ENTRYPOINT ["b"]
# hadolint ignore=DL4003
CMD ["b"]
