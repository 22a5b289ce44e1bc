FROM busybox
ADD app.tar.gz /opt/app/
COPY a.txt b.txt /texts/
RUN tar czf /kept.tar.gz -C /texts a.txt && rm /texts/a.txt
LABEL org.example.title="archive" org.example.team=blue
