FROM busybox AS files
RUN mkdir /out && echo a > /out/a && chmod 700 /out/a && echo b > /b
FROM scratch
COPY --from=files /out /
COPY --from=files --chown=7:8 /b /b
COPY a.txt /text
ENTRYPOINT ["/a"]
