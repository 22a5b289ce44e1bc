FROM debian:12-slim
RUN
RUN \
CMD
# unchanged
# ----
FROM debian
COPY a b \
# unchanged
# ----
FROM debian
COPY --chown=a --chown=b x y
RUN --mount=type=cache --mount=type=cache,target=/x y
# unchanged
# ----
FROM debian
HEALTHCHECK --interval=5s CMD curl x || exit 1
HEALTHCHECK --interval=5s --interval=6s CMD ["x"]
HEALTHCHECK curl x
HEALTHCHECK none
HEALTHCHECK cmd x
# unchanged
# ----
FROM debian
STOPSIGNAL 9
STOPSIGNAL sigterm
STOPSIGNAL SIGFOO
# unchanged
# ----
FROM debian
VOLUME /a /b
VOLUME ["/a"]
VOLUME "/a b" c
VOLUME
# unchanged
# ----
FROM debian
USER root
USER $U:$G
USER "x y"
USER
# unchanged
# ----
FROM debian
onbuild run x
ONBUILD onbuild run y
ONBUILD FROM x
ONBUILD MAINTAINER y
onbuild copy --from=A x y
ONBUILD ENV a b
ONBUILD LABEL a b c
ONBUILD WORKDIR x
ONBUILD CMD x y
ONBUILD CMD z
ONBUILD RUN cd /x && make
ONBUILD RUN sudo apt-get install foo
ONBUILD EXPOSE 80/TCP
ONBUILD ADD a b c
# output
FROM debian
ONBUILD run x
ONBUILD onbuild run y
ONBUILD FROM x
ONBUILD MAINTAINER y
ONBUILD copy --from=A x y
ONBUILD ENV a b
ONBUILD LABEL a b c
ONBUILD WORKDIR x
ONBUILD CMD x y
ONBUILD CMD z
ONBUILD RUN cd /x && make
ONBUILD RUN sudo apt-get install -y foo
ONBUILD EXPOSE 80/TCP
ONBUILD ADD a b c
# ----
FROM debian
ARG A=b c
ARG A B=c
ARG "x"
ARG
ARG A b
# unchanged
# ----
from debian
Run a
rUN b
copy c d
# x
Env a b
# output
from debian
run a
run b
copy c d
# x
env a=b
# ----
from debian
run a
copy b c
CMD x
# output
from debian
run a
copy b c
cmd x
# ----
FROM debian
LABEL a=b a=c
LABEL a="x
LABEL "maintainer"="x"
LABEL MAINTAINER y
# output
FROM debian
LABEL a=b a=c
LABEL a="x
LABEL "maintainer"="x"
LABEL MAINTAINER=y
# ----
FROM debian AS a
FROM debian AS a
COPY --from=a x y
COPY --from=1 x y
COPY --from=0 x y
COPY --from=nope x y
COPY --from=$X x y
COPY --from=5 x y
# unchanged
# ----
FROM
FROM a b
FROM a AS
FROM a AS b c
FROM --platform a
FROM a as 1b
# output
FROM
FROM a b
FROM a AS
FROM a AS b c
FROM --platform a
FROM a AS 1b
# ----
FROM debian
RNU x
INCLUDE y
EXPOSED 80
cmmd x
# unchanged
# ----
FROM debian
RUN --foo=x y
COPY --chwon=x a b
RUN --mount type=cache,target=/x y
# unchanged
# ----
FROM debian
RUN cat <<-EOF > /etc/x
	a
	EOF
RUN cat <<'A' <<"B"
x
A
y
B
RUN echo <<< "x" && apt-get install foo
# output
FROM debian
RUN cat <<-EOF > /etc/x
	a
	EOF
RUN cat <<'A' <<"B"
x
A
y
B
RUN echo <<< "x" && apt-get install -y foo
# ----
FROM debian
RUN <<EOF cat >x && apt-get install foo
hi
EOF
# output
FROM debian
RUN <<EOF cat >x && apt-get install -y foo
hi
EOF
# ----
FROM debian
COPY <<EOF a b/
x
EOF
# unchanged
# ----
FROM debian
RUN <<EOF
apt-get install foo
# output
FROM debian
RUN <<EOF
apt-get install -y foo
# ----
FROM debian
RUN python3 <<EOF
import os
os.system("apt-get install foo")
EOF
# unchanged
# ----
FROM debian
RUN <<EOF
#!/usr/bin/env python3
print("sudo apt-get install foo")
cd = 1
EOF
# unchanged
# ----
FROM debian
RUN <<EOF
#!/bin/bash -e
apt-get update
apt-get install foo
make
EOF
# output
FROM debian
RUN <<EOF
#!/bin/bash -e
apt-get update
apt-get install -y foo
rm -rf /var/lib/apt/lists/*
make
EOF
# ----
FROM debian
RUN <<EOF
set -e
apt-get update
apt-get install foo \
  bar
make
EOF
RUN <<EOF
apt-get update && \
apt-get install foo
make
EOF
RUN <<EOF
cd /x
make
EOF
WORKDIR /y
# output
FROM debian
RUN <<EOF
set -e
apt-get update
apt-get install -y bar \
  foo
rm -rf /var/lib/apt/lists/*
make
EOF
RUN <<EOF
apt-get update && \
apt-get install -y foo && rm -rf /var/lib/apt/lists/*
make
EOF
RUN <<EOF
cd /x
make
EOF
WORKDIR /y
# ----
FROM debian
WORKDIR /y
RUN <<EOF
cd /y
make
EOF
RUN <<EOF
# c
cd /y && make
sudo x
EOF
# output
FROM debian
WORKDIR /y
RUN <<EOF
make
EOF
RUN <<EOF
# c
make
x
EOF
# ----
# syntax=docker/dockerfile:1
# check=skip=all
from debian
env a b
# unchanged
# ----
# dflint: format=off
FROM debian
ENV a b
RUN apt-get install    foo
# output
# dflint: format=off
FROM debian
ENV a=b
RUN apt-get install -y    foo
# ----
ARG A=1
ARG B
FROM x:$A as y
ARG A
FROM z:$B
ENV PATH $PATH:/x
ENV A $A:x B=$A
ENV C=${C:-x}
# output
ARG A=1
ARG B
FROM x:$A AS y
ARG A
FROM z:$B
ENV PATH=$PATH:/x
ENV A $A:x B=$A
ENV C=${C:-x}
# ----
FROM debian
ENV A b \
  c
ENV D "e \
 f"
ENV G 'h' \
  # c
  'i'
LABEL x y \
  z
# output
FROM debian
ENV A="b \
  c"
ENV D="e \
 f"
ENV G="h \
  # c
  i"
LABEL x="y \
  z"
# ----
FROM debian
CMD ["a", \
  # c
  "b"]
CMD [ \
  'a', \
  # c
  'b' \
  ]
# output
FROM debian
# c
CMD [ \
  'a', \
  # c
  'b' \
  ]
# ----
FROM debian
ENTRYPOINT ['a', "b", 'it''s']
CMD [“a”, “b”]
# unchanged
# ----
FROM debian
SHELL ["/bin/bash", "-c"]
CMD a && b
ENTRYPOINT a $X
# output
FROM debian
SHELL ["/bin/bash", "-c"]
ENTRYPOINT a $X
CMD a && b
# ----
FROM debian
RUN echo a;\
    echo b;\
    # c
    cd /x;\
    make
# unchanged
# ----
FROM debian
RUN echo "cd /x && make" && echo 'sudo x' && echo \
"apt-get install foo"
# unchanged
# ----
FROM debian
RUN if [ "$A" = b ] ; then \
      cd /x ; \
      # c
      apt-get install foo ; \
    else \
      sudo x ; \
    fi
# output
FROM debian
RUN if [ "$A" = b ] ; then \
      cd /x ; \
      # c
      apt-get install -y foo ; \
    else \
      x ; \
    fi
