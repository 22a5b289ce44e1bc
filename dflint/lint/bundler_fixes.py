"""Fixes of what Ruby's Bundler is told, which rules share."""

from __future__ import annotations

from dflint.lint.contract import Contract, directory_paths
from dflint.lint.edits import has_suppression, removal
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.insertions import insertion_above_comments
from dflint.lint.mount_fixes import is_taken
from dflint.lint.program_fixes import words_taken
from dflint.semantic.cleanups import cleanup_edits
from dflint.semantic.known_images import repository_of, short_name
from dflint.semantic.mounted_caches import BUNDLE, cache_of
from dflint.semantic.program_edits import remove_step
from dflint.shell.statements import Construct, Kind
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Argument, Invocation, Option

_VERSION = LazyPattern(r"(\d+)\.(\d+)")
_MAJOR = LazyPattern(r"(\d+)(?:-|$)")
#: What brings, or may bring, the first Bundler.
_OLD = LazyPattern(
    r"\bbundler\b[^;&|\n]*?(?:-v|--version|:)[ =]*+[\"']?[01$]|BUNDLER_VERSION[ =]*+[\"']?[01$]"
)
#: What wants to find the archives, or a build without a network.
_OFFLINE = LazyPattern(r"\binstall\b[^;&|\n]*?--(?:prefer-)?local\b|network=none")
#: What wants the gems for development, or says itself which groups there are.
_DEVELOPING = LazyPattern(
    r"\b(?:rspec|rubocop|cucumber|minitest|guard|brakeman|simplecov|spring|rake[ \t]+(?:test|spec)"
    r"|rails[ \t]+test|BUNDLE_WITH|bundle[ \t]+config\b[^;&|\n]*?\bwith)\b|--with\b"
)
#: What tells an application what it runs for.
_ENVIRONMENTS = ("RAILS_ENV", "RACK_ENV", "APP_ENV", "HANAMI_ENV")
_LOCK = LazyPattern(r"Gemfile(?:\.lock|[\w.]*\*)")
_VALUE = LazyPattern(r"[\w:./ -]+")
#: Options with their settings, in the order in which Bundler writes those; true without a value.
_SETTINGS = {
    "--deployment": "deployment true",
    "--no-deployment": "deployment false",
    "--frozen": "frozen true",
    "--system": "path.system true",
    "--path": "path",
    "--shebang": "shebang",
    "--clean": "clean true",
    "--no-prune": "no_prune true",
    "--without": "without",
    "--with": "with",
}


def ruby_version(program: Program) -> tuple[int, ...] | None:
    """The version of Ruby's official image that a program runs in; (99,) for the latest one.

    None in another image, and where the tag does not tell it.
    """
    image = program.base_image
    if repository_of(image) != "ruby" or "@" in image:
        return None
    tag = short_name(image).partition(":")[2]
    if tag in ("", "latest", "slim", "alpine"):
        return (99,)
    found = _VERSION.get().match(tag) or _MAJOR.get().match(tag)
    return tuple(int(part) for part in found.groups()) if found is not None else None


def remember_options(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """`bundle config set` in front of `bundle install`, in the place of options that it remembers.

    That writes the same configuration. None where Bundler is one without `set`, or where another
    command does not fit in.
    """
    version = ruby_version(program)
    if version is not None and version < (2, 7):
        return None
    options = [option for option in call.options if option.name in _SETTINGS]
    removals = [_removal(program, call, option) for option in options]
    settings = [_setting(call, option) for option in options]
    if not _fits_in(program, call) or None in removals or None in settings:
        return None
    names = list(_SETTINGS)
    order = sorted(range(len(options)), key=lambda at: names.index(options[at].name))
    commands = dict.fromkeys(f"bundle config set --local {settings[at]} && " for at in order)
    edits = [edit for edit in removals if edit is not None]
    edits.append(Edit.insertion(call.command.span.start, "".join(commands)))
    is_certain = version is not None and _OLD.get().search(doc.text) is None
    level = Applicability.UNSAFE if is_certain else Applicability.DISPLAY
    changed = tuple((f"/**/{name}/config", "lines") for name in (".bundle", "bundle"))
    lost = tuple(
        word.text
        for word in call.command.words
        if any(edit.span.start <= word.span.start < edit.span.end for edit in edits)
    )
    title = "set with `bundle config`"
    contract = Contract(changed=changed, new=("/**/.bundle/**",))
    return Fix(title, edits, level, Effect.FILES, lost=lost, contract=contract)


def _fits_in(program: Program, call: Invocation) -> bool:
    """Whether `a && b` in the place of a call does what is meant, as its user, in its directory."""
    command = call.command
    word = command.program_word
    if program.is_exec_form or program.parent is not None or word is None:
        return False
    if word.text != "bundle" or word.span.start != command.span.start:
        return False
    if command.redirects or call.option("--gemfile") is not None:
        return False
    parent = command.parent
    if command.operator_after == "&" or not isinstance(parent, Construct):
        return False
    if parent.kind is Kind.AND_OR:
        return not command.index or parent.operator(command.index - 1) == "&&"
    return parent.kind in (Kind.SCRIPT, Kind.SUBSHELL, Kind.GROUP, Kind.BRANCH)


def _groups(call: Invocation, option: Option) -> list[str | None]:
    """The values of an option; those with groups take all words up to the next option."""
    if option.given is None:
        return []
    values = [option.given.value]
    if option.name not in ("--with", "--without") or option.given is option.argument:
        return values
    words = call.arguments
    at = next((at for at, one in enumerate(words) if one is option.given), len(words))
    for argument in words[at + 1 :]:
        if argument.prefix.startswith("-"):
            break
        values.append(argument.value)
    return values


def _setting(call: Invocation, option: Option) -> str | None:
    setting = _SETTINGS[option.name]
    if " " in setting:
        return setting if option.given is None else None
    values = _groups(call, option)
    if not values or any(not value or not _VALUE.get().fullmatch(value) for value in values):
        return None
    text = " ".join(value for value in values if value)
    if setting in ("with", "without"):
        text = ":".join(text.replace(":", " ").split())
    return f"{setting} {text}" if text and " " not in text else None


def _removal(program: Program, call: Invocation, option: Option) -> Edit | None:
    """The removal of an option with its values, and of what stands before it."""
    words = call.command.words
    at = next((at for at, word in enumerate(words) if word is option.argument.word), 0)
    if not at:
        return None
    count = 1
    if option.given is not None and option.given.word is not option.argument.word:
        count += len(_groups(call, option))
    span = Span(words[at - 1].span.end, words[at + count - 1].span.end)
    removed = program.instruction.line.source[span.start : span.end]
    return Edit(span, "") if "#" not in removed and "$" not in removed else None


def remove_archives(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """The removal of the archives that Bundler keeps, behind its last call in a RUN.

    Where root installs in Ruby's image, and nobody works with them later.
    """
    if _OFFLINE.get().search(doc.text) is not None:
        return None
    cache = cache_of(BUNDLE, program, call, doc.model)
    if cache is None or not cache.is_certain or is_taken(doc, program, cache):
        return None
    programs = [one for one in doc.programs if one.instruction is program.instruction]
    calls = [(one, it.command) for one in programs for it in one.invocations_of("bundle")]
    text = f"rm -rf {cache.path}"
    edits = cleanup_edits(calls, text)
    if edits is None:
        return None
    hidden = doc.runs.have_hidden_script_after(program)
    level = Applicability.UNSAFE if hidden else Applicability.SAFE
    contract = Contract(gone=directory_paths((cache.path,)))
    return Fix(f"end with `{text}`", edits, level, Effect.FILES, contract=contract)


def leave_out_groups(doc: Document, program: Program) -> Fix | None:
    """`ENV BUNDLE_WITHOUT` above the first installation of a stage.

    Unsafe where the application is told that it is in production; a proposal elsewhere, as it may
    be started for development, and where the variable does not reach the image.
    """
    if _DEVELOPING.get().search(doc.text) is not None:
        return None
    model = doc.model
    stage, final = model.stage_of(program.instruction), model.final_stage
    if stage is None or final is None:
        return None
    line = (final, *final.ancestors())
    environment = model.environment(program.instruction)
    is_production = any(environment.get(name) == "production" for name in _ENVIRONMENTS)
    is_in_line = any(one.index == stage.index for one in line)
    level = Applicability.UNSAFE if is_production and is_in_line else Applicability.DISPLAY
    gone = ("/**/gems/**", "/usr/local/bundle/**", "/**/vendor/bundle/**")
    return set_variable(doc, program, "BUNDLE_WITHOUT=development:test", level, gone)


def freeze(doc: Document, program: Program) -> Fix | None:
    """`ENV BUNDLE_FROZEN` above the first installation of a stage: a proposal, as that may fail.

    None where a file brings its `Gemfile` alone.
    """
    if "Gemfile" in doc.text and _LOCK.get().search(doc.text) is None:
        return None
    return set_variable(doc, program, "BUNDLE_FROZEN=1", Applicability.DISPLAY)


def remove_bundler(
    doc: Document, program: Program, call: Invocation, argument: Argument
) -> Fix | None:
    """`bundler` taken out of `gem install`, or that call where it is all.

    Unsafe where the image has one that knows every lock file, a proposal with older ones.
    """
    version = ruby_version(program)
    if version is None or version < (2, 6) or program.is_exec_form or program.parent is not None:
        return None
    command = call.command
    edit: Edit | None
    if len(call.operands) > 1:
        words = list(command.words)
        at = words.index(argument.word)
        edit = Edit(Span(words[at - 1].span.end, argument.span.end), "")
    elif command.parent is not None and command.parent.kind is Kind.SCRIPT:
        is_all = len(command.parent.statements) == 1 and not program.instruction.line.markers
        edit = removal(doc, program.instruction) if is_all else None
        if program.occurrence.is_trigger:
            edit = None
    else:
        edit = _step_removal(program, command)
    if edit is None or "#" in edit.span.slice(doc.text):
        return None
    is_certain = version >= (3, 1) and "bundle _" not in doc.text
    level = Applicability.UNSAFE if is_certain else Applicability.DISPLAY
    gone = ("/**/bundler-*/**", "/**/bundler-*", "/**/bin/bundle*")
    lost = words_taken(doc, [edit])
    contract = Contract(gone=gone, changed=tuple((one, "any") for one in gone))
    return Fix("leave out Bundler", [edit], level, Effect.FILES, lost=lost, contract=contract)


def _step_removal(program: Program, command: Command) -> Edit | None:
    """A step taken out of those that `&&` joins, the last one too."""
    edits = remove_step(program, command)
    if edits is not None:
        return edits[0]
    parent = command.parent
    if parent is None or parent.kind is not Kind.AND_OR or command.index < 1:
        return None
    if command.index + 1 < len(parent.statements) or parent.operator_after == "&":
        return None
    if any(parent.operator(at) != "&&" for at in range(command.index)):
        return None
    before = parent.statements[command.index - 1]
    return Edit(Span(before.span.end, command.span.end), "")


def set_dummy_key(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """`SECRET_KEY_BASE_DUMMY=1` in front of a call, which Rails 7.1 knows; that runs on Ruby 2.7.

    Unsafe: Rails writes a key that is good for nothing else into `tmp`.
    """
    version = ruby_version(program)
    if version is not None and version < (2, 7):
        return None
    command = call.command
    first = command.words[0] if command.words else None
    names = [(word.value or "").rpartition("/")[2] for word in command.leading_words]
    if program.is_exec_form or program.parent is not None or first is None:
        return None
    if not {"sudo", "su", "runuser", "env", "time"}.isdisjoint(names) or command.is_negated:
        return None
    edit = Edit.insertion(command.span.start, "SECRET_KEY_BASE_DUMMY=1 ")
    level = Applicability.UNSAFE if version is not None else Applicability.DISPLAY
    contract = Contract(new=("/**/tmp/**",))
    return Fix("give a key for this alone", [edit], level, Effect.FILES, contract=contract)


def set_variable(
    doc: Document,
    program: Program,
    setting: str,
    level: Applicability,
    gone: tuple[str, ...] = (),
) -> Fix | None:
    """`ENV` with a setting above the first RUN of a stage that installs gems; none in ONBUILD."""
    if program.occurrence.is_trigger or program.stage_number < 0:
        return None
    first = next(
        one
        for one in doc.programs
        if one.stage_number == program.stage_number
        and any(call.action == "install" for call in one.invocations_of("bundle"))
    )
    if first.occurrence.is_trigger or has_suppression(doc, first.instruction):
        return None
    name = setting.partition("=")[0]
    edit = insertion_above_comments(first.instruction, f"ENV {setting}")
    contract = Contract(
        gone=gone, changed=tuple((one, "any") for one in gone), keys=(f"Env.{name}",)
    )
    effect = Effect.FILES | Effect.METADATA
    return Fix(f"set `{name}`", [edit], level, effect, contract=contract)
