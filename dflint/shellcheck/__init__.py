"""ShellCheck beside our own rules: what RUN gives to a shell, checked by the program itself.

It runs as a process of its own, many scripts at a time, while our rules go on with the next
files; see docs/decisions/008-shellcheck.md. Nothing here is imported before a file has a script
and a configuration wants it checked.
"""
