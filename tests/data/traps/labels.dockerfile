FROM debian:12.1-slim
LABEL a="b"
# dflint: ignore=label-key
LABEL C.d="e"
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL a="b"
ARG C=d
LABEL c="$C"
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL a="b"
#if WITH_C
LABEL c="d"
#endif
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL a=b\\
LABEL c 'd "e"'  

 # of all
LABEL f="1" g=2
USER nobody
# output
FROM debian:12.1-slim
LABEL a=b\\ \
    c='d "e"' \
    # of all
    f="1" \
    g=2
USER nobody
# ----
FROM debian:12.1-slim
LABEL c="d" \
    # of b
    b="e"
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL c=d\\ b="e\ "
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
ONBUILD LABEL a=b
ONBUILD LABEL c=d
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL a="b"
# hadolint global ignore=DL3048
LABEL c="d"
# renovate: datasource=docker depName=e
LABEL e="f"
USER nobody
# unchanged
# ----
FROM debian:12.1-slim
LABEL a="b" \
    c="d # e"
# f \
LABEL g="$A" \
    # h
    i="j"
ENV A=1
LABEL k="$A"
USER nobody
# output
FROM debian:12.1-slim
LABEL a="b" \
    c="d # e" \
    # f \
    g="$A" \
    # h
    i="j"
ENV A=1
LABEL k="$A"
USER nobody
