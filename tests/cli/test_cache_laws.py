"""Whatever was run before, a run with the cache says and does what one without does."""

from __future__ import annotations

import random

import pytest

FILES = {
    "a/Dockerfile": "FROM debian:12\nMAINTAINER me\nRUN apt-get install curl\n",
    "b/Dockerfile": "from debian\nENV a b\nENV c d\n# dflint: ignore\nRUN sudo make\nCMD x\n",
    "c/Dockerfile": "FROM alpine:3.22\nWORKDIR app\nADD a.txt .\nRUN apk add curl | tee log\n",
    "d/Dockerfile": "FROM debian:12\nCOPY gone .\n# dflint: ignore=latest-tag\nEXPOSE 80/TCP\n",
}
RUNS = (
    "",
    "--output-format=json",
    "--show-suppressed",
    "--statistics",
    "--preset=strict",
    "--severity-threshold=warning --fix",
    "--fix",
    "--fix --jobs=2",
    "--fix --unsafe-fixes",
    "--fix --output-format=sarif",
    "--fix --fixable=apt-no-yes",
    "--fix --unfixable=ALL",
    "--fix --context=.",
    "--fix --preset=strict --exit-non-zero-on-fix",
    "--fix-only",
    "--diff",
    "--diff --unsafe-fixes",
    "--add-ignore=why",
    "--add-ignore=why --diff",
)


@pytest.mark.parametrize("seed", range(16))
def test_every_run_is_as_without_the_cache(here, dflint, cache_of_its_own, seed):
    numbers = random.Random(seed)

    def run(options, texts):
        for name, text in texts.items():
            (here / name).parent.mkdir(exist_ok=True)
            (here / name).write_text(text)
        said = dflint("check", "--no-shellcheck", *options, ".")
        return said, {name: (here / name).read_text() for name in texts}

    texts, told = FILES, []
    for _ in range(8):
        options = numbers.choice(RUNS).split()
        told.append(options)
        if numbers.random() < 0.5:
            texts = FILES  # the changes are thrown away
        with_cache = run(options, texts)
        without = run(["--no-cache", *options], texts)
        assert with_cache == without, told
        texts = without[1]
    assert cache_of_its_own.exists()
