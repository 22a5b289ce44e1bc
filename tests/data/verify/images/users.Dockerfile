FROM busybox
RUN mkdir /w && chmod 777 /w
USER games
RUN touch /w/mine
USER 33:60
RUN id -u > /w/id
USER root
RUN touch /w/root
USER nobody
