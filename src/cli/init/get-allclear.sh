#!/bin/sh
# Puts allclear into .installed/, as it was released for Linux on this kind of machine: nothing is compiled. Its SHA-256 sum is
# compared each time, and what is in .installed/fetched/ already is not fetched again, so that a host which keeps that folder asks
# nobody.
set -eu

VERSION=PROGRAM_VERSION
# Where the releases of allclear are: the address of its repository, and `/releases/download` behind it. A copy of your own will
# do, which has the files of a release in the folder vPROGRAM_VERSION, and then nobody else's server is needed to post an incident.
ALLCLEAR_RELEASES=${ALLCLEAR_RELEASES:-RELEASES_ADDRESS}
# The sum comes with the release. Write it behind `:-` here, as this script prints it, and no other program will ever do.
ALLCLEAR_SHA256=${ALLCLEAR_SHA256:-}

fail() { echo "get-allclear.sh: $*" >&2; exit 1; }

# fetch FILE: brings a file of the release, whole or not at all.
fetch() {
  [ ! -s "$1" ] || return 0
  curl -fsSL --retry 3 --proto-redir =https -o "$1.part" "$ALLCLEAR_RELEASES/v$VERSION/$1" ||
    fail "cannot fetch $ALLCLEAR_RELEASES/v$VERSION/$1; ALLCLEAR_RELEASES says where the releases of allclear are"
  mv "$1.part" "$1"
}

case $ALLCLEAR_RELEASES in
  https://* | file://* | http://127.0.0.1:*) ;;
  *) fail "ALLCLEAR_RELEASES is $ALLCLEAR_RELEASES, and has to begin with https://" ;;
esac

mkdir -p ".installed/fetched/v$VERSION"
cd ".installed/fetched/v$VERSION"
fetch SHA256SUMS
# Where there are two for this machine, the one that needs no library of the system (musl).
file=$(grep -oE "allclear-$(uname -m)-unknown-linux-(musl|gnu)-v$VERSION\.tgz\$" SHA256SUMS | sort -r | head -n 1)
[ -n "$file" ] || fail "allclear $VERSION was not released for Linux on $(uname -m)"
expected=${ALLCLEAR_SHA256:-$(grep "[ *]$file\$" SHA256SUMS | head -n 1)}
expected=${expected%% *}
fetch "$file"
sum=$(sha256sum "$file")
sum=${sum%% *}
if [ "$sum" != "$expected" ]; then
  rm -f "$file" SHA256SUMS
  fail "$file is not what was released, and nothing is installed: its SHA-256 sum is $sum, and $expected is expected"
fi
tar -xzf "$file" -C ../.. --strip-components=1 "${file%.tgz}/allclear"
echo "allclear $VERSION is in .installed/, with the SHA-256 sum $sum"
