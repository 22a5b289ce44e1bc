FROM debian:12
RUN apt-get update && \
# first
    # second
    apt-get upgrade -y && \

    # third
    true
RUN set -eux; \
    a; \
    \
    \
# about b
    b
# output
FROM debian:12
RUN apt-get update \
    # first
    # second
    && apt-get upgrade -y \
    \
    # third
    && true
RUN set -eux; \
    a; \
    \
    # about b
    b
