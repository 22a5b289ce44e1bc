FROM busybox AS base
ENV ROLE=base
WORKDIR /base
RUN echo 1 > one
FROM base AS middle
RUN echo "$ROLE" > role
USER games
FROM middle
COPY a.txt ./
CMD ["cat", "role"]
