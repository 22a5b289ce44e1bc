FROM debian:12-slim
MAINTAINER "John $NAME" 'x' \\ y
# output
FROM debian:12-slim
LABEL org.opencontainers.image.authors="\"John \$NAME\" 'x' \\\\ y"
# ----
FROM debian:12-slim
MAINTAINER John \
  Doe \
  # c
  <x@y>
# output
FROM debian:12-slim
# c
LABEL org.opencontainers.image.authors="John   Doe   <x@y>"
# ----
FROM debian:12-slim
MAINTAINER a
MAINTAINER b
# output
FROM debian:12-slim
LABEL org.opencontainers.image.authors="b"
# ----
FROM a AS x
MAINTAINER a
FROM x
LABEL maintainer="z"
MAINTAINER b
# output
FROM a AS x
LABEL org.opencontainers.image.authors="a"
FROM x
LABEL maintainer="z" \
    org.opencontainers.image.authors="b"
# ----
FROM debian:12-slim
LABEL org.opencontainers.image.authors=x
FROM b
# unchanged
# ----
FROM debian:12-slim
ENV A b c "d e" $X
ENV B ${A:-x y}
ENV C a\ b
ENV D 'single $A'
ENV E "double $A" tail
ENV F a=b c=d
ENV G   trailing   
ENV H #hash
ENV I a # b
ENV J \
  k
ENV K
# output
FROM debian:12-slim
ENV A="b c d e $X"
ENV B="${A:-x y}"
ENV C=a\ b
ENV D='single $A'
ENV E="double $A tail"
ENV F a=b c=d
ENV G=trailing   
ENV H=#hash
ENV I="a # b"
ENV J=k
ENV K
# ----
FROM debian:12-slim
LABEL a b c
LABEL d "e f" g
LABEL h $X
LABEL "i j" k
LABEL l 'm $X'
# output
FROM debian:12-slim
LABEL a="b c" \
    d="e f g" \
    h=$X
LABEL "i j" k
LABEL l='m $X'
# ----
FROM debian:12-slim
ENV "A B" c
ENV A
# unchanged
# ----
FROM debian:12-slim
ENV A	b	c
LABEL x	y
# output
FROM debian:12-slim
ENV A="b	c"
LABEL x=y
# ----
# escape=`
FROM a
ENV A C:\x\y
ENV B "C:\x y\"
ENV C a`"b
ENV D C:\x `
  y
# output
# escape=`
FROM a
ENV A=C:\x\y
ENV B="C:\x y\"
ENV C=a`"b
ENV D="C:\x `
  y"
# ----
FROM debian:12-slim
ENV a = b
ENV c= d
ENV e =f
ENV g="h" i = j
LABEL k = l
ARG m = n
ARG o= p
# unchanged
# ----
FROM debian:12-slim
CMD a
CMD b
ENTRYPOINT c
ENTRYPOINT d
HEALTHCHECK CMD x
HEALTHCHECK NONE
# output
FROM debian:12-slim
HEALTHCHECK NONE
ENTRYPOINT d
CMD b
# ----
# c1
CMD a
# c2
CMD \
 # c3
 b
# c4
# unchanged
# ----
FROM debian:12-slim
CMD a
ENTRYPOINT x
CMD b
SHELL ["/bin/bash", "-c"]
CMD c
# output
FROM debian:12-slim
ENTRYPOINT x
SHELL ["/bin/bash", "-c"]
CMD c
# ----
FROM a AS one
CMD a
FROM one
CMD b
CMD c
# output
FROM a AS one
CMD a
FROM one
CMD c
# ----
FROM debian:12-slim
CMD a
ONBUILD CMD b
CMD c
# output
FROM debian:12-slim
ONBUILD CMD b
CMD c
# ----
FROM debian:12-slim
CMD
CMD a
CMD []
# output
FROM debian:12-slim
CMD []
# ----
FROM debian:12-slim
CMD ["a" "b"]
CMD ['a', 'b']
CMD ["a", 'b',]
CMD [ "a", "b ]
CMD ["a\d"]
ENTRYPOINT [/bin/x]
RUN ['x']
VOLUME ['/a', "/b"]
COPY ['a', 'b']
SHELL ['a', '-c']
# output
FROM debian:12-slim
CMD ["a\d"]
ENTRYPOINT [/bin/x]
RUN ['x']
VOLUME ['/a', "/b"]
COPY ['a', 'b']
SHELL ["a", "-c"]
# ----
FROM debian:12-slim
CMD exec foo $BAR
# unchanged
# ----
FROM debian:12-slim
CMD foo && bar
# unchanged
# ----
FROM debian:12-slim
CMD "foo bar" 'x'
# unchanged
# ----
FROM debian:12-slim
CMD foo \
  # c
  bar
# unchanged
# ----
FROM debian:12-slim
ENTRYPOINT foo "$@"
CMD x
# unchanged
# ----
FROM debian:12-slim
ENTRYPOINT ["sh", "-c", "x"]
CMD foo > /log 2>&1
# unchanged
# ----
FROM debian:12-slim
CMD foo bar\ baz "q\"u" 'a\b'
# unchanged
# ----
FROM debian:12-slim
CMD foo ~ * ? [a] {a,b} # c
# unchanged
# ----
FROM debian:12-slim
CMD X=1 foo
# unchanged
# ----
FROM debian:12-slim
CMD cd /x; foo
# unchanged
# ----
# escape=`
FROM mcr.microsoft.com/windows/nanoserver
CMD foo bar
ENTRYPOINT C:\x\y.exe "a b"
# output
# escape=`
FROM mcr.microsoft.com/windows/nanoserver
ENTRYPOINT C:\x\y.exe "a b"
CMD foo bar
# ----
FROM debian:12-slim
# what it starts
CMD ["a"]
COPY b c
# the other
CMD ["b"]
# output
FROM debian:12-slim
COPY b c
# what it starts

# the other
CMD ["b"]
# ----
FROM debian:12-slim
MAINTAINER a \
  # behind other blanks
    b
# output
FROM debian:12-slim
# behind other blanks
LABEL org.opencontainers.image.authors="a     b"
