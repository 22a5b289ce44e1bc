"""A document goes with the last that knows it: nothing of it waits for a search for cycles."""

from __future__ import annotations

import gc

import pytest

from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.text.source import Source

TEXT = """\
# syntax=docker/dockerfile:1
ARG VERSION=1
FROM debian:12 AS build
ENV HOME=/root PIP=pip
WORKDIR app
RUN cd /tmp && (cd a; make) | tee log & { $PIP install x; } || exit 1
RUN if [ -f x ]; then rm -rf /var/lib/apt/lists/*; else apt-get update; fi
RUN for f in a b; do echo "$(cat $f)" > /out; done; case x in y) sudo apt-get install z;; esac
RUN bash -c "curl http://a.b/c.tar.gz | tar xz; sh -c 'apk add d'" && find . -exec pip install {} +
RUN <<EOF
f() { npm install; }
f
EOF
RUN ["apt-get", "install", "x"]
ONBUILD RUN yum install -y x
FROM build
COPY --from=build a b
CMD exec x
"""


@pytest.mark.parametrize("is_fixed", [False, True])
@pytest.mark.parametrize("config", [Config(), Config(preset="strict")], ids=["default", "strict"])
def test_what_was_read_goes_by_itself(config, is_fixed):
    session = Session()
    session.check(Source("Dockerfile", TEXT.encode()), config)  # what is made once is there
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        doc, rules = session._opened(Source("Dockerfile", TEXT.encode()), config)
        result = rules[1].ask(doc)
        assert len(result.findings) > 10
        if is_fixed:
            assert any(rules[1].fix(one) for one in result.findings)
        del doc, rules, result
        gc.collect()
        ours = {type(one).__qualname__ for one in gc.garbage if "dflint" in type(one).__module__}
        assert ours == set()
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
