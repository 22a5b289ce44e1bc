import pytest

from dflint.semantic.install_hints import DEPENDENCY_MARKS, SYSTEM_MARKS
from dflint.shell.packages import (
    DEPENDENCY_MANAGERS,
    SYSTEM_MANAGERS,
    find_installation,
    is_system_installation,
)
from dflint.shell.script import read_shell_form


def installation_of(text):
    (command,) = read_shell_form(text).commands
    return find_installation(command)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("npm ci", "npm ci"),
        ("npm --prefix web install --omit=dev", "npm install"),
        ("yarn", "yarn"),
        ("yarn install --frozen-lockfile", "yarn install"),
        ("sudo -E pip3 install -U -r requirements.txt", "pip install -r requirements.txt"),
        ("python3 -m pip install --requirement=a.txt", "pip install -r a.txt"),
        ("uv pip install -rb.txt", "pip install -r b.txt"),
        ("bundle install --jobs 4", "bundle install"),
        ("go mod download", "go mod download"),
        ("mix do deps.get, compile", "mix deps.get"),
        ("mvn -B -f pom.xml dependency:go-offline", "mvn dependency:go-offline"),
        ("conda env create -f environment.yml", "conda env create"),
        ("/usr/bin/composer install --no-dev", "composer install"),
    ],
)
def test_installations_are_those_that_manifests_decide(text, action):
    installation = installation_of(text)

    assert installation is not None
    assert installation.action == action
    assert not installation.is_build


@pytest.mark.parametrize(
    "text",
    [
        "npm install left-pad",
        "npm install -g yarn",
        "npm install git+https://x/y#z",
        "npm run build",
        "yarn --version",
        "yarn build",
        "pip install .",
        "pip install -r a.txt -e .",
        "pip install --no-index -r a.txt",
        "pip install -r https://x/a.txt",
        "pip install flask",
        "pipx install x",
        "bundle exec rake",
        "go build ./...",
        "cargo build --offline",
        "$X install",
    ],
)
def test_what_installs_other_things_is_no_installation(text):
    assert installation_of(text) is None


@pytest.mark.parametrize(
    "text", ["mvn -q clean package", "./gradlew build -x test", "cargo build --release"]
)
def test_builds_that_fetch_on_the_way_are_told_apart(text):
    installation = installation_of(text)

    assert installation is not None
    assert installation.is_build


def test_an_option_names_the_directory_that_a_manager_works_in():
    assert installation_of("npm --prefix web ci").directory == "web"
    assert installation_of("composer install --working-dir=api").directory == "api"
    assert installation_of("npm ci").directory == ""


@pytest.mark.parametrize(
    ("text", "is_installation"),
    [
        ("apt-get -t stable install -y git", True),
        ("apk add --no-cache git", True),
        ("dnf -y update", True),
        ("apt-get update", False),
        ("apk update apk add git", False),
        ("apt-cache search install", False),
    ],
)
def test_system_packages_are_installed_by_certain_actions(text, is_installation):
    (command,) = read_shell_form(text).commands

    assert is_system_installation(command) is is_installation


def test_every_manager_is_seen_by_the_quick_look():
    for manager in DEPENDENCY_MANAGERS:
        for action in manager.installs | manager.builds:
            text = f"RUN {manager.name} {action} x"
            assert any(mark in text for mark in DEPENDENCY_MARKS), text
    for program in SYSTEM_MANAGERS:
        assert any(mark in program for mark in SYSTEM_MARKS)
