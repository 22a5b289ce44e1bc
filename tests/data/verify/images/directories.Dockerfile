FROM busybox
WORKDIR /one
RUN touch here
WORKDIR two
RUN touch there && pwd > place
COPY a.txt .
WORKDIR /three
