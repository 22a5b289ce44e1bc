FROM busybox AS build
COPY app /src
RUN cat /src/data/one.txt /src/data/two.txt > /out && echo tools > /tools
FROM busybox AS tools
RUN echo tool > /out && chmod 700 /out
FROM busybox
COPY --from=build /out /usr/share/out
COPY --from=build /tools /usr/share/tools
COPY --from=tools /out /usr/bin/tool
ENTRYPOINT ["/usr/bin/tool"]
CMD ["serve"]
