FROM busybox
ENV PATH=/opt/bin:$PATH
ENV LEVEL=2 NAME=base
ENV FULL=${NAME}-${LEVEL}
RUN echo "$FULL" > /full && env | grep LEVEL > /level
ENV EMPTY=
