FROM busybox
LABEL version="1.0" maintainer="someone"
ENV A=1 B="two words"
EXPOSE 80 443/tcp 53/udp
VOLUME /data /logs
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=30s --timeout=5s --retries=4 CMD wget -q localhost
ONBUILD COPY . /src
ONBUILD RUN make
WORKDIR /srv
CMD ["httpd", "-f"]
