FROM busybox
SHELL ["/bin/ash", "-e", "-c"]
RUN echo first > /first; echo second > /second
RUN set -- a b c; echo "$#" > /count
CMD httpd -f -p 80
ENTRYPOINT ["/bin/sh", "-c"]
