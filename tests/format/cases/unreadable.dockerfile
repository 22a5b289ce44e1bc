from   debian:12
  FOO   bar
run  echo "never   closed   && \
   true
ENV   a   b=c   d
COPY  ["a"  "b"]  /c
CMD  [ 'a' ,  "b" ]
# output
FROM debian:12
  FOO   bar
RUN echo "never   closed   && \
   true
ENV a b=c   d
COPY ["a" "b"] /c
CMD [ 'a' , "b" ]
