FROM debian:12.1-slim
LABEL version="1"
CMD ["a"]
#if DEV
LABEL version="dev"
CMD ["b"]
#endif
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL version="1"
# {{ if dev }}
LABEL version="dev"
# {{ end }}
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL \
    # of b
    b="1" \
    a="2"
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL \
    b="1" #a="2"
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL x="y"
LABEL b="1" #a="2"
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL version=1 ver\sion=2
USER nobody
# unchanged
# ----
FROM alpine:3.22.1
RUN if ! echo "0123 a" | sha256sum -c -; then exit 0; fi
RUN echo "0123 a" | sha256sum -c - || b
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
#if DEV
CMD ["b"]
#endif
USER nobody
# unchanged
