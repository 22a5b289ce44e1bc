FROM busybox
WORKDIR /app
COPY app/main.sh ./
COPY --chmod=600 --chown=1:5 app/data/one.txt data/
RUN chmod 755 main.sh && ln -s main.sh run
ENV MODE=production PORT=8080
EXPOSE 8080
USER games
CMD ["./main.sh", "--port", "8080"]
