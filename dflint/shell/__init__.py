"""The shell text under RUN, CMD, ENTRYPOINT, HEALTHCHECK and in heredocs, read as programs.

`script` is where to begin: it reads a body and answers with commands and words whose spans are
offsets into the Dockerfile. `dialect` says whether a body may be read that way at all.
"""
