FROM debian:12
ARG REPO=https://example.org/a.git
RUN git clone -b v1 $REPO /src \
  # then
  && cd /src && make
# unchanged
# ----
FROM debian:12
RUN git clone https://example.org/a.git # why
# unchanged
# ----
FROM debian:12
RUN a && b && c && d && e && f && g \
  # last
  && h 'x \
  y'
# unchanged
# ----
FROM debian:12
RUN a && b && c && d && e && f && g && if x; then y && z; fi && h
# unchanged
# ----
FROM debian:12
RUN a && b && c && d && e && f && g && \
  # why
  if ! x; then \
    y; \
  fi && h   
# unchanged
# ----
FROM debian:12
RUN echo "a" \
  # why
  > /a   
COPY <<EOF /b
c
EOF
# unchanged
# ----
FROM debian:12
RUN cat <<EOF > /a && chmod +x /a
EOF
RUN printf 'a\n%s\n' b > /c
# unchanged
# ----
FROM debian:12
COPY a.sh b.sh /
COPY a.sh /a.sh
RUN chmod +x \
  # why
  /a.sh /b.sh
# unchanged
# ----
FROM debian:12
RUN mkdir -p /d && cd /d && wget -qO- https://example.org/a.tgz | tar xz
RUN wget https://example.org/b.tgz && tar xf b.tgz && make && rm *.tgz
RUN curl -fsSL https://example.org/c | grep d
# output
FROM debian:12
RUN mkdir -p /d && cd /d && wget --retry-connrefused -qO- https://example.org/a.tgz | tar xz
RUN wget --progress=dot:giga --retry-connrefused https://example.org/b.tgz && tar xf b.tgz && make && rm *.tgz
RUN curl --retry 5 -fsSL https://example.org/c | grep d
