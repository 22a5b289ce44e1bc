FROM busybox
RUN d=$(mktemp -d) && echo content > $d/file && chmod 750 $d
RUN mktemp /var/run.XXXXXX && echo done > /done
RUN mkdir /n && touch /n/pid-$$-$(date +%N) && echo tail > /n/tail
