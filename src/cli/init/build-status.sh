#!/bin/sh
# Builds the page into public/. On the main branch it first looks whether the service answers, and commits what it saw
# to evidence/; on every other branch it checks that what was published is not rewritten in silence.
set -eu
# Where allclear comes from: the address that you cloned it from.
ALLCLEAR=${ALLCLEAR:-https://git.example.com/allclear.git}
MAIN=${MAIN:-main}
branch=${BRANCH:-${WORKERS_CI_BRANCH:-}}   # as Netlify or Cloudflare says it

export PATH="$HOME/.cargo/bin:$PATH"
command -v cargo >/dev/null || curl -fsS https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain 1.95
command -v allclear >/dev/null || cargo install --locked --git "$ALLCLEAR"

if [ "$branch" = "$MAIN" ]; then
  # The two lines once more for each component.
  curl -fsS -m 10 -o /dev/null https://example.com/health && s=operational || s=major_outage
  allclear record web $s --source build
  # PUSH_URL is the repository's address with a token that may push, as https://bot:TOKEN@git.example.com/status.git.
  # Where the push starts a build of its own, that one commits nothing: there would be no end of builds.
  message="Record states [skip ci]"
  age=$(($(date +%s) - $(git log -1 --format=%ct)))
  if [ -n "${PUSH_URL:-}" ] && ! { [ "$(git log -1 --format=%s)" = "$message" ] && [ $age -lt 300 ]; }; then
    git config user.name monitor
    git config user.email monitor@example.com
    git add evidence
    git diff --cached --quiet || git commit -qm "$message"
    # Somebody may push in between. Where both sides have added lines, all of them are kept.
    echo "evidence/** merge=union" >> "$(git rev-parse --git-path info/attributes)"
    push() { git fetch -q "$PUSH_URL" "$MAIN" && git rebase -q FETCH_HEAD && git push -q "$PUSH_URL" "HEAD:$MAIN"; }
    pushed=
    for wait in 5 10 0; do
      push && pushed=yes && break
      git rebase --abort 2>/dev/null || true
      sleep $wait
    done
    # The page is published all the same: with what was seen, if not with a record of it.
    test "$pushed" || echo "what was seen could not be pushed" >&2
  fi
else
  git fetch -q --unshallow origin 2>/dev/null || true
  git fetch -q origin "$MAIN"
  # This fails on errors, on what was published and is rewritten in silence, on files and updates that readers would not
  # see (unused-file, future-update), and on the rules that `[check]` in allclear.toml calls errors. Nothing else stands in
  # the way of a post at night: not a missing translation, nor that something more goes wrong than it says.
  allclear check --deny unused-file,future-update --warn contradiction,unannounced-outage --since "$(git merge-base HEAD FETCH_HEAD)"
fi

allclear build
# What disagrees is published all the same; a site with errors is not.
allclear check || test $? -eq 1
