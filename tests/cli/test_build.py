"""`dflint build` from the command line, with a builder that does what the test says."""

from __future__ import annotations

import json
import re
import sys
from types import ModuleType

import pytest

from dflint.build.outcome import BuildResult
from dflint.build.progress.events import BuildFailure, SourceLines
from dflint.build.request import Output
from dflint.cli.main import main
from dflint.errors import BuildError
from dflint.executor.doctor import Fact

IMAGE = BuildResult(
    "sha256:" + "1" * 64,
    "sha256:" + "2" * 64,
    {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:" + "1" * 64},
    ("docker.io/library/app:latest",),
)


@pytest.fixture
def builder(monkeypatch):
    """A stand-in for the solver, whose `build` the test sets."""
    module = ModuleType("dflint.build.builder")
    module.requests = []

    def use(build):
        def build_and_note(request, progress, executor):
            assert hasattr(executor, "run")
            module.requests.append(request)
            return build(request, progress)

        module.build = build_and_note
        monkeypatch.setitem(sys.modules, "dflint.build.builder", module)
        return module

    return use


def test_a_build_shows_progress_on_standard_error(builder, capfd):
    def build(request, progress):
        with progress.step("[1/1] RUN true") as step:
            progress.log(step, 1, b"hello\n")
        return IMAGE

    module = builder(build)
    status = main(["build", "-t", "app", "."])

    out, error = capfd.readouterr()
    assert (status, out) == (0, "")
    lines = error.splitlines()
    assert lines[0] == "#1 [1/1] RUN true"
    assert re.fullmatch(r"#1 \d\.\d{3} hello", lines[1])
    assert re.fullmatch(r"#1 DONE \d\.\ds", lines[2])
    assert module.requests[0].outputs == (Output("image", names=("docker.io/library/app:latest",)),)


@pytest.mark.parametrize("option", ["-q", "--progress=quiet"])
def test_a_quiet_build_prints_the_id_only(builder, capfd, option):
    builder(lambda request, progress: IMAGE)

    assert main(["build", option, "."]) == 0
    assert capfd.readouterr() == ("sha256:" + "2" * 64 + "\n", "")


def test_a_build_that_fails_says_why_and_ends_with_1(builder, capfd):
    def build(request, progress):
        progress.begin("d", "[1/1] RUN false")
        progress.fail("d", "exit code: 1")
        raise BuildFailure("exit code: 1", "d", SourceLines("Dockerfile", "RUN false", ((1, 1),)))

    builder(build)

    assert main(["build", "."]) == 1
    error = capfd.readouterr().err
    assert "#1 ERROR: exit code: 1\n" in error
    assert "   1 | >>> RUN false\n" in error
    assert error.endswith("\nERROR: failed to build: failed to solve: exit code: 1\n")


def test_a_build_that_fails_leaves_no_files(builder, capfd, tmp_path):
    def build(request, progress):
        raise BuildError("no")

    builder(build)
    files = [tmp_path / "id", tmp_path / "metadata"]

    main(["build", "--iidfile", str(files[0]), "--metadata-file", str(files[1]), "."])

    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_build_ends_with_130(builder, capfd):
    def build(request, progress):
        progress.begin("d", "[1/1] RUN sleep 9")
        raise KeyboardInterrupt

    builder(build)

    assert main(["build", "."]) == 130
    assert capfd.readouterr().err == (
        "#1 [1/1] RUN sleep 9\n#1 CANCELED\n"
        "ERROR: failed to build: failed to solve: the build was interrupted\n"
    )


def test_an_error_of_ours_leaves_the_progress_in_order(builder, capfd):
    def build(request, progress):
        raise ZeroDivisionError

    builder(build)

    with pytest.raises(ZeroDivisionError):
        main(["build", "."])
    assert capfd.readouterr().err.endswith("the build was stopped\n")


def test_files_tell_what_was_made(builder, tmp_path, capfd):
    builder(lambda request, progress: IMAGE)
    id_file, metadata_file = tmp_path / "id", tmp_path / "metadata"

    status = main(
        ["build", "--iidfile", str(id_file), "--metadata-file", str(metadata_file), "."]
    )  # fmt: skip

    assert status == 0
    assert id_file.read_text() == "sha256:" + "2" * 64
    assert json.loads(metadata_file.read_text()) == {
        "containerimage.config.digest": "sha256:" + "2" * 64,
        "containerimage.descriptor": dict(IMAGE.descriptor),
        "containerimage.digest": "sha256:" + "1" * 64,
        "image.name": "docker.io/library/app:latest",
    }
    assert sorted(one.name for one in tmp_path.iterdir()) == ["id", "metadata"]


def test_the_id_of_an_index_is_its_own_digest():
    assert BuildResult("sha256:1").image_id == "sha256:1"
    assert BuildResult("sha256:1").metadata() == b'{\n  "containerimage.digest": "sha256:1"\n}'


def test_what_a_call_tells_goes_to_standard_output(tmp_path, capfd):
    (tmp_path / "Dockerfile").write_text("# it is small\nFROM scratch AS small\n")
    words = ["--store", str(tmp_path / "store"), "-q", str(tmp_path)]
    assert main(["build", "--call=targets", *words]) == 0
    assert capfd.readouterr().out == "TARGET          DESCRIPTION\nsmall (default) \n"
    assert main(["build", "--call=outline", "--target", "none", *words]) == 1
    assert 'target stage "none" could not be found' in capfd.readouterr().err


def test_a_check_needs_a_file_that_is_here(capfd):
    assert main(["build", "--check", "https://127.0.0.1:1/context.tar"]) == 2
    assert "--check: expected a directory as the context" in capfd.readouterr().err


def test_a_check_is_that_of_the_linter(tmp_path, capfd):
    (tmp_path / "Dockerfile").write_text("FROM scratch\nMAINTAINER me\n")
    assert main(["build", "--check", str(tmp_path)]) == 1
    assert "maintainer-deprecated" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--tagg", "x"], "unknown option `--tagg`; did you mean `--tag`?"),
        ([], "expected one context (a directory, a URL or `-`), found none"),
        (["--progress", "x", "."], "--progress: expected one of auto, plain, tty, quiet, none, "
         "json, rawjson, found `x`"),
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_2(words, message, capfd):
    assert main(["build", *words]) == 2
    hint = "(`dflint build --help` lists the options)"
    assert capfd.readouterr() == ("", f"dflint: {message} {hint}\n")


def test_help_is_printed(capfd):
    assert main(["build", "--help"]) == 0
    assert capfd.readouterr().out.startswith("usage: dflint build [OPTIONS] CONTEXT\n")
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "  build      build an image from a Dockerfile\n" in capfd.readouterr().out


def test_binary_output_is_not_written_to_a_terminal(builder, capfd, monkeypatch):
    builder(lambda request, progress: IMAGE)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    assert main(["build", "-o", "type=oci", "."]) == 2
    assert "expected a file in `dest=`" in capfd.readouterr().err


def test_the_doctor_says_what_is_there_and_what_is_not(monkeypatch, capfd):
    facts = [
        Fact("Linux", True, True, "get Linux"),
        Fact("runc", False, False, "install runc"),
    ]
    monkeypatch.setattr("dflint.executor.doctor.facts", lambda: iter(facts))
    monkeypatch.setenv("PATH", "/nowhere")

    assert main(["doctor"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[:2] == ["yes  Linux", "no   runc: install runc"]
    missing = "cannot run `{}`: no such file or directory"
    assert lines[2:] == [
        f"no   --engine {name}: {missing.format(program)}"
        for name, program in (
            ("buildx", "docker"), ("docker", "docker"), ("podman", "podman"),
            ("buildah", "buildah"),
        )
    ]  # fmt: skip
    assert main(["doctor", "x"]) == 2


def test_the_doctor_ends_with_1_when_no_build_could_run(monkeypatch, capfd):
    facts = [Fact("overlay", False, True, "load it")]
    monkeypatch.setattr("dflint.executor.doctor.facts", lambda: iter(facts))
    monkeypatch.setenv("PATH", "/nowhere")

    assert main(["doctor"]) == 1
    assert capfd.readouterr().out.startswith("NO   overlay: load it\n")
