"""Programs that work in the directory that they start in."""

from __future__ import annotations

#: Programs that look for what they work on, or put what they make, where they start.
WORKING = frozenset((
    "aclocal", "ant", "ar", "autoconf", "automake", "autoreconf", "bazel", "bower", "bun",
    "bundle", "bzr", "c++", "cabal", "cargo", "cc", "celery", "clang", "clang++", "cmake",
    "composer", "configure", "cpio", "cvs", "cython", "daphne", "debuild", "dep", "django-admin",
    "django-admin.py", "docker-compose", "dotnet", "dpkg-buildpackage", "ember", "flask", "flutter",
    "foreman", "forever", "g++", "gatsby", "gcc", "gfortran", "git", "glide", "gmake", "go",
    "godep", "gradle", "grunt", "gulp", "gunicorn", "hg", "http-server", "hypercorn", "jar",
    "javac", "jekyll", "jupyter", "lein", "libtoolize", "make", "meson", "meteor", "mix", "msbuild",
    "mvn", "next", "ng", "ninja", "nodemon", "npm", "npx", "patch", "phpunit", "pipenv", "pm2",
    "pnpm", "poetry", "protoc", "puma", "pytest", "rackup", "rails", "rake", "rebar", "rebar3",
    "rustc", "sbt", "scons", "scrapy", "serve", "split", "stack", "streamlit", "svn", "swift",
    "thin", "tox", "tsc", "unicorn", "uvicorn", "virtualenv", "vite", "webpack", "yarn",
    "yumdownloader",
))  # fmt: skip
#: With these they do something for the whole system, or tell of themselves.
ELSEWHERE = frozenset((
    "--global", "--help", "--system", "--version", "-V", "-g", "-v", "-version", "clear-cache",
    "clearcache", "dev-certs", "env", "global", "help", "lfs", "self-update", "selfupdate", "tool",
    "version",
))  # fmt: skip
#: Modules of Python that are installed; others are first looked for where it starts.
MODULES = frozenset((
    "compileall", "ensurepip", "ipykernel", "jupyter", "nltk", "pip", "pipx", "playwright",
    "site", "spacy", "venv", "virtualenv",
))  # fmt: skip
