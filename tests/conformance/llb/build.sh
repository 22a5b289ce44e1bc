#!/bin/sh
# Builds BuildKit's planner from Debian's packages of Go and of Docker's source.
#
#     build.sh PROGRAM [SUITE]
#
# Needs root, debootstrap and two gigabytes; leaves nothing but the program.
set -eu
program=$(realpath -m "$1")
suite=${2:-forky}
here=$(dirname "$(realpath "$0")")
mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
scripts=/usr/share/debootstrap/scripts
[ -e "$scripts/$suite" ] && script="$scripts/$suite" || script="$scripts/sid"
debootstrap --variant=minbase --include=ca-certificates "$suite" "$root/system" "$mirror" "$script"
chroot "$root/system" apt-get install -y -qq --no-install-recommends \
    golang-go golang-github-docker-docker-dev golang-github-docker-buildx-dev
mkdir -p "$root/system/root/go/src/plan"
cp "$here/main.go" "$root/system/root/go/src/plan/"
chroot "$root/system" sh -c '
    GOROOT=$(ls -d /usr/lib/go-1.* | tail -n 1) && export GOROOT
    export CGO_ENABLED=0 GO111MODULE=off GOTELEMETRY=off HOME=/root
    export GOPATH=/root/go:/usr/share/gocode
    cd /root/go/src/plan && go build -o /root/program .'
cp "$root/system/root/program" "$program"
