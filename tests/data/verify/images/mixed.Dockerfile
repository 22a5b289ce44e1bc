FROM busybox
ARG VERSION=1.2.3
LABEL version=$VERSION
COPY app /srv/app
RUN cd /srv/app && echo "$VERSION" > version && date > /built
RUN find /srv -type f | sort > /manifest
WORKDIR /srv/app
ENV VERSION=$VERSION
HEALTHCHECK CMD ["true"]
CMD ["sh", "main.sh"]
