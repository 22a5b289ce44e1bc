"""The package managers of operating systems.

The keys are said in `dflint.shell.tools`.
"""

from __future__ import annotations

SYSTEM: dict[str, dict[str, str]] = {
    "apt-get": {
        "install": "install reinstall build-dep satisfy",
        "update": "update",
        "upgrade": "upgrade dist-upgrade dselect-upgrade full-upgrade",
        "remove": "remove purge autoremove auto-remove autopurge",
        "clean": "clean autoclean distclean dist-clean auto-clean",
        "others": "check source download changelog indextargets moo",
        "valued": "-t --target-release --default-release -c --config-file -o --option -a"
        " --host-architecture -P --build-profiles",
        "assume_yes": "-y --yes --assume-yes",
        "quiet": "-q --quiet",
        "caches": "/var/lib/apt/lists /var/cache/apt",
        "pin": "=",
    },
    "apt": {
        "install": "install reinstall build-dep satisfy",
        "update": "update",
        "upgrade": "upgrade dist-upgrade full-upgrade",
        "remove": "remove purge autoremove auto-remove autopurge",
        "clean": "clean autoclean distclean dist-clean auto-clean",
        "others": "list search show edit-sources source download changelog policy depends"
        " rdepends showsrc",
        "valued": "-t --target-release --default-release -c --config-file -o --option -a"
        " --host-architecture -P --build-profiles",
        "assume_yes": "-y --yes --assume-yes",
        "quiet": "-q --quiet",
        "caches": "/var/lib/apt/lists /var/cache/apt",
        "pin": "=",
    },
    "aptitude": {
        "install": "install reinstall build-dep",
        "update": "update",
        "upgrade": "upgrade safe-upgrade full-upgrade dist-upgrade",
        "remove": "remove purge",
        "clean": "clean autoclean",
        "others": "hold unhold keep search show download changelog forbid-version markauto",
        "valued": "-t --target-release -o -F --display-format -O --sort -w --width --add-user-tag",
        "assume_yes": "-y --assume-yes",
        "quiet": "-q --quiet",
        "caches": "/var/lib/apt/lists /var/cache/apt",
        "pin": "=",
    },
    "apt-cache": {"others": "show search policy madison depends rdepends showpkg pkgnames"},
    "apt-key": {"others": "add del export list adv finger net-update update"},
    "add-apt-repository": {
        "assume_yes": "-y --yes",
        "valued": "-k --keyserver -c --component -p --pocket",
    },
    "dpkg": {"valued": "--root --admindir --instdir -D --debug", "caches": ""},
    "apk": {
        "install": "add",
        "update": "update",
        "upgrade": "upgrade",
        "remove": "del",
        "others": "fix cache fetch info list dot policy search index manifest stats verify version"
        " audit mkndx mkpkg convdb convndx adbdump adbsign extract",
        "valued": "-X --repository -p --root -t --virtual --arch --cache-dir --cache-max-age"
        " --keys-dir --progress-fd --repositories-file --wait --timeout -o --output",
        "assume_yes": "",
        "quiet": "-q --quiet",
        "no_cache": "--no-cache",
        "caches": "/var/cache/apk /etc/apk/cache",
        "pin": "=",
    },
    "yum": {
        "install": "install localinstall groupinstall reinstall builddep",
        "update": "makecache",
        "upgrade": "update upgrade update-to upgrade-to update-minimal localupdate groupupdate"
        " distro-sync distribution-synchronization downgrade",
        "remove": "remove erase autoremove groupremove",
        "clean": "clean",
        "others": "group groups list info provides whatprovides search check-update repolist"
        " history deplist module shell config-manager versionlock swap check updateinfo"
        " load-transaction repository-packages",
        "valued": "-c --config -d --debuglevel -e --errorlevel --rpmverbosity -R --randomwait"
        " --installroot --enablerepo --disablerepo -x --exclude --disableexcludes --releasever"
        " --setopt --color --disableplugin --enableplugin --downloaddir --repo --repoid",
        "assume_yes": "-y --assumeyes",
        "quiet": "-q --quiet",
        "caches": "/var/cache/yum /var/cache/dnf",
        "pin": "-",
    },
    "dnf": {
        "install": "install in localinstall groupinstall reinstall rei builddep",
        "update": "makecache mc",
        "upgrade": "upgrade update up upgrade-minimal update-minimal up-min distro-sync dsync"
        " distrosync downgrade dg system-upgrade",
        "remove": "remove erase rm autoremove",
        "clean": "clean",
        "others": "group groups grp list ls info provides whatprovides search se check-update"
        " check-upgrade repolist history deplist module shell config-manager copr swap alias mark"
        " repoquery repoinfo repository-packages updateinfo download check versionlock"
        " needs-restarting",
        "valued": "-c --config -d --debuglevel -e --errorlevel --rpmverbosity -R --randomwait"
        " --installroot --enablerepo --enable-repo --disablerepo --disable-repo -x --exclude"
        " --excludepkgs --disableexcludes --disableexcludepkgs --releasever --setopt --color"
        " --disableplugin --enableplugin --downloaddir --destdir --repo --repoid --repofrompath"
        " --advisory --advisories --comment --forcearch --use-host-config",
        "assume_yes": "-y --assumeyes",
        "quiet": "-q --quiet",
        "caches": "/var/cache/dnf /var/cache/yum /var/cache/libdnf5",
        "pin": "-",
    },
    "microdnf": {
        "install": "install reinstall",
        "update": "makecache",
        "upgrade": "update upgrade downgrade distro-sync",
        "remove": "remove",
        "clean": "clean",
        "others": "module repolist repoquery leaves download",
        "valued": "--enablerepo --disablerepo --installroot --releasever --setopt --config"
        " --arch --archlist --destdir --repo",
        "assume_yes": "-y --assumeyes",
        "quiet": "-q --quiet",
        "caches": "/var/cache/yum /var/cache/dnf",
        "pin": "-",
    },
    "zypper": {
        "install": "install in source-install si install-new-recommends inr",
        "update": "refresh ref",
        "upgrade": "update up dist-upgrade dup patch",
        "remove": "remove rm",
        "clean": "clean cc",
        "others": "verify ve addrepo ar removerepo rr renamerepo nr modifyrepo mr repos lr"
        " addservice as services ls search se info if list-updates lu list-patches lp packages pa"
        " patterns pt products pd what-provides wp addlock al removelock rl locks ll ps"
        " purge-kernels needs-rebooting download",
        "valued": "-c --config --userdata --reposd-dir --cache-dir --raw-cache-dir --solv-cache-dir"
        " --pkg-cache-dir -p --plus-repo --plus-content -R --root -r --repo --from -t --type"
        " --download --gpg-auto-import-keys-from --releasever --installroot",
        "assume_yes": "-n --non-interactive -y --no-confirm"
        " --non-interactive-include-reboot-patches",
        "quiet": "-q --quiet",
        "no_cache": "-x --no-cache",
        "caches": "/var/cache/zypp",
        "pin": "=",
    },
    "pacman": {
        "valued": "-b --dbpath -r --root --arch --cachedir --config --gpgdir --hookdir --logfile"
        " --ignore --ignoregroup --overwrite --assume-installed --color",
        "assume_yes": "--noconfirm",
        "quiet": "-q --quiet",
        "caches": "/var/cache/pacman/pkg /var/lib/pacman/sync",
        "pin": "=",
    },
    "rpm": {
        "valued": "--root --dbpath --prefix --relocate -E --eval -D --define --rcfile",
    },
}
