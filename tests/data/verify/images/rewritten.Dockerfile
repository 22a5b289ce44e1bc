FROM busybox
COPY a.txt /f
RUN echo more >> /f
RUN sed -i s/alpha/gamma/ /f && cp /f /g
COPY b.txt /h
RUN chmod 600 /h
