FROM busybox
RUN make_it() { echo "$1" > "/$1"; }; make_it first && make_it second
RUN (cd /tmp && touch in-subshell) && touch $(pwd)/outside
RUN { echo open; echo close; } > /braces
