FROM   debian:12
# dflint: format=off
RUN  a   &&   \
  b


env  A=1
# dflint: format=on
RUN  a   &&   b
# dflint: format=skip
RUN  c   &&   d
RUN  e   && \
  # dflint: format=skip
  f
run  g
# output
FROM debian:12
# dflint: format=off
RUN  a   &&   \
  b


env  A=1
# dflint: format=on
RUN a && b
# dflint: format=skip
RUN  c   &&   d
RUN  e   && \
  # dflint: format=skip
  f
RUN g
