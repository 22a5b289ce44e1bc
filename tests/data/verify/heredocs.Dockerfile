# syntax=docker/dockerfile:1
FROM alpine:3.20 AS tools
ARG MIRROR=https://example.org
RUN <<EOT
set -e
apk add --no-cache bash  git
echo "two  blanks"   # a comment
EOT
RUN <<'SCRIPT'
#!/bin/bash -e
for one in a b c; do
    echo "$one"  'x  y'
done
SCRIPT
RUN cat <<INNER > /etc/motd && chmod 644 /etc/motd
hello   world
INNER
COPY <<CONF /etc/app.conf
mirror = ${MIRROR}
name = "quoted  name"
CONF
COPY --chmod=755 <<-'RAW' /usr/local/bin/start
	#!/bin/sh
	exec "$@" \$HOME
	RAW
FROM scratch
COPY --from=tools /etc/app.conf /etc/motd /etc/
COPY --from=tools ["/usr/local/bin/start", "/bin/start it"]
CMD ["/bin/start it"]
