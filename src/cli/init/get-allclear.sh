#!/bin/sh
# Puts allclear into .installed/, as it was released for this kind of machine: nothing is compiled. Its SHA-256 sum is compared
# each time, with the list that the release has now or with the one below, also of what a cache brought back to
# .installed/fetched/. For a newer version write its number and its sum here: docs/how-to/update.md of allclear says how.

NAME=get-allclear.sh
VERSION=PROGRAM_VERSION
# Where the releases of allclear are: the address of its repository, and `/releases/download` behind it. A copy of your own will
# do, which has the files of a release in the folder vPROGRAM_VERSION, and then nobody else's server is needed to post an incident.
ALLCLEAR_RELEASES=${ALLCLEAR_RELEASES:-RELEASES_ADDRESS}
# The sum comes with the release. Write it behind `:-` here, as this script prints it: no other program will ever do, and what is in
# a cache is taken without asking anybody.
ALLCLEAR_SHA256=${ALLCLEAR_SHA256:-}
TO=.installed
KEEP=.installed/fetched
