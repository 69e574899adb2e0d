#!/usr/bin/env bash
# C-FIND on an index of 10,000, 100,000 and 1,000,000 instances, through an association with the program: median and 99th percentile of each query, and how
# they grow: docs/performance.md. An index that is there already is used again.
#     bench/archive-scale.sh [FOLDER] [ROUNDS] [SIZES...]
# FOLDER takes the indexes (default /tmp/netdicom-scale; a million instances are about 0.5 GB), ROUNDS is how often each query is asked (default 300).
# NETDICOM is the program (default: published into artifacts/publish).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(realpath -m "${1:-/tmp/netdicom-scale}") rounds=${2:-300}
sizes=("${@:3}")
[ ${#sizes[@]} -gt 0 ] || sizes=(10000 100000 1000000)
netdicom=${NETDICOM:-}
if [ -z "$netdicom" ]; then
    eng/publish.sh artifacts/publish --native >/dev/null
    netdicom=$PWD/artifacts/publish/netdicom
fi
dotnet build bench/ArchiveScale -c Release -v quiet --nologo >&2
scale="dotnet bench/ArchiveScale/bin/Release/net10.0/ArchiveScale.dll"
server=
stop() { if [ -n "$server" ]; then kill -TERM "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=; fi; }
trap stop EXIT
mkdir -p "$folder"
: >"$folder/results"
for size in "${sizes[@]}"; do
    database=$folder/$size/index.sqlite
    [ -f "$folder/$size/filled" ] || { $scale fill "$database" "$size" && touch "$folder/$size/filled"; }
    mkdir -p "$folder/$size/instances"
    : >"$folder/$size/log"
    "$netdicom" qrscp --open --port 0 --database-location "$database" --instance-location "$folder/$size/instances" >"$folder/$size/log" 2>&1 &
    server=$!
    until grep -q "Listening on port" "$folder/$size/log"; do kill -0 "$server"; sleep 0.1; done
    port=$(sed -n 's/.*Listening on port \([0-9]*\).*/\1/p' "$folder/$size/log")
    $scale query "$port" "$size" "$rounds" >>"$folder/results"
    stop
done
echo "$rounds of each query; $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg) at the end"
awk -F';' -v first="${sizes[0]}" '
    BEGIN { print "| C-FIND at STUDY level by | instances | matches | median, ms | 99 %, ms | median to that of " first " |"; print "|---|---|---|---|---|---|" }
    { if ($1 == first) base[$2] = $4; key[$2] = key[$2] sprintf("| %s | %s | %s | %s | %s | %.2f |\n", $2, $1, $3, $4, $5, base[$2] > 0 ? $4 / base[$2] : 0); if (!($2 in seen)) { seen[$2] = 1; order[++n] = $2 } }
    END { for (i = 1; i <= n; i++) printf "%s", key[order[i]] }' "$folder/results"
