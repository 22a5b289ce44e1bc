FROM debian:12-slim
COPY a b c
COPY a b /d
COPY *.txt d
COPY ["a", "b", "d"]
COPY a b $D
ADD a b c
# unchanged
# ----
FROM debian:12-slim
WORKDIR /w
COPY a b
COPY a b ./c
COPY a .
COPY a ..
COPY a $X
ADD a b
# unchanged
# ----
FROM debian:12-slim
ADD a.tar.gz /x
ADD http://x/y /z
ADD git@github.com:x/y /z
ADD $URL /z
ADD ${A}.txt /z
ADD a.txt /z
ADD --chown=x a.txt b.tar /z
ADD --checksum=sha256:abc http://x/y /z
ADD --unpack=true a /z
ADD --keep-git-dir=true https://x/y.git /z
ADD *.t* /z
ADD a /z
ADD a.zip /z
ADD a.TGZ /z
ADD ["a.txt", "/z"]
ADD <<E /z
x
E
ONBUILD ADD a.txt /z
ADD dir/ /z
ADD a? /z
ADD .git /z
# output
FROM debian:12-slim
ADD a.tar.gz /x
ADD http://x/y /z
ADD git@github.com:x/y /z
ADD $URL /z
ADD ${A}.txt /z
COPY a.txt /z
ADD --chown=x a.txt b.tar /z
ADD --checksum=sha256:abc http://x/y /z
ADD --unpack=true a /z
ADD --keep-git-dir=true https://x/y.git /z
ADD *.t* /z
ADD a /z
COPY a.zip /z
ADD a.TGZ /z
COPY ["a.txt", "/z"]
COPY <<E /z
x
E
ONBUILD COPY a.txt /z
COPY dir/ /z
ADD a? /z
ADD .git /z
# ----
FROM debian:12-slim
COPY a\
b /x
COPY "a b" c
# unchanged
# ----
FROM debian:12-slim
COPY <<A <<B /x
a
A
b
B
# unchanged
# ----
FROM debian:12-slim
COPY --link a b c
COPY --chown=$U:$G --chmod=$M a b c
# unchanged
