#!/bin/sh
# Installs allclear: fetches the archive of this machine from a release, compares its SHA-256 sum with the list of the release, and
# puts the program into a folder. Where anything fails, nothing is left behind, and a program that was there before stays.
#
#   sh install.sh --from https://git.example.com/allclear/releases/download
#
# Needs a POSIX shell; curl; tar and gzip; and sha256sum, shasum or openssl. With ALLCLEAR_SHA256 wget will do instead of curl.

NAME=install.sh
# The version that is installed where none is asked for. A test holds it to Cargo.toml.
VERSION=0.1.0
# Where releases are: the folder with a folder `vVERSION` for each. `packaging/build` writes it here once Cargo.toml has a `repository`.
RELEASES=
# The folder for the program, by default ~/.local/bin, and the one in which archives are kept, by default none.
TO=
KEEP=

# From here on, get-allclear.sh of `allclear init` and install.sh of a release are the same script.
usage() {
  cat <<END
Installs allclear, whose program is one file.

Usage: $NAME [OPTIONS]

Options:
  --from URL         Where releases are [env: ALLCLEAR_RELEASES]
  --version VERSION  The release [default: $VERSION]
  --to DIR           The folder for the program [default: ${TO:-~/.local/bin}]
  --keep DIR         A folder for the archive, which is not fetched again if it is there [default: ${KEEP:-none}]
  --help             Print this

ALLCLEAR_SHA256 is the sum that the archive must have, whatever the release says of it.
END
}

fail() { echo "$NAME: $*" >&2; exit 1; }

# fetch URL FILE: whether a file came; why it did not is in $work/said.
fetch() {
  if command -v curl >/dev/null; then
    # Nothing but https, also where it is sent on; this machine itself is asked without a proxy.
    case $1 in
      http:*) set -- "$@" --noproxy '*' --proto '=http' ;;
      *) set -- "$@" --proto '=https' ;;
    esac
    url=$1 file=$2
    shift 2
    curl --fail --silent --show-error --location "$@" --proto-redir '=https' --connect-timeout 20 --max-time 300 --retry 3 \
      --output "$file" "$url" 2>"$work/said"
  else
    # Any certificate may do for it, and any address to which it is sent on: only what has the sum of ALLCLEAR_SHA256 is taken.
    # There is no limit of time, as `-T` ends BusyBox 1.35 of Debian by a fault.
    wget -q -O "$2" "$1" 2>"$work/said"
  fi
}

# is_sum WORD: whether it is a SHA-256 sum in small letters.
is_sum() {
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ ${#1} -eq 64 ]
}

# small WORD: the same in small letters.
small() { echo "$1" | tr ABCDEF abcdef; }

# sum FILE: its SHA-256 sum.
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
  return_key=$(printf '\r')
  while read -r digits file || [ -n "$digits" ]; do
    file=${file%"$return_key"}
    if [ "${file#\*}" = "$2" ]; then
      digits=$(small "$digits")
      if is_sum "$digits"; then echo "$digits"; fi
      return 0
    fi
  done <"$1"
}

# targets: the targets whose program runs here, the best first.
targets() {
  system=$(uname -s)
  machine=$(uname -m)
  # The shell of Windows may be for another processor than the machine.
  case $system in *-ARM64) machine=arm64 ;; esac
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

# refuse_address URL: fails unless it is an address with https://, or one of this machine.
refuse_address() {
  case $1 in
    '') fail "does not know where releases are: say so by --from URL or ALLCLEAR_RELEASES" ;;
    # By others, programs disagree about where the name of a host begins and ends.
    *[!0-9A-Za-z.:/_~%+-]*) fail "takes an address of releases without a user, a password or a query, such as https://git.example.com/allclear/releases/download" ;;
    https://[0-9A-Za-z]*) return ;;
    http://*)
      host=${1#http://}
      case ${host%%/*} in
        127.0.0.1:*[!0-9]* | localhost:*[!0-9]*) ;;
        127.0.0.1 | 127.0.0.1:* | localhost | localhost:*) return ;;
      esac ;;
  esac
  fail "takes releases from an address with https:// only, not from '$1'"
}

# is_expected: whether $work/archive.tgz has the expected sum.
is_expected() {
  actual=$(sum "$work/archive.tgz") || exit 1
  [ "$actual" = "$expected" ]
}

# kept FILE: whether $work/archive.tgz is that file of the release, from the folder of those that are kept.
kept() {
  [ -n "$keep" ] && [ -f "$keep/$1" ] && cp "$keep/$1" "$work/archive.tgz" && is_expected
}

# fetched FILE: the same, from the release; why it is not is in $why.
fetched() {
  if ! fetch "$release/$1" "$work/archive.tgz"; then
    why=${why:-"$release/$1 could not be fetched: look at the version, and at ALLCLEAR_RELEASES or --from"}
    return 1
  fi
  is_expected || {
    why="$release/$1 is not what $whose says, and nothing was installed
  expected SHA-256 $expected
  fetched          $actual"
    return 1
  }
}

# leave: removes what is not finished.
leave() {
  [ -z "$work" ] || rm -rf "$work"
  [ -z "$made" ] || rmdir "$made" 2>/dev/null || true
}

main() {
  set -eu
  export LC_ALL=C
  from=${ALLCLEAR_RELEASES:-${RELEASES:-}}
  version=$VERSION
  to=$TO
  keep=$KEEP
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --from | --version | --to | --keep) [ -n "${2:-}" ] || { echo "$NAME: $1 needs a value" >&2; exit 2; } ;;
      *) echo "$NAME: does not know '$1'; --help lists the options" >&2; exit 2 ;;
    esac
    case $1 in
      --from) from=$2 ;;
      --version) version=${2#v} ;;
      --to) to=$2 ;;
      --keep) keep=$2 ;;
    esac
    shift 2
  done
  case $version in
    *[!0-9A-Za-z.+-]* | *..* | *[.+-]) fail "'$version' is no version; one looks like $VERSION" ;;
    [0-9]*.[0-9]*.[0-9]*) ;;
    *) fail "'$version' is no version; one looks like $VERSION" ;;
  esac
  refuse_address "$from"
  pinned=$(small "${ALLCLEAR_SHA256:-}")
  [ -z "$pinned" ] || is_sum "$pinned" || fail "ALLCLEAR_SHA256 is no SHA-256 sum: 64 digits, as SHA256SUMS of the release has them"
  if ! command -v curl >/dev/null; then
    command -v wget >/dev/null || fail "needs curl: install it and run this again"
    [ -n "$pinned" ] || fail "needs curl, for wget may believe any server: install curl, or set ALLCLEAR_SHA256 to the sum of the archive, from a place that you trust"
  fi
  if [ -z "$to" ]; then
    [ -n "${HOME:-}" ] || fail "does not know your home folder: say by --to DIR where the program goes"
    to=$HOME/.local/bin
  fi
  candidates=$(targets)
  [ -n "$candidates" ] || fail "there is no program for $(uname -s) on $(uname -m) in a release: it has to be built from its source there"

  release=${from%/}/v$version
  work='' made='' why=''
  trap leave EXIT
  trap 'exit 1' HUP INT TERM
  # All of it beside the program's place, where programs can run, and so that a rename puts it there whole or not at all.
  case $to in -*) to=./$to ;; esac
  [ -d "$to" ] || made=$to
  mkdir -p "$to" || fail "$to could not be made: choose another folder by --to DIR"
  to=$(CDPATH='' cd "$to" && pwd) || fail "$to cannot be entered: choose another folder by --to DIR"
  work=$(mktemp -d "$to/.allclear.XXXXXXXX") || fail "nothing can be written into $to: choose another folder by --to DIR"

  expected=$pinned
  whose=ALLCLEAR_SHA256
  if [ -z "$expected" ]; then
    whose="the release"
    fetch "$release/SHA256SUMS" "$work/SHA256SUMS" || {
      cat "$work/said" >&2
      fail "$release/SHA256SUMS could not be fetched: look at the version, and at ALLCLEAR_RELEASES or --from"
    }
    for target in $candidates; do
      expected=$(listed "$work/SHA256SUMS" "allclear-$target-v$version.tgz")
      [ -z "$expected" ] || break
    done
    [ -n "$expected" ] || fail "$release/SHA256SUMS lists no archive for this machine ($candidates)"
    candidates=$target
  fi
  found=
  for way in kept fetched; do
    for target in $candidates; do
      name=allclear-$target-v$version
      if "$way" "$name.tgz"; then
        found=$name
        break 2
      fi
    done
  done
  [ -n "$found" ] || {
    cat "$work/said" >&2
    fail "$why"
  }

  program=allclear
  case $target in *-windows-*) program=allclear.exe ;; esac
  [ ! -d "$to/$program" ] || fail "$to/$program is a folder: choose another folder by --to DIR"
  tar -xzf "$work/archive.tgz" -C "$work" "$name/$program" || fail "$name.tgz could not be unpacked"
  new=$work/$name/$program
  chmod 755 "$new"
  said=$("$new" --version) || fail "the program of $name.tgz does not run on this machine"
  [ "$said" = "allclear $version" ] || fail "the program of $name.tgz says that it is '$said', not 'allclear $version'"
  mv -f "$new" "$to/$program" || fail "$to/$program could not be written"
  if [ -n "$keep" ]; then
    { mkdir -p "$keep" && mv -f "$work/archive.tgz" "$keep/$name.tgz"; } || fail "$keep could not be written: choose another folder by --keep DIR"
  fi
  echo "allclear $version is $to/$program"
  echo "The SHA-256 sum of its archive is $expected"
  case :${PATH:-}: in
    *:"$to":*) ;;
    *) echo "To find it by its name: export PATH=\"$to:\$PATH\"" ;;
  esac
}

# The last line, so that a part of this script does nothing.
main "$@"
