FROM debian:12
RUN curl -fsSLO https://example.org/a && curl --fail -m 9 https://example.org/b | sh
# output
FROM debian:12
RUN curl --retry 5 -fsSLO https://example.org/a && curl --fail -m 9 https://example.org/b | sh
# ----
FROM debian:12
RUN curl -fo /x https://example.org/x || true; ! curl -fo /x y && if curl -fo /z z; then a; fi
# unchanged
# ----
FROM debian:12
RUN until curl -fo /x https://example.org/x; do sleep 1; done; curl -fo y http://127.0.0.1:80/y
# unchanged
# ----
FROM debian:12
RUN for i in 1 2 3; do curl -fO https://example.org/x && break; done
# unchanged
# ----
FROM debian:12
RUN for i in a b; do curl -fO https://example.org/$i; done
# output
FROM debian:12
RUN for i in a b; do curl --retry 5 -fO https://example.org/$i; done
# ----
FROM debian:12
RUN curl -fo x -X POST https://example.org/x; curl -fo x -d a=b y; curl -fT x y
# unchanged
# ----
FROM debian:12
RUN curl() { true; }; curl -fO https://example.org/x
# unchanged
# ----
FROM debian:12
RUN ["curl", "-fO", "https://example.org/x"]
# output
FROM debian:12
RUN ["curl", "--retry", "5", "-fO", "https://example.org/x"]
# ----
FROM alpine:3.22
RUN wget -q https://example.org/x
# unchanged
# ----
FROM acme/tools
RUN wget -q https://example.org/x
# unchanged
# ----
FROM debian:12
RUN ln -s /bin/busybox /usr/local/bin/wget && wget -q https://example.org/x
# unchanged
# ----
FROM debian:12
ENV WGETRC=/etc/wget
RUN wget -q https://example.org/x
# unchanged
# ----
FROM debian:12-slim
RUN apt-get update && apt-get install -y wget2 && ln -s wget2 /usr/bin/wget && rm -rf /var/lib/apt/lists/*
RUN wget --retry-connrefused https://example.org/a
# unchanged
# ----
FROM fedora:42
RUN wget --retry-connrefused https://example.org/a
# unchanged
# ----
FROM fedora:39
RUN wget --retry-connrefused https://example.org/a
# output
FROM fedora:39
RUN wget --progress=dot:giga --retry-connrefused https://example.org/a
