ARG NAME=world
FROM busybox
ARG NAME
ARG COUNT=3
RUN echo "hello  $NAME" > /hello
RUN for i in $(seq $COUNT); do echo "$i" > /n$i; done
ENV NAME_OF=$NAME
