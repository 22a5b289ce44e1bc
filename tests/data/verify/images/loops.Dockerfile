FROM busybox
RUN for name in red green blue; do mkdir -p /colours/$name && echo "$name" > /colours/$name/name; done
RUN i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i > /i
