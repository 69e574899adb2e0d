#!/usr/bin/env bash
# Writes the manual pages, netdicom.1 and one for each tool: eng/man.sh PROGRAM [FOLDER]. The folder is artifacts/man by default.
set -euo pipefail
program=${1:?usage: eng/man.sh PROGRAM [FOLDER], where PROGRAM is a built netdicom}
folder=${2:-artifacts/man}
mkdir -p "$folder"
"$program" help --man >"$folder/netdicom.1"
tools=$("$program" --help | sed -n '/^Tools:/,/^$/s/^  \([a-z]*\) .*/\1/p')
for tool in $tools; do "$program" help --man "$tool" >"$folder/netdicom-$tool.1"; done
echo "$folder"
