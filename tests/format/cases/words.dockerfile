

# syntax=docker/dockerfile:1



from   --platform=$BUILDPLATFORM golang:1.22    as build


	# indented
  workdir /src
copy   --link  go.mod   go.sum ./
COPY --from=build --chown=app:app /usr/src/application/target/release/application /usr/local/bin/application
EXPOSE 80	443
USER app   
RUN --mount=type=cache,target=/root/.cache/go-build   --mount=type=cache,target=/go/pkg/mod go build -o /out/app ./cmd/app
HEALTHCHECK --interval=30s --timeout=3s \
  cmd curl -f http://localhost/ || \
  exit 1
onbuild run  make
# the end


# output

# syntax=docker/dockerfile:1

FROM --platform=$BUILDPLATFORM golang:1.22 AS build

# indented
WORKDIR /src
COPY --link go.mod go.sum ./
COPY --from=build --chown=app:app \
    /usr/src/application/target/release/application \
    /usr/local/bin/application
EXPOSE 80 443
USER app
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    go build -o /out/app ./cmd/app
HEALTHCHECK --interval=30s --timeout=3s \
    CMD curl -f http://localhost/ \
        || exit 1
ONBUILD RUN make
# the end
