#!/bin/sh
# run.sh EMIT FOLDER: builds main.go from Debian's packages alone (no network), then lets it judge what EMIT writes.
set -eu
emit=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
packaged=/usr/share/gocode/src
command -v go >/dev/null || { echo "go is missing: apt-get install golang-go golang-golang-x-mod-dev"; exit 1; }
[ -d "$packaged/golang.org/x/mod/sumdb/tlog" ] || { echo "x/mod is missing: apt-get install golang-golang-x-mod-dev"; exit 1; }
mkdir -p "$folder/go" && ln -sfn "$packaged" "$folder/go/src"
GOPATH="$folder/go" GO111MODULE=off GOFLAGS= GOCACHE="$folder/cache" go build -o "$folder/judge" "$here/main.go"
"$emit" >"$folder/log.jsonl"
/usr/bin/python3 "$here/v6_lines.py" >>"$folder/log.jsonl"
"$folder/judge" <"$folder/log.jsonl"
