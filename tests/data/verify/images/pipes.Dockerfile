FROM busybox
RUN printf 'b\na\nb\n' | sort | uniq > /sorted
RUN echo one > /log && echo two >> /log && cat /log | wc -l > /lines
RUN echo text | tr a-z A-Z > /upper && grep root /etc/passwd | cut -d: -f1 > /users
