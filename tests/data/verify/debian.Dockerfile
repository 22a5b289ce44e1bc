FROM debian:bookworm@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
ARG USERNAME=worker
ARG UID=1000
ARG EXTRA
LABEL description="A worker \
of two lines" vendor=us
RUN if [ -n "$EXTRA" ]; then \
        apt-get install -y $EXTRA; \
    fi; \
    # a comment between
    for f in /etc/*.conf; do echo "$f" | sed 's/ /  /g'; done
RUN useradd --uid ${UID} --create-home "${USERNAME}"
RUN ["/bin/bash", "-c", "echo hello > /greeting"]
RUN true
RUN echo one; echo two
RUN wget -qO- https://example.com/install.sh | sh -s -- --prefix=/usr
COPY --chown=${USERNAME}:${USERNAME} "my file.txt" other.txt /home/${USERNAME}/
COPY ["with blank.txt", "a.txt", "/dest dir/"]
ENV A=1 B="two words" C='single $A' D=$A E=${USERNAME}x F=a\ b
USER ${USERNAME}
WORKDIR /home/${USERNAME}
RUN --security=insecure --mount=type=tmpfs,target=/scratch,size=1g ./configure && make -j4
RUN cd sub && make install
RUN make test
HEALTHCHECK NONE
CMD ["/bin/sh", "-c", "exec worker \"$@\"", "worker"]
