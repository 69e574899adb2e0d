#!/usr/bin/env bash
# How fast archives store: ours with durability none, file and full, and Orthanc (SQLite) with its storage area synchronised and not, from 1 and from 8
# associations, all in one run on the same disk; TCP_NODELAY=1 for Orthanc, which is built on DCMTK and would wait for Nagle's algorithm. Times are those
# of the sender (our storescu, start included), so the ratio to Orthanc is what counts: docs/performance.md.
#     bench/archive-store.sh [FOLDER] [COUNT] [RUNS]
# FOLDER is on the disk to be measured (default: a new one under /tmp), COUNT the objects of 32 KB (default 1000), RUNS how often each is measured (default 3;
# the median counts). NETDICOM is the program (default: published into artifacts/publish). NETDICOM_ROWS limits the rows, as in "full file".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(realpath -m "${1:-$(mktemp -d /tmp/netdicom-store-XXXXXX)}") count=${2:-1000} runs=${3:-3}
rows=${NETDICOM_ROWS:-none file full orthanc-nosync orthanc-sync}
mkdir -p "$folder"
netdicom=${NETDICOM:-}
if [ -z "$netdicom" ]; then
    eng/publish.sh artifacts/publish --native >/dev/null
    netdicom=$PWD/artifacts/publish/netdicom
fi
orthanc=$(command -v Orthanc || echo /usr/sbin/Orthanc)
corpus=$folder/corpus-$count
[ -d "$corpus" ] || dotnet run -c Release --project bench/Corpus -- "$corpus" "$count" 128
server=
stop() { if [ -n "$server" ]; then kill -TERM "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=; fi; }
trap stop EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start() { # NAME: the server, its port in $port
    rm -rf "$folder/area"
    mkdir -p "$folder/area"
    : >"$folder/area/log"
    port=$(free_port)
    case $1 in
        orthanc-*)
            local sync=false
            [ "$1" = orthanc-sync ] && sync=true
            cat >"$folder/area/orthanc.json" <<JSON
{ "Name": "bench", "StorageDirectory": "$folder/area/storage", "IndexDirectory": "$folder/area/index", "DicomPort": $port, "HttpPort": $(free_port),
  "SyncStorageArea": $sync, "DicomAet": "ORTHANC", "UnknownSopClassAccepted": true, "Plugins": [], "RemoteAccessAllowed": false, "AuthenticationEnabled": false }
JSON
            TCP_NODELAY=1 "$orthanc" "$folder/area/orthanc.json" >"$folder/area/log" 2>&1 &
            server=$!
            until grep -q "Orthanc has started" "$folder/area/log"; do kill -0 "$server"; sleep 0.1; done
            ;;
        *)
            "$netdicom" qrscp --open --port "$port" --durability "$1" --database-location "$folder/area/index.sqlite" --instance-location "$folder/area/instances" >"$folder/area/log" 2>&1 &
            server=$!
            until grep -q "Listening on port" "$folder/area/log"; do kill -0 "$server"; sleep 0.1; done
            ;;
    esac
}

measure() { # NAME ASSOCIATIONS: objects a second
    start "$1"
    local began ended
    sync -f "$folder"
    began=$(date +%s%N)
    "$netdicom" storescu -q -r --parallel "$2" 127.0.0.1 "$port" "$corpus" >/dev/null || { echo "storescu to $1 failed" >&2; kill $$; }
    ended=$(date +%s%N)
    stop
    echo $((count * 1000000000 / (ended - began)))
}

echo "$count objects of 32 KB, $runs runs in turn, median objects a second; $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg) at the beginning, $(df --output=fstype "$folder" | tail -1)"
declare -A rates
for run in $(seq "$runs"); do
    for associations in 1 8; do
        for name in $rows; do
            rates[$name.$associations]+="$(measure "$name" "$associations") "
        done
    done
done
median() { tr ' ' '\n' <<<"$1" | grep . | sort -n | sed -n "$(((runs + 1) / 2))p"; }
printf '| %s | %s | %s |\n' "archive" "1 association" "8 associations" "---" "---" "---"
for name in $rows; do
    printf '| %s | %s | %s |\n' "$name" "$(median "${rates[$name.1]}")" "$(median "${rates[$name.8]}")"
done
ratio() { awk -v a="$(median "${rates[$1]:-0}")" -v b="$(median "${rates[$2]:-0}")" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'; }
if [[ $rows == *orthanc* ]]; then
    printf '| %s | %s | %s |\n' "ratio" "1 association" "8 associations" "---" "---" "---"
    for pair in full:orthanc-sync file:orthanc-sync none:orthanc-nosync full:orthanc-nosync; do
        printf '| %s to %s | %s | %s |\n' "${pair%:*}" "${pair#*:}" "$(ratio "${pair%:*}.1" "${pair#*:}.1")" "$(ratio "${pair%:*}.8" "${pair#*:}.8")"
    done
fi
