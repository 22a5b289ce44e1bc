# syntax=docker/dockerfile:1
# The image of a service, in two stages.
ARG GO_VERSION=1.22
ARG BASE=debian
FROM golang:${GO_VERSION} AS build
ARG VERSION=dev
ARG TARGETARCH
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod,sharing=locked go mod download
COPY --chown=1000:1000 --chmod=0644 . ./
RUN --network=none CGO_ENABLED=0 GOARCH=$TARGETARCH go build -trimpath \
    -ldflags "-s -w -X 'main.version=${VERSION}'" \
    -o /out/service ./cmd/service
RUN go vet ./... && go test ./...

FROM ${BASE}:12-slim AS run
ARG VERSION
ENV SERVICE_PORT=8080 \
    SERVICE_NAME="the service" \
    PATH=/opt/service/bin:$PATH
LABEL org.opencontainers.image.title="The Service" \
      org.opencontainers.image.version="${VERSION}" \
      maintainer='A. Person <a@example.com>'
RUN set -eux; \
    apt-get update; \
    apt-get install -y --no-install-recommends ca-certificates curl tzdata; \
    rm -rf /var/lib/apt/lists/*
RUN groupadd -r app && useradd -r -g app -d /srv app
WORKDIR /srv
COPY --from=build --link /out/service /opt/service/bin/
ADD --checksum=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa https://example.com/data.bin /srv/data/
ADD assets.tar.gz /srv/assets/
USER app:app
RUN mkdir -p cache && touch cache/.keep
EXPOSE 8080/tcp 9090
VOLUME ["/srv/cache", "/srv/log"]
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=2 \
    CMD curl -fsS "http://localhost:${SERVICE_PORT}/health" || exit 1
ENTRYPOINT ["/opt/service/bin/service"]
CMD ["--config", "/etc/service.conf"]
