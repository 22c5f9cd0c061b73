#!/bin/sh
# Two FHIR validators that are not ours judge the documents that we write. HANDOFF_VALIDATORS names their folder (fhir/validate-fhir.mjs,
# fhir/second-opinion.cjs, npm/package.json); it is copied, never written to. Unset: skipped, fhir_test checks the structure anyway.
# usage: fhir_validators.sh FHIR_RENDER WORK_FOLDER
set -eu
if [ -z "${HANDOFF_VALIDATORS:-}" ]; then
  echo "skipped: HANDOFF_VALIDATORS is not set"
  exit 77
fi
render=$1
work=$2
mkdir -p "$work/validators" "$work/cases"
cp -R "$HANDOFF_VALIDATORS/fhir" "$HANDOFF_VALIDATORS/npm" "$work/validators/"
rm -f "$work"/cases/*.json
[ -d "$work/validators/npm/node_modules" ] || (cd "$work/validators/npm" && npm i --ignore-scripts --no-audit --no-fund)
"$render" "$work/cases" ${HANDOFF_CORPUS:+"$HANDOFF_CORPUS"}
node "$work/validators/fhir/validate-fhir.mjs" "$work"/cases/*.json
node "$work/validators/fhir/second-opinion.cjs" "$work"/cases/*.json
