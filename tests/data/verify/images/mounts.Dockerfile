FROM busybox
RUN --mount=type=bind,source=app,target=/src cp /src/main.sh /main
RUN --mount=type=cache,target=/cache echo x > /cache/x && mv /cache/x /from-cache
RUN --mount=type=tmpfs,target=/scratch echo y > /scratch/y && cp /scratch/y /from-tmpfs
