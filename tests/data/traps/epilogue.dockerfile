FROM debian:12-slim
CMD exec a
SHELL ["/bin/bash", "-c"]
RUN b
# unchanged
# ----
FROM debian:12-slim
CMD ["a"]
SHELL ["/bin/bash", "-c"]
RUN b
# output
FROM debian:12-slim
SHELL ["/bin/bash", "-c"]
RUN b
CMD ["a"]
# ----
FROM debian:12-slim
HEALTHCHECK CMD a || exit 1
SHELL ["/bin/bash", "-c"]
RUN b
# unchanged
# ----
FROM debian:12-slim
ENV A=SIGINT
STOPSIGNAL $A
ENV A=SIGQUIT
RUN b
# unchanged
# ----
FROM debian:12-slim
ARG A=SIGINT
STOPSIGNAL ${A}
RUN b
# output
FROM debian:12-slim
ARG A=SIGINT
RUN b
STOPSIGNAL ${A}
# ----
FROM debian:12-slim
ENTRYPOINT ["a"]
RUN <<E
CMD ["b"]
E
CMD ["c"]
# output
FROM debian:12-slim
RUN <<E
CMD ["b"]
E
ENTRYPOINT ["a"]
CMD ["c"]
# ----
FROM debian:12-slim
ONBUILD CMD ["a"]
CMD ["b"]
ONBUILD RUN c
RUN d
ONBUILD ENTRYPOINT ["e"]
# output
FROM debian:12-slim
ONBUILD CMD ["a"]
ONBUILD RUN c
RUN d
CMD ["b"]
ONBUILD ENTRYPOINT ["e"]
# ----
FROM debian:12-slim
CMD ["a"]
SHELL ["/bin/bash", "-c"]
CMD exec b
SHELL ["/bin/sh", "-c"]
RUN c
# output
FROM debian:12-slim
SHELL ["/bin/bash", "-c"]
CMD exec b
SHELL ["/bin/sh", "-c"]
RUN c
# ----
FROM debian:12-slim AS a
CMD ["b"]
RUN c
FROM a
ENTRYPOINT ["d"]
RUN e
# output
FROM debian:12-slim AS a
CMD ["b"]
RUN c
FROM a
RUN e
ENTRYPOINT ["d"]
# ----
FROM debian:12-slim AS a
CMD ["b"]
RUN c
FROM scratch
COPY --from=a /f /f
ENTRYPOINT ["/f"]
# unchanged
# ----
FROM debian:12-slim
# about a

# about b
CMD ["b"]
# about c
RUN c
# the end
# output
FROM debian:12-slim
# about a

# about c
RUN c

# about b
CMD ["b"]
# the end
# ----
FROM debian:12-slim
ENTRYPOINT ["a", \
  # about b
  "b"]

RUN c


# CMD ["d"]
# output
FROM debian:12-slim

RUN c
ENTRYPOINT ["a", \
  # about b
  "b"]


# CMD ["d"]
# ----
FROM debian:12-slim
# hadolint ignore=DL3025
CMD a b
RUN c
# output
FROM debian:12-slim
RUN c
# hadolint ignore=DL3025
CMD a b
# ----
FROM debian:12-slim
# hadolint ignore=DL3059

CMD ["a"]
RUN c
# unchanged
# ----
FROM debian:12-slim
# check=skip=JSONArgsRecommended
CMD a b
RUN c
# output
FROM debian:12-slim
RUN c
# check=skip=JSONArgsRecommended
CMD a b
# ----
FROM debian:12-slim
# dflint: format=off
CMD   ["a"]
# dflint: format=on
RUN c
# unchanged
# ----
FROM debian:12-slim
CMD ["a"]
RUN b \
# unchanged
# ----
FROM debian:12-slim
CMD ["a"] \

RUN b
# unchanged
# ----
FROM debian:12-slim
  cmd ["a"]
  run b
# output
from debian:12-slim
  run b
  cmd ["a"]
# ----
# escape=`
FROM debian:12-slim
CMD ["a", `
  "b"]
RUN c
# output
# escape=`
FROM debian:12-slim
RUN c
CMD ["a", `
  "b"]
# ----
FROM debian:12-slim
CMD ["a"]
{{ if b }}
RUN c
{{ end }}
# unchanged
# ----
FROM debian:12-slim
# {{ a }}
CMD ["b"]
RUN c
# unchanged
# ----
FROM debian:12-slim
HEALTHCHECK NONE
CMD ["a"]
HEALTHCHECK CMD b
USER c
# output
FROM debian:12-slim
USER c
HEALTHCHECK CMD b
CMD ["a"]
# ----
FROM mcr.microsoft.com/windows/servercore:ltsc2022
CMD dir
SHELL ["powershell", "-Command"]
RUN b
# unchanged
# ----
CMD ["a"]
FROM debian:12-slim
RUN b
# unchanged
