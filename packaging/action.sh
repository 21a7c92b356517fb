#!/usr/bin/env bash
# What action.yml does, in three steps of a job of GitHub Actions: `action.sh place`, `action.sh install` and `action.sh run`.
#
# Between the first two the folder for the archive is restored from a cache. The program is unpacked in each job anew, by install.sh
# beside this file, which compares the archive's sum with the list of the release, or with the one that the workflow gives. Programs
# are for Linux, macOS and Windows, each x86_64 and aarch64; on Windows the bash is that of Git. Inputs are variables named INPUT_,
# and never a part of this text.
#
# Runs in the bash of macOS, 3.2, to which an array without elements is unknown: "${words[@]+"${words[@]}"}".
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# fail MESSAGE: ends the step; the message stands on the page of the run, too.
fail() {
  local text="$*"
  text=${text//'%'/%25} text=${text//$'\r'/%0D} text=${text//$'\n'/%0A}
  echo "::error title=allclear::$text"
  exit 1
}

# output NAME VALUE
output() { echo "$1=$2" >>"$GITHUB_OUTPUT"; }

# unix PATH, native PATH: a path as this shell has it, and as the other programs of the machine do.
unix() { if command -v cygpath >/dev/null; then cygpath -u "$1"; else echo "$1"; fi; }
native() { if command -v cygpath >/dev/null; then cygpath -w "$1"; else echo "$1"; fi; }

# The version: by default the one that this script came with, which install.sh names.
version=${INPUT_VERSION:-$(sed -n 's/^VERSION=//p' "$here/install.sh")}
version=${version#v}
sha256=$(echo "${INPUT_SHA256:-${ALLCLEAR_SHA256:-}}" | tr ABCDEF abcdef)
case $version in '' | *[!0-9A-Za-z.+-]* | *..*) fail "the input version is \"$version\"; write one like 0.1.0" ;; esac
case $sha256 in
  *[!0-9a-f]*) sha256=wrong ;;
esac
case ${#sha256} in 0 | 64) ;; *) fail "the input sha256, or ALLCLEAR_SHA256, is no SHA-256 sum: 64 digits, as SHA256SUMS of the release has them" ;; esac

# Archives of one name, and with what was told to be another one, do not take each other's place.
name=$version-$RUNNER_OS-$RUNNER_ARCH${sha256:+-$sha256}
folder=$(unix "$RUNNER_TEMP")/allclear/$name
program=$folder/bin/allclear
[ "$RUNNER_OS" != Windows ] || program=$program.exe

# releases: where releases are. The folder of an action names its repository: …/_actions/OWNER/NAME/REF.
releases() {
  local address=${INPUT_FROM:-${ALLCLEAR_RELEASES:-}} path
  if [ -z "$address" ]; then
    path=${here//\\//}
    case $path in
      */_actions/*/*/*)
        path=${path##*/_actions/}
        address=${GITHUB_SERVER_URL:-https://github.com}/$(echo "$path" | cut -d / -f 1,2)/releases/download ;;
      *) fail "nothing says where the releases of allclear are: write the address into the input from" ;;
    esac
  fi
  echo "$address"
}

place() {
  output version "$version"
  output key "allclear-$name"
  output folder "$(native "$folder/archive")"
}

install() {
  local from said
  from=$(releases) || { echo "$from"; exit 1; }
  said=$(ALLCLEAR_SHA256=$sha256 sh "$here/install.sh" --from "$from" --version "$version" --to "$folder/bin" --keep "$folder/archive" 2>&1) ||
    { echo "$said"; fail "allclear $version is not installed: $(echo "$said" | grep -m 1 '^install.sh: ' || echo "$said" | head -n 1)"; }
  echo "$said" | head -n 2
  native "$folder/bin" >>"$GITHUB_PATH"
  output path "$(native "$program")"
}

# has OPTION: whether it is among the arguments.
has() {
  local word
  for word in "${words[@]+"${words[@]}"}"; do
    case $word in "$1" | "$1="*) return 0 ;; esac
  done
  return 1
}

# history: has `check` compare a pull request with the branch that it is for.
history() {
  local base=origin/$GITHUB_BASE_REF
  git -C "$INPUT_SITE" rev-parse --git-dir >/dev/null ||
    fail "the folder \"$INPUT_SITE\" is in no repository: run actions/checkout before, and where that has a path, begin the input site with it"
  git -C "$INPUT_SITE" rev-parse --quiet --verify "$base^{commit}" >/dev/null ||
    fail "$base is not here, so that nobody can see whether history is rewritten: give actions/checkout fetch-depth: 0"
  words+=(--since "$base")
}

# pages: the folder into which `build` writes.
pages() {
  local word before='' folder=$INPUT_SITE/public
  for word in "${words[@]+"${words[@]}"}"; do
    case $before in -o | -qo | --output) folder=$word ;; esac
    case $word in
      --output=* | -o=* | -qo=*) folder=${word#*=} ;;
      -o?* | -qo?*) folder=${word#*o} ;;
    esac
    before=$word
  done
  echo "${folder#./}"
}

run() {
  INPUT_SITE=${INPUT_SITE:-.}
  case $INPUT_SITE in *[$'\r\n']*) fail "the input site has more than one line: \"$INPUT_SITE\"" ;; esac
  export ALLCLEAR_SITE=$INPUT_SITE
  case $INPUT_COMMAND in
    none) return ;;
    '' | *[!a-z-]*) fail "the input command is \"$INPUT_COMMAND\"; write a command of allclear, such as check or build, or none" ;;
  esac
  words=()
  read -r -d '' -a words <<<"${INPUT_ARGS:-}" || true # until its end
  if [ "$INPUT_COMMAND" = check ]; then
    has --format || words+=(--format github)
    if [ -n "${GITHUB_BASE_REF:-}" ]; then
      # As in the pipeline of `allclear init --ci github`: nothing stands in the way of a post at night, but what nobody would see.
      local rules
      read -r -a rules <<<'--deny unused-file,future-update --warn contradiction,unannounced-outage'
      words+=("${rules[@]}")
      has --since || history
    fi
  fi
  "$program" "$INPUT_COMMAND" "${words[@]+"${words[@]}"}"
  [ "$INPUT_COMMAND" != build ] || output pages "$(pages)"
}

case ${1:-} in
  place | install | run) "$1" ;;
  *) echo "action.sh is run by action.yml: action.sh place, action.sh install, action.sh run" >&2; exit 2 ;;
esac
