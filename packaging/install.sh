#!/bin/sh
# Installs allclear: fetches the archive of this machine from a release, compares its SHA-256 with the list of the release, and
# puts the program into a folder. Where anything fails, nothing is left behind, and a program that was there before stays.
#
#   sh install.sh --from https://git.example.com/allclear/releases/download
#
# Needs a POSIX shell; curl or wget; tar and gzip; and sha256sum, shasum or openssl.

# The version that is installed where none is asked for. A test holds it to Cargo.toml.
VERSION=0.1.0
# Where releases are: the folder with a folder `vVERSION` for each. `packaging/build` writes it here once Cargo.toml has a `repository`.
RELEASES=

usage() {
  cat <<'END'
Installs allclear, whose program is one file.

Usage: install.sh [OPTIONS]

Options:
  --from URL         Where releases are [env: ALLCLEAR_RELEASES]
  --version VERSION  The release [default: the one that this script came with]
  --to DIR           The folder for the program [default: ~/.local/bin]
  --help             Print this

ALLCLEAR_SHA256 is the sum that the archive must have, whatever the release says of it.
END
}

fail() { echo "install.sh: $*" >&2; exit 1; }

# fetch URL FILE
fetch() {
  secure=https
  case $1 in http://*) secure=http,https ;; esac
  if command -v curl >/dev/null; then
    curl --fail --silent --show-error --location --proto "=$secure" --proto-redir "=$secure" --retry 2 --connect-timeout 20 --output "$2" "$1" ||
      fail "$1 could not be fetched: look at the address and the version"
  elif command -v wget >/dev/null; then
    wget -q -O "$2" "$1" || fail "$1 could not be fetched: look at the address and the version"
  else
    fail "needs curl or wget: install one of them and run this again"
  fi
}

# sum FILE: its SHA-256 in hexadecimal digits.
sum() {
  if command -v sha256sum >/dev/null; then
    sha256sum <"$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null; then
    shasum -a 256 <"$1" | cut -d ' ' -f 1
  elif command -v openssl >/dev/null; then
    openssl dgst -sha256 -r <"$1" | cut -d ' ' -f 1
  else
    fail "needs sha256sum, shasum or openssl to verify what it fetches: install one of them and run this again"
  fi
}

# listed FILE NAME: the sum of a file in a list as `sha256sum` prints it, or nothing.
listed() {
  while read -r digits file; do
    if [ "${file#\*}" = "$2" ]; then
      echo "$digits"
      return
    fi
  done <"$1"
}

# targets: the targets whose program runs here, the best first.
targets() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) cpu=x86_64 ;;
    aarch64 | arm64) cpu=aarch64 ;;
    *) cpu= ;;
  esac
  case $cpu:$system in
    :*) ;;
    *:Linux) echo "$cpu-unknown-linux-musl $cpu-unknown-linux-gnu" ;;
    *:Darwin) echo "$cpu-apple-darwin" ;;
    *:MINGW* | *:MSYS* | *:CYGWIN*) echo "$cpu-pc-windows-msvc" ;;
  esac
}

# leave: removes what is not finished.
leave() {
  [ -z "$work" ] || rm -rf "$work"
  [ -z "$new" ] || rm -f "$new"
}

main() {
  set -eu
  from=${ALLCLEAR_RELEASES:-$RELEASES}
  version=$VERSION
  to=
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --from | --version | --to) [ -n "${2:-}" ] || { echo "install.sh: $1 needs a value" >&2; exit 2; } ;;
      *) echo "install.sh: does not know '$1'; --help lists the options" >&2; exit 2 ;;
    esac
    case $1 in
      --from) from=$2 ;;
      --version) version=${2#v} ;;
      --to) to=$2 ;;
    esac
    shift 2
  done
  case $version in *[!0-9A-Za-z.+-]*) fail "'$version' is no version; one looks like $VERSION" ;; esac
  case $from in
    https://* | http://127.0.0.1[:/]* | http://localhost[:/]*) ;;
    '') fail "does not know where releases are: say so by --from URL or ALLCLEAR_RELEASES" ;;
    *) fail "takes releases from an address with https:// only, not from '$from'" ;;
  esac
  if [ -z "$to" ]; then
    [ -n "${HOME:-}" ] || fail "does not know your home folder: say by --to DIR where the program goes"
    to=$HOME/.local/bin
  fi
  candidates=$(targets)
  [ -n "$candidates" ] || fail "there is no program for $(uname -s) on $(uname -m): build it with 'cargo install --locked'"

  release=${from%/}/v$version
  work='' new=''
  trap leave EXIT
  trap 'exit 1' HUP INT TERM
  work=$(mktemp -d "${TMPDIR:-/tmp}/allclear.XXXXXXXX") || fail "could not make a temporary folder"
  fetch "$release/SHA256SUMS" "$work/SHA256SUMS"
  expected=
  for target in $candidates; do
    name=allclear-$target-v$version
    expected=$(listed "$work/SHA256SUMS" "$name.tgz")
    [ -z "$expected" ] || break
  done
  [ -n "$expected" ] || fail "$release/SHA256SUMS lists no archive for this machine ($candidates)"
  expected=${ALLCLEAR_SHA256:-$expected}
  fetch "$release/$name.tgz" "$work/archive.tgz"
  actual=$(sum "$work/archive.tgz")
  [ "$actual" = "$expected" ] || fail "$release/$name.tgz is not what the release says, and nothing was installed
  expected SHA-256 $expected
  fetched          $actual"

  program=allclear
  case $target in *-windows-*) program=allclear.exe ;; esac
  tar -xzf "$work/archive.tgz" -C "$work" "$name/$program" || fail "$name.tgz could not be unpacked"
  said=$("$work/$name/$program" --version) || fail "the program of $name.tgz does not run on this machine"
  [ "$said" = "allclear $version" ] || fail "the program of $name.tgz says that it is '$said', not 'allclear $version'"
  mkdir -p "$to" || fail "$to could not be made: choose another folder by --to DIR"
  # Beside its place, so that a rename puts it there whole or not at all.
  new=$(mktemp "$to/.allclear.XXXXXXXX") || fail "nothing can be written into $to: choose another folder by --to DIR"
  { cp "$work/$name/$program" "$new" && chmod 755 "$new" && mv -f "$new" "$to/$program"; } || fail "$to/$program could not be written"
  new=
  echo "allclear $version is $to/$program"
  case :${PATH:-}: in
    *:"$to":*) ;;
    *) echo "To find it by its name: export PATH=\"$to:\$PATH\"" ;;
  esac
}

# The last line, so that a part of this script does nothing.
main "$@"
