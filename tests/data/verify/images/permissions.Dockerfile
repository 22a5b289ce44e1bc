FROM busybox
RUN mkdir -m 711 /p && touch /p/a && chown 33:33 /p/a && chmod 4755 /p/a
COPY --chmod=640 a.txt /p/copied
COPY --chown=games b.txt /p/owned
RUN umask 077 && touch /p/private
RUN echo app:x:1234:1234::/:/bin/sh >> /etc/passwd && chown -R app /p/owned
USER app
