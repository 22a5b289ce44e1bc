FROM debian:12-slim
RUN cd /opt; false; true
# unchanged
# ----
FROM debian:12-slim
WORKDIR /app
RUN cd /app && make || echo failed
# output
FROM debian:12-slim
WORKDIR /app
RUN make || echo failed
# ----
FROM debian:12-slim
WORKDIR /app
RUN cd /app; make
# output
FROM debian:12-slim
WORKDIR /app
RUN make
# ----
FROM debian:12-slim
WORKDIR /app
RUN cd /app && make && cd sub && make
# output
FROM debian:12-slim
WORKDIR /app
RUN make && cd sub && make
# ----
FROM debian:12-slim
WORKDIR /app
RUN rm -rf /app && cd /app && make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /app
RUN make && rm -rf /app && cd /app
# output
FROM debian:12-slim
WORKDIR /app
RUN make && rm -rf /app
# ----
FROM debian:12-slim
WORKDIR /app
RUN echo $OLDPWD; cd /app && echo a
# unchanged
# ----
FROM debian:12-slim
ENV D=/x
WORKDIR $D
RUN cd $D && make
# unchanged
# ----
ARG D=/x
WORKDIR $D
ARG D=/y
RUN cd $D && make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /app
USER app
RUN cd /app && make
# output
FROM debian:12-slim
WORKDIR /app
USER app
RUN make
# ----
FROM debian:12-slim
WORKDIR /app
RUN ln -sfn /other /app2 && cd /app2 && pwd -P
WORKDIR /x
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd ~ && make
WORKDIR /b
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd "/my dir" && make
WORKDIR /b
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /b* && make
WORKDIR /b
# unchanged
# ----
FROM debian:12-slim
WORKDIR /a
RUN cd /b$(echo x) && make
WORKDIR /b
# unchanged
# ----
FROM debian:12-slim
RUN cd /b && make
USER foo
WORKDIR /c
# output
FROM debian:12-slim
WORKDIR /b
RUN make
USER foo
WORKDIR /c
# ----
FROM debian:12-slim
RUN cd /b && make
ENTRYPOINT ["./x"]
WORKDIR /c
# output
FROM debian:12-slim
WORKDIR /b
RUN make
WORKDIR /c
ENTRYPOINT ["./x"]
# ----
FROM debian:12-slim
RUN cd /b && make
COPY a .
WORKDIR /c
# unchanged
# ----
FROM debian:12-slim
RUN cd /usr && make
VOLUME data
WORKDIR c
# unchanged
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /usr && make
ONBUILD RUN x
# output
FROM debian:12-slim
WORKDIR /srv
WORKDIR /usr
RUN make
WORKDIR /srv
ONBUILD RUN x
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /usr && make
RUN --mount=type=bind,source=.,target=x make
# unchanged
# ----
FROM debian:12-slim
USER app
WORKDIR /srv
RUN cd /var/new && make
WORKDIR /srv
# output
FROM debian:12-slim
USER app
WORKDIR /srv
WORKDIR /var/new
RUN make
WORKDIR /srv
# ----
FROM debian:12-slim
WORKDIR /srv
RUN set -e; cd /usr; make; cd /lib; make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /usr & make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /usr | cat && make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /srv >/dev/null && make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /srv && \
    # first
    make && \
    # second
    make install
# output
FROM debian:12-slim
WORKDIR /srv
RUN \
    # first
    make && \
    # second
    make install
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /srv \
 && make
# output
FROM debian:12-slim
WORKDIR /srv
RUN make
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /srv && alias x=y
# output
FROM debian:12-slim
WORKDIR /srv
RUN alias x=y
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /srv || exit 1; make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /srv && { make; make install; }
# output
FROM debian:12-slim
WORKDIR /srv
RUN { make; make install; }
# ----
FROM debian:12-slim
WORKDIR /srv
RUN if cd /srv; then make; fi
# unchanged
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /srv && FOO=bar make
# output
FROM debian:12-slim
WORKDIR /srv
RUN FOO=bar make
# ----
FROM debian:12-slim
WORKDIR /srv
RUN ! cd /srv && make
# unchanged
# ----
FROM debian:12-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /srv
RUN cd /srv && make | tee x
# output
FROM debian:12-slim
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /srv
RUN make | tee x
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd /srv && cd /srv && make
# output
FROM debian:12-slim
WORKDIR /srv
RUN make
# ----
FROM debian:12-slim
WORKDIR /srv/
RUN cd /srv && make
# output
FROM debian:12-slim
WORKDIR /srv/
RUN make
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd ./ && make
# unchanged
# ----
FROM debian:12-slim
WORKDIR /srv
RUN cd . && make
# unchanged
# ----
FROM debian:12-slim
WORKDIR "/a b"
RUN cd "/a b" && make
RUN cd '/a b'; make
# output
FROM debian:12-slim
WORKDIR "/a b"
RUN make
RUN make
