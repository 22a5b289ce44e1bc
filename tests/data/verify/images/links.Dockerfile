FROM busybox
RUN mkdir /d && echo x > /d/file && ln /d/file /d/hard && ln -s file /d/soft
RUN ln -s /d /e && cp /d/file /d/copy && mkfifo /d/pipe
RUN cp -a /e/hard /d/again && mknod /d/null c 1 3
