FROM busybox
COPY --parents app/data/one.txt /tree/
COPY --chmod=u=rwx,go=r app/main.sh /symbolic
ADD --chown=3:4 a.txt /owned
RUN find /tree -type f > /list
