"""Programs for downloads, archives, users and files.

The keys are said in `dflint.shell.tools`.
"""

from __future__ import annotations

COMMON: dict[str, dict[str, str]] = {
    # Downloads and archives.
    "wget": {
        "valued": "-o --output-file -a --append-output -e --execute -i --input-file -B --base -t"
        " --tries -O --output-document -Q --quota -T --timeout -w --wait -P --directory-prefix"
        " -U --user-agent -l --level -A --accept -R --reject -D --domains -I --include-directories"
        " -X --exclude-directories --config --header --post-data --post-file --method --body-data"
        " --body-file --load-cookies --save-cookies --ca-certificate --ca-directory --certificate"
        " --private-key --user --password --http-user --http-password --referer --progress"
        " --limit-rate --secure-protocol --waitretry --connect-timeout --read-timeout"
        " --dns-timeout --bind-address --restrict-file-names --default-page --retry-on-http-error"
        " --cut-dirs --checksum",
        "quiet": "-q --quiet -nv --no-verbose -o --output-file -a --append-output -b --background",
    },
    "curl": {
        "valued": "-A --user-agent -b --cookie -c --cookie-jar -C --continue-at -d --data"
        " --data-ascii --data-binary --data-raw --data-urlencode -D --dump-header -e --referer -E"
        " --cert -F --form --form-string -h -H --header -K --config -m --max-time -o --output"
        " --output-dir -P --ftp-port -Q --quote -r --range -t --telnet-option -T --upload-file -u"
        " --user -U --proxy-user -w --write-out -x --proxy -X --request -y --speed-time -Y"
        " --speed-limit -z --time-cond --cacert --capath --ciphers --connect-timeout --connect-to"
        " --interface --key --limit-rate --local-port --max-filesize --max-redirs --netrc-file"
        " --noproxy --oauth2-bearer --pass --proto --proto-default --proto-redir --resolve --retry"
        " --retry-delay --retry-max-time --stderr --tls-max --tlsv1 --trace --unix-socket --url"
        " --dns-servers --create-file-mode --parallel-max --aws-sigv4 --json --url-query",
        "quiet": "-s --silent",
    },
    "git": {
        "install": "",
        "others": "clone checkout pull fetch init submodule config add commit push tag branch reset"
        " switch lfs rev-parse log describe apply am archive clean merge rebase remote status show"
        " diff cherry-pick restore sparse-checkout worktree ls-remote update-index",
        "valued": "-C -c --git-dir --work-tree --namespace --exec-path --config-env -b --branch"
        " --depth -o --origin --reference --separate-git-dir --shallow-since --shallow-exclude"
        " --template -u --upload-pack -j --jobs --filter --server-option -B --orphan -m --message",
        "quiet": "-q --quiet",
    },
    "tar": {
        "valued": "-f --file -C --directory -b --blocking-factor -H --format -I"
        " --use-compress-program --exclude --exclude-from -X -T --files-from --owner --group --mode"
        " --mtime --sort --strip-components --transform --xform -g --listed-incremental -K"
        " --starting-file -N --newer --after-date -V --label --checkpoint --one-top-level --suffix",
    },
    "unzip": {"valued": "-d -P -x", "quiet": "-q -qq"},
    "gzip": {"valued": "-S --suffix", "quiet": "-q --quiet"},
    "rsync": {"valued": "-e --rsh --exclude --include -f --filter --chown --chmod --files-from"},
    # Users, owners, modes.
    "useradd": {
        "valued": "-b --base-dir -c --comment -d --home-dir --home -e --expiredate -f --inactive -g"
        " --gid -G --groups -k --skel -K --key -p --password -R --root -P --prefix -s --shell -u"
        " --uid -Z --selinux-user",
    },
    "usermod": {
        "valued": "-c --comment -d --home -e --expiredate -f --inactive -g --gid -G --groups -l"
        " --login -p --password -R --root -P --prefix -s --shell -u --uid -v --add-subuids -V"
        " --del-subuids -w --add-subgids -W --del-subgids -Z --selinux-user",
    },
    "groupadd": {"valued": "-g --gid -K --key -p --password -R --root -P --prefix -U --users"},
    "adduser": {
        "valued": "--home --shell --conf --uid --gid --ingroup --gecos --firstuid --lastuid"
        " --firstgid --lastgid --comment -h -g -s -G -u -k",
    },
    "addgroup": {"valued": "--gid -g --firstgid --lastgid --conf --shell"},
    "chmod": {"valued": "--reference"},
    "chown": {"valued": "--reference --from"},
    "chgrp": {"valued": "--reference"},
    "install": {
        "valued": "-g --group -m --mode -o --owner -t --target-directory -S --suffix --context",
    },
    # Files.
    "ln": {"valued": "-S --suffix -t --target-directory"},
    "cp": {"valued": "-S --suffix -t --target-directory --sparse --reflink"},
    "mv": {"valued": "-S --suffix -t --target-directory"},
    "rm": {"valued": ""},
    "mkdir": {"valued": "-m --mode"},
    "find": {"single_dashed": "yes", "valued": "-name -iname -type -path -mtime -size -user -perm"},
    "sed": {"valued": "-e --expression -f --file -l --line-length"},
    "make": {
        "valued": "-C --directory -f --file --makefile -I --include-dir -j --jobs -l"
        " --load-average --max-load -o --old-file --assume-old -W --what-if --new-file"
        " --assume-new",
    },
    "ssh-keygen": {"single_dashed": "yes", "valued": "-t -b -f -N -C -P -q -E -I -n -s -V"},
    "gpg": {
        "valued": "--homedir --keyserver --keyserver-options --options --default-key -u"
        " --local-user"
        " -r --recipient -o --output --passphrase --passphrase-fd --passphrase-file --keyring"
        " --primary-keyring --status-fd --trust-model",
        "quiet": "-q --quiet",
    },
    "systemctl": {"others": "start stop restart reload enable disable status daemon-reload mask"},
    "service": {},
}
