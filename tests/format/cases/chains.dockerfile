FROM debian:12
RUN apt-get update && \
    apt-get install -y --no-install-recommends curl git && \
    rm -rf /var/lib/apt/lists/*
RUN cd /src && make && make install
RUN curl -fsSL https://example.com/downloads/tool-1.2.3.tar.gz | tar -xz -C /usr/local --strip-components=1 && tool --version
RUN a   &&b||c ;d|e  ; f
RUN set -eux; \
  mkdir x; \
   cd x && \
      make; \
  ./configure \
  --prefix=/usr
RUN getent group app || \
    groupadd app
# output
FROM debian:12
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl git \
    && rm -rf /var/lib/apt/lists/*
RUN cd /src && make && make install
RUN curl -fsSL https://example.com/downloads/tool-1.2.3.tar.gz \
        | tar -xz -C /usr/local --strip-components=1 \
    && tool --version
RUN a && b || c; d | e; f
RUN set -eux; \
    mkdir x; \
    cd x \
    && make; \
    ./configure \
        --prefix=/usr
RUN getent group app \
    || groupadd app
