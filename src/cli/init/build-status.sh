#!/bin/sh
# Builds the page into public/. On the main branch it first does what its arguments name, as `pull` (bring back the evidence that
# the page has published) and `probe` (look whether the service answers); nothing is committed. On every other branch it
# checks that what was published is not rewritten in silence.
set -eu
MAIN=${MAIN:-main}
branch=${BRANCH:-${WORKERS_CI_BRANCH:-}}   # as Netlify or Cloudflare says it

# The program, in seconds; the sum is compared.
sh get-allclear.sh
export PATH="$PWD/.installed:$PATH"

if [ "$branch" = "$MAIN" ]; then
  # The first time there is no page yet, and nothing is pulled. The page is published all the same, as an incident should be,
  # whatever else fails. Where history is lost by that, an earlier version of the page has it still: name its address once, as
  # in `PULL_FROM=https://VERSION-status.YOURS.workers.dev/`.
  # What allclear.toml names as `${TOKEN}` is a secret variable of the build in the host's settings, and there by its name. Without
  # it no probe may be able to look, which stops nothing either.
  for step; do
    case $step in
      pull) allclear pull ${PULL_FROM:+"$PULL_FROM"} || echo "Nothing was pulled." >&2 ;;
      *) allclear "$step" || echo "No probe could look." >&2 ;;
    esac
  done
else
  git fetch -q --unshallow origin 2>/dev/null || true
  git fetch -q origin "$MAIN"
  # This fails on errors, on what was published and is rewritten in silence, on files and updates that readers would not
  # see (unused-file, future-update), and on the rules that `[check]` in allclear.toml calls errors. Nothing else stands in
  # the way of a post at night: not a missing translation, nor that something more goes wrong than it says.
  allclear check REQUEST_RULES --since "$(git merge-base HEAD FETCH_HEAD)"
fi

allclear build
# What disagrees is published all the same; a site with errors is not.
allclear check || test $? -eq 1

if [ "$branch" = "$MAIN" ]; then
  # Where a later page is live by now, as after an old build was started again, this one is not deployed.
  allclear publish --guard
fi
