FROM busybox
RUN mkdir -p /x/y && touch /x/y/z
RUN mv /x/y/z /x/z && rmdir /x/y && echo file > /x/file
RUN mkdir /v && ln -s /x /v/link && mv /v /u
