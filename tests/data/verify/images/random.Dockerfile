FROM busybox
RUN head -c 12 /dev/urandom | base64 > /token && echo static > /static
RUN cat /proc/sys/kernel/random/uuid > /id && echo "key=$(head -c 8 /dev/urandom | md5sum | cut -c1-16)" > /key
RUN echo "a $RANDOM b" > /number
USER games
