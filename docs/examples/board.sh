#!/bin/sh
# A plugin in plain shell (docs/guide/plugins.md): what is delivered is appended to deliveries.jsonl, and a file `beds` ("CSU_BED has 3")
# becomes a capacity update to everybody. Start it in a folder of its own:
#   [[adapter]]
#   type = "plugin"
#   command = ["sh", "/etc/handoff/board.sh"]
#   folder = "/srv/board"
# The agent writes keys in alphabetical order, so the last "id" of a line is the request's.
umask 077
say() { printf '%s\n' "$1"; }  # one short line at once: the two halves below never mix theirs
stamp() { cksum beds | cut -d' ' -f1; }

submit_beds() {
  [ -f beds ] && read -r service state count rest <beds || return 0
  case "$service$state$count" in '' | *[!A-Za-z0-9_]*) mv beds beds.bad && return ;; esac
  key=$(stamp)-$(date -u -r beds +%s) at=$(date -u -r beds +%Y-%m-%dT%H:%M:%SZ)
  say '{"op":"submit","id":"'"$key"'","to":"*","purpose":"CAPACITY","dedupe_key":"beds-'"$key"'","body":{"kind":"CapacityUpdate","capacity":{"service":"'"$service"'","state":"'"$state"'","count":'"${count:--1}"',"as_of":"'"$at"'"}}}'
}

beds_done() {  # ID: only if the file is still the one that was sent
  [ -f beds ] && [ "$1" = "$(stamp)-$(date -u -r beds +%s)" ] && mv beds "$2"
}

watch() { while sleep 1; do submit_beds; done; }

watcher=
while IFS= read -r line; do
  id=${line##*\"id\":} id=${id%%[,\}]*}
  case $line in
  *'"op":"hello"'*) say '{"op":"hello","v":1,"name":"board.sh"}' && { watch & watcher=$!; } ;;
  *'","kind":"Referral","loop":'*'"op":"deliver"'* | *'","kind":"StatusUpdate","loop":'*'"op":"deliver"'* | *'","kind":"SecureMessage","loop":'*'"op":"deliver"'*)
    printf '%s\n' "$line" >>deliveries.jsonl && say '{"op":"result","id":'"$id"',"verdict":"ok"}' ;;
  *'"op":"deliver"'*) say '{"op":"result","id":'"$id"',"verdict":"unsupported"}' ;;
  *'"op":"health"'*) say '{"op":"health","id":'"$id"',"ok":true,"words":"board"}' ;;
  *'"op":"submitted"'*) beds_done "$(echo "$id" | tr -d '"')" beds.sent ;;
  *'"op":"refused"'*)
    case $line in *'"kind":"busy"'*) ;; *) beds_done "$(echo "$id" | tr -d '"')" beds.refused ;; esac ;;
  *'"op":"stop"'*) break ;;
  esac
done
[ -n "$watcher" ] && kill "$watcher"
exit 0
