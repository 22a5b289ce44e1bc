"""Scripts at random that are laid out, or nearly so: what a look at first sight could mistake."""

from __future__ import annotations

HEADS = (
    "a", "cd", "rm -rf", "./b", "set -eux", "export C=1", "mkdir -p", "D=e f", "D='e g' h",
    "apt-get install", "apt-get update", "apt-get -y install", "apk add --no-cache", "pip3 install",
    "npm install -g", "sudo apt-get install", "D=e apt-get install", "D='e g' apk add",
    "python -m pip install", "docker-php-ext-install", "/usr/bin/apt-get install", "gem install",
    "env D=e apk add", "'apt-get' install", "command apt install", "sudo D=e sudo apk del",
    "conda install -c", "cpanm", "pecl install", "if", "for", "{", "!", "time", "case", "exec",
)  # fmt: skip
PLAIN = (
    "i", "-y", "--no-recommends", "j=1", "k/l", "/m/*", ">", ">/n", "2>&1", "'o p'", '"$Q r"',
    "$S", "${T}", "install", "-t", "then", "RUN", "{}", "{a,b}", "[", "]",
)  # fmt: skip
ODD = ("\\;", '"u\\"v"', "`w`", "$(x y)", "<z", "|a", "&", ";", "#")
OPERATORS = ("&&",) * 8 + ("||",) * 3 + (";", "|", "&")


def script(random):
    """A RUN of commands, over several lines with indentations that are mostly usual."""
    made = f"RUN {_head(random)}"
    for _ in range(random.randint(1, 4)):
        for _ in range(random.choice((0, 1, 1, 2, 2, 3, 5))):
            words = PLAIN if random.random() < 0.9 else ODD
            made += _gap(random, 0.35) + random.choice(words)
        if random.random() < 0.6:
            made += _gap(random, 0.7) + random.choice(OPERATORS) + _gap(random, 0.05)
            made += _head(random)
    return f"FROM a\n{made}\n"


def near(random, text):
    """The text with a line indented otherwise, joined with the next, parted, or a comment more."""
    lines = text.split("\n")
    at = random.randrange(len(lines))
    line = lines[at]
    kind = random.random()
    if kind < 0.4:
        lines[at] = " " * random.choice((0, 2, 4, 8, 12)) + line.lstrip()
    elif kind < 0.6 and line.endswith(" \\") and at + 1 < len(lines):
        lines[at : at + 2] = [f"{line[:-2]} {lines[at + 1].lstrip()}"]
    elif kind < 0.9 and line.count(" ") > 1:
        words = line.split(" ")
        cut = random.randrange(1, len(words))
        indent = " " * random.choice((4, 8))
        lines[at : at + 1] = [" ".join(words[:cut]) + " \\", indent + " ".join(words[cut:])]
    else:
        lines.insert(at, " " * random.choice((4, 8)) + "# b")
    return "\n".join(lines)


def _head(random):
    words = random.choice(HEADS)
    if random.random() < 0.8:
        return words
    first, *others = words.split(" ")
    return first + "".join(_gap(random, 0.4) + word for word in others)


def _gap(random, breaks):
    if random.random() > breaks:
        return " " if random.random() < 0.97 else "  "
    indent = random.choice((4, 4, 4, 8, 8, 8, 0, 2, 12, 5))
    comment = ""
    if random.random() < 0.15:
        comment = " " * random.choice((indent, 4, 8)) + random.choice(("# c\n", "# c\n", "#\n"))
    pad = random.choice((" ",) * 12 + ("", "  "))
    return f"{pad}\\\n{comment}{' ' * indent}"
