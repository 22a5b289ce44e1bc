FROM debian:12
ENV A=1 B=2
ENV A=1 B=2 \
  C="x \
     y"
LABEL org.opencontainers.image.source="https://example.com/a/b" org.opencontainers.image.licenses="MIT"
label   maintainer="me"
ARG   X=1   Y
ENV PATH   /opt/bin:$PATH
ENV DEPS \
		gcc \
		make
LABEL \
  a=1 \
  # why
  b=2
# output
FROM debian:12
ENV A=1 B=2
ENV A=1 \
    B=2 \
    C="x \
     y"
LABEL org.opencontainers.image.source="https://example.com/a/b" \
    org.opencontainers.image.licenses="MIT"
LABEL maintainer="me"
ARG X=1 Y
ENV PATH /opt/bin:$PATH
ENV DEPS \
		gcc \
		make
LABEL \
    a=1 \
    # why
    b=2
