#!/bin/sh
# Installs allclear where it is not there yet, and builds the page into public/.
set -eu
# Where allclear comes from: the address that you cloned it from.
ALLCLEAR=${ALLCLEAR:-https://git.example.com/allclear.git}
export PATH="$HOME/.cargo/bin:$PATH"
command -v cargo >/dev/null || curl -fsS https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain 1.95
command -v allclear >/dev/null || cargo install --locked --git "$ALLCLEAR"
allclear build
# What disagrees is published all the same; a site with errors is not.
allclear check --strict || test $? -eq 1
