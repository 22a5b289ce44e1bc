FROM debian:12-slim
RUN a && \

    b && \
    
    c
# output
FROM debian:12-slim
RUN a && \
    b && \
    c
# ----
FROM debian:12-slim
RUN a \ 
    b \	
    c
# unchanged
# ----
FROM debian:12-slim
RUN a \
# c
    b \
    # d

RUN x
# output
FROM debian:12-slim
RUN a \
# c
    b \
    # d
RUN x
# ----
FROM debian:12-slim
RUN a \
  # c \
  b
# unchanged
# ----
FROM debian:12-slim
RUN echo "a \

b"
# output
FROM debian:12-slim
RUN echo "a \
b"
# ----
FROM debian:12-slim
RUN echo 'a \
  # not a comment? \
  b'
# unchanged
# ----
FROM debian:12-slim
RUN \
  a
# unchanged
# ----
FROM debian:12-slim
LABEL a=b \
      c="d \
      e" \
      # x
      f=g
# unchanged
# ----
FROM debian:12-slim
ENV a=b \

  c=d \
  e=f
# output
FROM debian:12-slim
ENV a=b \
  c=d \
  e=f
# ----
FROM debian:12-slim
RUN a \
  # c

  b
ENV A b
CMD x
CMD y
MAINTAINER z
# output
FROM debian:12-slim
RUN a \
  # c
  b
ENV A=b
LABEL org.opencontainers.image.authors="z"
CMD y
# ----
FROM debian:12-slim
RUN a \
  # c
  && b \
  && apt-get install x
RUN true
RUN false
# output
FROM debian:12-slim
RUN a \
  # c
  && b \
  && apt-get install -y x
RUN true \
    && false
# ----
FROM debian:12-slim
RUN apt-get update                 \
 && apt-get install -y a           \
 && make                           \
 # c
 && pip install b
# output
FROM debian:12-slim
RUN apt-get update                 \
 && apt-get install -y a           \
 && rm -rf /var/lib/apt/lists/* \
 && make                           \
 # c
 && pip install --no-cache-dir b
