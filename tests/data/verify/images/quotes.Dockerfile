FROM busybox
ENV GREETING="two  blanks"
RUN echo "$GREETING  end" > /greeting
RUN echo '$GREETING' > /literal
RUN printf '%s\n' "one  two" 'three  four' > /words
LABEL note="it's  quoted" other='$GREETING'
