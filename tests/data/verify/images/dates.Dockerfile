FROM busybox
RUN date > /built && echo fixed > /fixed
RUN echo "stamp $(date +%s) end" > /stamp && chmod 600 /stamp
COPY a.txt /a
LABEL kind=noisy
