"""Defects of syntax and base images that other tools look for: what, and their ids."""

from __future__ import annotations

from dflint.lint.docs.peers import FORMATTER, Defect

SYNTAX: tuple[Defect, ...] = (
    Defect(
        "unknown or misspelt instruction",
        tally="tally/unknown-instruction",
        dockerfilelint="invalid_command invalid_line",
        dockerfile_lint="valid_instructions",
        sonar="S2260",
        dockerfile_utils="UNKNOWN_INSTRUCTION",
    ),
    Defect(
        "instruction has no arguments",
        dockerfilelint="required_params missing_args",
        dockerfile_utils=(
            "ARGUMENT_MISSING ARGUMENT_REQUIRES_AT_LEAST_ONE ARGUMENT_REQUIRES_ONE "
            "ARGUMENT_REQUIRES_TWO ARGUMENT_REQUIRES_AT_LEAST_TWO "
            "ARGUMENT_REQUIRES_ONE_OR_THREE"
        ),
    ),
    Defect(
        "instruction has surplus arguments",
        dockerfilelint="extra_args",
        dockerfile_utils="ARGUMENT_EXTRA ARGUMENT_UNNECESSARY",
    ),
    Defect(
        "argument not in the instruction's form",
        dockerfilelint="invalid_format",
        dockerfile_utils=(
            "INVALID_SYNTAX SYNTAX_MISSING_EQUALS SYNTAX_MISSING_NAMES "
            "SYNTAX_MISSING_SINGLE_QUOTE SYNTAX_MISSING_DOUBLE_QUOTE INVALID_AS"
        ),
    ),
    Defect(
        "no stage in the file / instruction before FROM",
        tally="hadolint/DL3061 tally/require-stages",
        dockerfilelint="from_first",
        dockerfile_utils="NO_SOURCE_IMAGE",
    ),
    Defect(
        "unknown instruction flag",
        dockerfile_utils=(
            "UNKNOWN_ADD_FLAG UNKNOWN_COPY_FLAG UNKNOWN_FROM_FLAG UNKNOWN_HEALTHCHECK_FLAG"
        ),
    ),
    Defect(
        "flag value missing, duplicate or malformed",
        dockerfilelint="healthcheck_options_missing_args",
        dockerfile_utils=(
            "FLAG_AT_LEAST_ONE FLAG_DUPLICATE FLAG_INVALID_DURATION "
            "FLAG_LESS_THAN_1MS FLAG_MISSING_DURATION FLAG_MISSING_VALUE "
            "FLAG_UNKNOWN_UNIT FLAG_INVALID_FROM_VALUE FLAG_INVALID_LINK_VALUE "
            "FLAG_EXPECTED_BOOLEAN_VALUE"
        ),
    ),
    Defect(
        "malformed, misspelt or repeated parser directive",
        tally="tally/syntax-directive-typo",
        dockerfile_utils="INVALID_ESCAPE_DIRECTIVE DUPLICATED_ESCAPE_DIRECTIVE",
    ),
    Defect("parser directive not lowercase", dockerfile_utils="CASING_DIRECTIVE"),
    Defect(
        "blank line inside a continued instruction",
        tally="buildkit/NoEmptyContinuation",
        dockerfile_utils="EMPTY_CONTINUATION_LINE",
    ),
    Defect(
        "looks like exec form but is not valid JSON",
        tally="tally/invalid-json-form",
        sonar="S7030",
        dockerfile_utils="JSON_IN_SINGLE_QUOTES SHELL_JSON_FORM SHELL_REQUIRES_ONE",
    ),
    Defect("space before = in key=value", sonar="S6574"),
    Defect("image reference malformed", dockerfile_utils="INVALID_REFERENCE_FORMAT"),
    Defect("unsupported ${var:mod} modifier", dockerfile_utils="UNSUPPORTED_MODIFIER"),
    Defect("STOPSIGNAL not a signal", dockerfile_utils="INVALID_SIGNAL"),
    Defect(
        "HEALTHCHECK without CMD/NONE or bad type",
        dockerfile_utils="HEALTHCHECK_CMD_ARGUMENT_MISSING UNKNOWN_TYPE",
    ),
    Defect("LABEL not key=value", dockerfilelint="label_invalid"),
    Defect(
        "forbidden trigger inside ONBUILD",
        tally="hadolint/DL3043",
        dockerfile_utils="ONBUILD_CHAINING_DISALLOWED ONBUILD_TRIGGER_DISALLOWED",
    ),
    Defect("unparseable trigger inside ONBUILD", tally="tally/invalid-onbuild-trigger"),
    Defect(
        "inconsistent instruction casing",
        tally="buildkit/ConsistentInstructionCasing",
        dockerfilelint="uppercase_commands",
        sonar="S6476",
        dockerfile_utils="CASING_INSTRUCTION",
    ),
    Defect("FROM/as keyword casing differs", tally="buildkit/FromAsCasing"),
    Defect("stage name not lowercase", tally="buildkit/StageNameCasing"),
    Defect('ENV/LABEL "key value" legacy form', tally="buildkit/LegacyKeyValueFormat"),
    Defect("EXPOSE protocol not lowercase", tally="buildkit/ExposeProtoCasing"),
    Defect(
        "stage/ARG description comment malformed", tally="buildkit/InvalidDefinitionDescription"
    ),
    Defect(
        "MAINTAINER is deprecated",
        tally="buildkit/MaintainerDeprecated",
        dockerfilelint="deprecated_in_1.13",
        dockerfile_lint="maintainer_deprecated",
        trivy="DS-0022",
        kics="MAINTAINER_Instruction_Being_Used",
        semgrep="maintainer-is-deprecated",
        sonar="S6586",
        checkov="CKV_DOCKER_6",
        dockerfile_utils="DEPRECATED_MAINTAINER",
    ),
    Defect("file too long", tally="tally/max-lines"),
    Defect("RUN line too long", sonar="S7020"),
    Defect("trailing whitespace", FORMATTER, tally="tally/no-trailing-spaces"),
    Defect("runs of spaces", FORMATTER, tally="tally/no-multi-spaces"),
    Defect("runs of blank lines", FORMATTER, tally="tally/no-multiple-empty-lines"),
    Defect("no newline at end of file", FORMATTER, tally="tally/eol-last"),
    Defect(
        "blank-line policy between instructions",
        FORMATTER,
        tally="tally/newline-between-instructions",
    ),
    Defect("one chained command per line", FORMATTER, tally="tally/newline-per-chained-call"),
    Defect("inconsistent indentation", FORMATTER, tally="tally/consistent-indentation"),
    Defect("STOPSIGNAL/HEALTHCHECK/ENTRYPOINT/CMD not last", tally="tally/epilogue-order"),
    Defect("package list not sorted", tally="tally/sort-packages"),
    Defect(
        "heredoc body not formatted",
        (
            "formatting of files within heredocs is one vendor's taste, and may "
            "change what they mean"
        ),
        tally="tally/prefer-formatted-heredocs",
    ),
    Defect("TODO tag left in comment", sonar="S1135"),
    Defect(
        "base image has no tag",
        tally="hadolint/DL3006",
        dockerfilelint="missing_tag",
        dockerfile_lint="no_tag",
        kics="Image_Version_Not_Explicit",
        semgrep="missing-image-version",
        sonar="S6596",
    ),
    Defect(
        "base image uses :latest",
        tally="hadolint/DL3007",
        dockerfilelint="latest_tag",
        dockerfile_lint="is_latest_tag",
        trivy="DS-0001",
        kics="Image_Version_Using_latest",
        semgrep="avoid-latest-version",
        checkov="CKV_DOCKER_7",
        dockle="DKL-DI-0006",
    ),
    Defect(
        "base image not pinned by digest", semgrep="dockerfile-source-not-pinned", sonar="S7023"
    ),
    Defect("both tag and digest given", sonar="S8431"),
    Defect("registry not on the allow list", tally="hadolint/DL3026", dockle="CIS-DI-0002"),
    Defect(
        "content trust not enabled",
        ("a setting of the client that pulls and pushes, which no Dockerfile has"),
        dockle="CIS-DI-0005",
    ),
    Defect(
        "FROM --platform is a constant",
        tally="buildkit/FromPlatformFlagConstDisallowed",
        parfum="DL3029",
        kics="Using_Platform_Flag_with_FROM_Command",
        semgrep="avoid-platform-with-from",
    ),
    Defect("--platform=$TARGETPLATFORM is the default", tally="buildkit/RedundantTargetPlatform"),
    Defect(
        "base image platform differs from target",
        tally="buildkit/InvalidBaseImagePlatform tally/platform-mismatch",
    ),
    Defect(
        "FROM uses an undeclared ARG",
        tally="buildkit/UndefinedArgInFrom",
        dockerfile_utils="BASE_NAME_EMPTY",
    ),
    Defect("ARG default makes FROM empty/invalid", tally="buildkit/InvalidDefaultArgInFrom"),
    Defect("base.digest label disagrees with FROM", tally="tally/labels/no-stale-base-digest"),
    Defect("end-of-life Ruby base", tally="tally/ruby/eol-ruby-version"),
    Defect("VEX JSON copied into image", tally="tally/prefer-vex-attestation"),
)
