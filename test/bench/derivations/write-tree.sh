#!/bin/sh
# write-tree.sh DIRECTORY WORD: a hundred directories of a thousand files, each with one line of which WORD is a part.
# Only what a shell has built in, busybox's included, so that every contender writes at the same speed.
set -eu
directory=0
mkdir -p "$1"
while [ "$directory" -lt 100 ]; do
    mkdir -p "$1/d$directory"
    file=0
    while [ "$file" -lt 1000 ]; do
        echo "$2 $directory $file" >"$1/d$directory/file$file"
        file=$((file + 1))
    done
    directory=$((directory + 1))
done
