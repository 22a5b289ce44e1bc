FROM debian:12
SHELL [ "/bin/bash","-o" , "pipefail", "-c" ]
COPY ["a b","/c/"]
VOLUME [ ]
ENTRYPOINT [ "/bin/app" ]
CMD [ \
  "--listen", "0.0.0.0:80", \
  "--verbose" \
]
# output
FROM debian:12
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
COPY ["a b", "/c/"]
VOLUME []
ENTRYPOINT ["/bin/app"]
CMD [ \
    "--listen", "0.0.0.0:80", \
    "--verbose" \
]
