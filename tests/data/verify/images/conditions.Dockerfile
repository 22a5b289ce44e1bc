FROM busybox
RUN if test -e /bin/sh; then echo yes > /answer; fi
RUN test -d /nowhere || mkdir /made
RUN echo a > /a && echo b > /b && echo c > /c
RUN false || echo recovered > /recovered
RUN case $(uname) in Linux) echo linux > /system;; esac
