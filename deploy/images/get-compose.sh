#!/usr/bin/env bash
# Prints the path of Docker Compose v2, for machines that have Go and no package of it. The first time it builds it, in minutes.
set -euo pipefail

version=v2.40.3
folder=${XDG_CACHE_HOME:-$HOME/.cache}/nomnom-tests/compose-$version
program=$folder/docker-compose
if [ ! -x "$program" ]; then
  command -v go >/dev/null || {
    printf 'get-compose.sh: there is no Docker Compose v2 and no Go to build it: install docker-compose-plugin\n' >&2
    exit 1
  }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  # `go install` refuses a module that excludes others; as a part of a module of our own it builds.
  go mod init compose
  go get "github.com/docker/compose/v2/cmd@$version"
  mkdir -p "$folder"
  go build -p 1 -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$version" \
    -o "$program.unfinished" github.com/docker/compose/v2/cmd
  mv "$program.unfinished" "$program"
fi >&2
printf '%s\n' "$program"
