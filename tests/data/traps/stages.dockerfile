FROM a as b
FROM b As C
FROM c aS d
COPY --from=B x y
COPY --from=C x y
FROM D
# output
FROM a AS b
FROM b AS c
FROM c AS d
COPY --from=B x y
COPY --from=c x y
FROM D
# ----
from a as B
From b as C
copy --from=B x y
# output
from a as b
from b as c
copy --from=b x y
# ----
FROM a AS Builder
FROM builder
COPY --from=BUILDER a b
COPY --from=Builder a b
RUN --mount=type=bind,from=Builder,target=/x ls
ONBUILD COPY --from=Builder a b
# output
FROM a AS builder
FROM builder
COPY --from=builder a b
COPY --from=builder a b
RUN --mount=type=bind,from=builder,target=/x ls
ONBUILD COPY --from=Builder a b
# ----
FROM a AS Foo
FROM b AS foo
# output
FROM a AS foo
FROM b AS foo
# ----
ARG X=Foo
FROM a AS Foo
FROM $X
COPY --from=$X a b
# output
ARG X=Foo
FROM a AS foo
FROM $X
COPY --from=$X a b
# ----
FROM --platform=$TARGETPLATFORM a
FROM --platform=${TARGETPLATFORM} b
FROM --platform="$TARGETPLATFORM" c
FROM --platform=$BUILDPLATFORM d
FROM --platform=linux/amd64 e
# output
FROM a
FROM b
FROM c
FROM --platform=$BUILDPLATFORM d
FROM --platform=linux/amd64 e
# ----
ARG TARGETPLATFORM=linux/arm64
FROM --platform=$TARGETPLATFORM a
# unchanged
# ----
FROM --platform=$TARGETPLATFORM debian:12 AS a
FROM golang:1.24 AS b
COPY --from=a / /c
# output
FROM debian:12 AS a
FROM golang:1.24 AS b
COPY --from=a / /c
