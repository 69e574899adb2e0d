#!/usr/bin/env bash
# The servers under many peers for as long as is wanted: they associate, store, query, retrieve, abort and vanish; DCMTK's tools too where they are installed.
#     bench/soak.sh DURATION [PROGRAM]            DURATION: seconds, or 90s, 30m, 12h; PROGRAM: a published netdicom (default: the one that is built here)
# A line every 10 s; at the end slopes of memory, handles and threads, every acknowledged object compared, a verdict, and exit code 0 or 1 (docs/reliability.md).
set -euo pipefail
case ${1:-} in
    *[0-9]h) seconds=$((${1%h} * 3600)) ;;
    *[0-9]m) seconds=$((${1%m} * 60)) ;;
    *[0-9]s) seconds=${1%s} ;;
    *[0-9]) seconds=$1 ;;
    *) echo "usage: bench/soak.sh DURATION [PROGRAM]" >&2; exit 2 ;;
esac
program=${2:+$(realpath "$2")}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet build bench/Soak -c Release -v quiet --nologo
if [[ -z $program ]]; then
    dotnet build src/NetDicom.Cli -c Release -v quiet --nologo
    program=$PWD/src/NetDicom.Cli/bin/Release/net10.0/netdicom
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/netdicom-soak.XXXXXX")
trap 'rm -rf "$folder"' EXIT
bench/Soak/bin/Release/net10.0/NetDicom.Bench.Soak "$program" "$seconds" "$folder"
