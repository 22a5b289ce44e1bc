"""The package managers of languages, and build tools that fetch packages.

The keys are said in `dflint.shell.tools`.
"""

from __future__ import annotations

LANGUAGE: dict[str, dict[str, str]] = {
    "pip": {
        "install": "install",
        "remove": "uninstall",
        "others": "download freeze list show check config search cache index wheel hash debug"
        " completion inspect lock help",
        "valued": "-r --requirement -c --constraint -e --editable -t --target --platform"
        " --python-version --implementation --abi --root --prefix --src --upgrade-strategy"
        " -C --config-settings --config-setting --global-option --build-option --install-option"
        " --no-binary --only-binary --progress-bar --report -i --index-url --pypi-url"
        " --extra-index-url -f --find-links --log --proxy --retries --timeout --exists-action"
        " --trusted-host --cert --client-cert --cache-dir --use-feature --use-deprecated"
        " --root-user-action --python --keyring-provider -b --build -d --dest --download"
        " -w --wheel-dir --group --build-constraint",
        "assume_yes": "-y --yes",
        "quiet": "-q --quiet",
        "no_cache": "--no-cache-dir",
        "caches": "~/.cache/pip",
        "pin": "==",
    },
    "uv": {
        "install": "sync",
        "others": "pip add remove run init lock export tree tool python venv build publish cache"
        " self version",
        "valued": "--index --default-index -i --index-url --extra-index-url -f --find-links"
        " --index-strategy --keyring-provider --resolution --prerelease --exclude-newer"
        " --link-mode --cache-dir -p --python --color --directory --project --config-file"
        " --group --no-group --only-group --extra --package --no-binary-package"
        " -r --requirement -c --constraint -t --target --prefix -e --editable -o --output-file"
        " --allow-insecure-host --torch-backend",
        "quiet": "-q --quiet",
        "no_cache": "-n --no-cache --no-cache-dir",
        "caches": "~/.cache/uv",
        "pin": "==",
    },
    "uv pip": {
        "install": "install sync",
        "remove": "uninstall",
        "others": "compile freeze list show tree check",
        "valued": "-r --requirement --requirements -c --constraint --constraints -e --editable"
        " --overrides -b --build-constraint --extra --group -t --target --prefix -p --python"
        " --index --default-index -i --index-url --extra-index-url -f --find-links"
        " --index-strategy --keyring-provider --resolution --prerelease --exclude-newer"
        " --link-mode --cache-dir --no-binary --only-binary --python-version --python-platform"
        " --torch-backend --config-file --directory --project --allow-insecure-host -P"
        " --upgrade-package --reinstall-package --refresh-package",
        "quiet": "-q --quiet",
        "no_cache": "-n --no-cache --no-cache-dir",
        "caches": "~/.cache/uv",
        "pin": "==",
    },
    "pipx": {
        "install": "install",
        "upgrade": "upgrade upgrade-all reinstall reinstall-all",
        "remove": "uninstall uninstall-all",
        "others": "inject run runpip list ensurepath environment completions upgrade-shared",
        "valued": "--pip-args --python --index-url -i --suffix --backend --spec",
        "pin": "==",
    },
    "poetry": {
        "install": "install sync",
        "update": "lock",
        "upgrade": "update",
        "remove": "remove",
        "others": "add build cache config env export init new publish run search self shell show"
        " source version check",
        "valued": "-C --directory -P --project --without --with --only -E --extras -G --group"
        " --source -f --format -o --output",
        "assume_yes": "-n --no-interaction",
        "quiet": "-q --quiet",
        "no_cache": "--no-cache",
        "caches": "~/.cache/pypoetry",
        "pin": "==",
    },
    "pipenv": {
        "install": "install sync",
        "upgrade": "update upgrade",
        "remove": "uninstall",
        "clean": "clean",
        "others": "lock graph check run shell requirements verify",
        "valued": "--python -i --index -r --requirements --categories --extra-pip-args"
        " --pypi-mirror",
        "caches": "~/.cache/pipenv ~/.cache/pip",
        "pin": "==",
    },
    "conda": {
        "install": "install",
        "upgrade": "update upgrade",
        "remove": "remove uninstall",
        "clean": "clean",
        "others": "create env config info init list search run activate deactivate package build"
        " compare notices rename self-update shell",
        "valued": "-n --name -p --prefix -c --channel -f --file --solver --repodata-fn"
        " --experimental"
        " --clone --revision --subdir --platform -r --root-prefix --rc-file",
        "assume_yes": "-y --yes",
        "quiet": "-q --quiet",
        "caches": "/opt/conda/pkgs ~/.conda/pkgs",
        "pin": "=",
    },
    "npm": {
        "install": "install i in ins inst insta instal isnt isnta isntal isntall add ci"
        " clean-install ic install-clean isntall-clean",
        "upgrade": "update up upgrade udpate",
        "remove": "uninstall unlink remove rm r un",
        "others": "run run-script start stop test t tst build cache config c set get exec x link ln"
        " init create publish pack prune rebuild rb audit outdated ls list ll la view info show v"
        " version whoami login logout adduser dedupe ddp ping root bin prefix owner token team"
        " shrinkwrap explain fund doctor install-test it install-ci-test cit edit explore search"
        " deprecate unpublish dist-tag access hook org profile star stars query pkg sbom help",
        "valued": "--prefix -C --cache --registry --loglevel --userconfig --globalconfig --tag"
        " --before --omit --include --only --install-strategy -w --workspace --script-shell"
        " --fetch-retries --fetch-timeout --network-timeout --maxsockets --otp --proxy"
        " --https-proxy --scope --node-options --cpu --os --libc --arch --target --python",
        "assume_yes": "-y --yes",
        "quiet": "-s --silent -q --quiet",
        "caches": "~/.npm",
        "pin": "@",
    },
    "yarn": {
        "install": "install",
        "upgrade": "upgrade up upgrade-interactive",
        "remove": "remove",
        "others": "add global cache run build test start audit autoclean bin check config create"
        " dedupe dlx exec generate-lock-entry help import info init licenses link list login"
        " logout node npm outdated owner pack patch plugin policies prune publish rebuild set"
        " stage tag team unlink unplug version versions why workspace workspaces workspaces-focus",
        "valued": "--cwd --cache-folder --modules-folder --mutex --network-concurrency"
        " --network-timeout --registry --use-yarnrc --global-folder --prefix --link-folder --otp"
        " --preferred-cache-folder --https-proxy --proxy --production-folder",
        "assume_yes": "--non-interactive",
        "quiet": "-s --silent",
        "caches": "/usr/local/share/.cache ~/.cache/yarn ~/.yarn/berry/cache",
        "pin": "@",
    },
    "pnpm": {
        "install": "install i",
        "upgrade": "update up upgrade",
        "remove": "remove rm uninstall un",
        "others": "add fetch import link ln unlink rebuild rb prune run test start exec dlx create"
        " publish pack deploy store config env setup root bin list ls outdated why audit patch"
        " dedupe approve-builds server init self-update",
        "valued": "-C --dir --filter -F --store-dir --virtual-store-dir --reporter --loglevel"
        " --registry --lockfile-dir --modules-dir --network-concurrency --child-concurrency"
        " --global-dir --package-import-method",
        "quiet": "-s --silent",
        "caches": "~/.local/share/pnpm/store ~/.cache/pnpm",
        "pin": "@",
    },
    "bun": {
        "install": "install i ci",
        "upgrade": "update",
        "remove": "remove rm",
        "others": "add run x create build init link unlink pm test upgrade outdated publish patch",
        "valued": "-c --config --cwd --backend --registry --concurrent-scripts --cache-dir",
        "no_cache": "--no-cache",
        "caches": "~/.bun/install/cache",
        "pin": "@",
    },
    "node": {"valued": "-e --eval -p --print -r --require --import --loader -C --conditions"},
    "gem": {
        "install": "install i",
        "update": "",
        "upgrade": "update",
        "remove": "uninstall",
        "clean": "cleanup",
        "others": "build cert check contents dependency environment fetch generate_index help list"
        " lock mirror open outdated owner pristine push query rdoc search server signin signout"
        " sources specification stale unpack which yank exec rebuild info",
        "valued": "-v --version --platform -i --install-dir -n --bindir --build-root --document -P"
        " --trust-policy -s --source -p --http-proxy -g --file -B --bulk-threshold --config-file"
        " --target-rbconfig -j",
        "quiet": "-q --quiet --silent",
        "caches": "/usr/local/bundle/cache ~/.gem",
        "pin": ":",
    },
    "bundle": {
        "install": "install",
        "upgrade": "update",
        "remove": "remove",
        "clean": "clean",
        "others": "exec add binstubs cache check config console doctor gem info init inject"
        " licenses"
        " list lock open outdated package platform plugin pristine show version viz",
        "valued": "--gemfile -j --jobs --path --without --with --retry --binstubs --shebang"
        " --standalone --system --target-rbconfig --trust-policy",
        "quiet": "--quiet",
        "caches": "/usr/local/bundle/cache ~/.bundle/cache",
    },
    "go": {
        "install": "install",
        "others": "get build run mod test vet fmt env generate list tool version work clean doc fix"
        " bug telemetry",
        "valued": "-o -p -asmflags -buildmode -buildvcs -compiler -gccgoflags -gcflags"
        " -installsuffix -ldflags -mod -modfile -overlay -pgo -pkgdir -tags -toolexec -exec -C"
        " -run -bench -count -timeout -covermode -coverprofile -coverpkg",
        "caches": "/go/pkg/mod ~/go/pkg/mod ~/.cache/go-build",
        "pin": "@",
        "single_dashed": "yes",
    },
    "cargo": {
        "install": "install",
        "update": "update",
        "remove": "uninstall remove rm",
        "clean": "clean",
        "others": "add build b check c test t run r bench doc d fetch fix fmt clippy init new"
        " package publish search tree vendor verify-project version metadata login owner yank chef"
        " binstall generate-lockfile rustc rustdoc locate-project report pkgid",
        "valued": "--version --vers --git --branch --tag --rev --path --root --index --registry -j"
        " --jobs --profile --target --target-dir --bin --example -p --package --exclude -F"
        " --features --manifest-path --lockfile-path --color --config -Z -C --message-format"
        " --recipe-path",
        "quiet": "-q --quiet",
        "caches": "~/.cargo/registry /usr/local/cargo/registry",
        "pin": "@",
    },
    "composer": {
        "install": "install i",
        "upgrade": "update u upgrade",
        "remove": "remove rm uninstall",
        "clean": "clear-cache clearcache cc",
        "others": "require r global create-project dump-autoload dumpautoload run-script run exec"
        " config diagnose archive audit browse bump check-platform-reqs fund init licenses outdated"
        " prohibits reinstall search self-update selfupdate show status suggests validate why",
        "valued": "-d --working-dir --apcu-autoloader-prefix --ignore-platform-req --prefer-install"
        " -f --format -s --stability --repository --repository-url",
        "assume_yes": "-n --no-interaction",
        "quiet": "-q --quiet",
        "no_cache": "--no-cache",
        "caches": "~/.composer/cache ~/.cache/composer /tmp/cache",
        "pin": ":",
    },
    "mvn": {
        "install": "install",
        "clean": "clean",
        "others": "package verify compile test deploy validate site dependency:go-offline",
        "valued": "-f --file -s --settings -gs --global-settings -t --toolchains -P"
        " --activate-profiles -pl --projects -rf --resume-from -T --threads -l --log-file -b"
        " --builder",
        "quiet": "-q --quiet",
        "caches": "~/.m2/repository",
    },
    "gradle": {
        "others": "build assemble jar bootJar shadowJar installDist dependencies test check run"
        " clean war publish wrapper tasks",
        "valued": "-p --project-dir -b --build-file -c --settings-file -I --init-script -x"
        " --exclude-task -g --gradle-user-home --console --max-workers --project-cache-dir -F"
        " --dependency-verification --warning-mode --priority",
        "quiet": "-q --quiet",
        "caches": "~/.gradle/caches",
    },
    "python": {"valued": "-m -c -W -X --check-hash-based-pycs"},
    "pypy": {"valued": "-m -c -W -X"},
}
