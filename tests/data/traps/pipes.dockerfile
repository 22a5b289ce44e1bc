FROM debian:12-slim
RUN curl x | sh
# unchanged
# ----
FROM alpine
RUN wget -O- x | sh
# output
FROM alpine
RUN wget -q -O- x | sh
# ----
FROM scratch
RUN a | b
# unchanged
# ----
FROM debian:12-slim
RUN a | b || true
# unchanged
# ----
FROM debian:12-slim
RUN <<EOF
a | b
EOF
# unchanged
# ----
FROM debian:12-slim
RUN ["sh", "-c", "a | b"]
# unchanged
# ----
FROM debian:12-slim
SHELL ["cmd", "/c"]
RUN a | b
# unchanged
# ----
FROM debian:12-slim
RUN set -o pipefail; a | b
RUN a | grep -q x
RUN yes | head
# unchanged
