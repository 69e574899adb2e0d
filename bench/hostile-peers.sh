#!/usr/bin/env bash
# The scenarios of `netdicom fault` for servers (all but "slow", which wait for limits of half a minute), against our storescp and qrscp, DCMTK's storescp and Orthanc:
# bench/hostile-peers.sh [PATIENCE_SECONDS]
# Each server is started anew when it cannot be reached or hangs. "right": the reaction the scenario asks for, and an honest C-ECHO behind it. "abort": A-ABORT, with another
# source or reason. "closed": the connection ended without the A-ABORT. "other": taken, or answered otherwise. "silent": nothing within the patience. "not served": an honest
# C-ECHO fails while or after. "ended": the process is gone. Memory is the most that the process had resident (VmHWM of the first process).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
patience=${1:-3}
work=$(mktemp -d) pid=
trap '[[ -n $pid ]] && kill -KILL "$pid" 2>/dev/null; rm -rf "$work"' EXIT
[[ -n ${NETDICOM:-} ]] || dotnet build src/NetDicom.Cli -c Release -v quiet --nologo >/dev/null
netdicom=${NETDICOM:-$PWD/src/NetDicom.Cli/bin/Release/net10.0/netdicom}
port=$((20000 + RANDOM % 10000))

start() {                                        # NAME
    rm -rf "$work/$1"; mkdir -p "$work/$1"
    port=$((port + 1))
    case $1 in
        storescp) "$netdicom" storescp "$port" -od "$work/$1" -q >/dev/null 2>&1 & ;;
        qrscp) "$netdicom" qrscp "$port" --open --instance-location "$work/$1/i" --database-location "$work/$1/d" -q >/dev/null 2>&1 & ;;
        dcmtk) (cd "$work/$1" && exec storescp "$port" +xa --fork -ta 30 -td 30 >/dev/null 2>&1) & ;;
        orthanc)
            printf '{"StorageDirectory":"%s","IndexDirectory":"%s","HttpServerEnabled":false,"DicomPort":%s,"DicomCheckCalledAet":false,"DicomAlwaysAllowEcho":true,"DicomAlwaysAllowStore":true,"OverwriteInstances":true}' \
                "$work/$1" "$work/$1" "$port" >"$work/$1.json"
            Orthanc "$work/$1.json" >/dev/null 2>&1 & ;;
    esac
    pid=$!
    local i
    for ((i = 0; i < 100; i++)); do
        "$netdicom" echoscu -q -ta 1 -td 1 127.0.0.1 "$port" && return
        sleep 0.1
    done
    echo "$1 does not start" >&2; exit 1
}

memory() { awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$pid/status" 2>/dev/null || echo 0; }

try() {                                          # NAME
    local name=$1 ended=0 most=0 m scenario line reaction received now
    declare -A count=()
    start "$name"
    while read -r scenario; do
        line=$("$netdicom" fault connect 127.0.0.1 "$port" "$scenario" --json --patience "$patience" | head -n 1 || true)
        reaction=$(sed -E 's/.*"reaction":"([a-z]+)".*/\1/' <<<"$line")
        received=$(sed -nE 's/.*"received":"([^"]*).*/\1/p' <<<"$line")
        case $reaction:$received in
            other:A-ABORT*) reaction=abort ;;
            other:closed*) reaction=closed ;;
        esac
        m=$(memory); ((m > most)) && most=$m
        now=alive; kill -0 "$pid" 2>/dev/null || now=ended
        [[ $now == ended ]] && { reaction=ended; ended=$((ended + 1)); }
        count[$reaction]=$((${count[$reaction]:-0} + 1))
        printf '%s\t%s\t%s\t%s\n' "$name" "$scenario" "$reaction" "$received" >>"${LOG:-$work/log}"
        if [[ $reaction == gone || $reaction == ended || $reaction == silent ]]; then
            kill -KILL "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true
            start "$name"
        fi
    done < <("$netdicom" fault list ${GROUPS_TRIED:-framing state associate data objects resources} | awk '{ print $2 }')
    echo "| $name | ${count[right]:-0} | ${count[abort]:-0} | ${count[closed]:-0} | ${count[other]:-0} | ${count[silent]:-0} | ${count[gone]:-0} | $ended | $most MB |"
    kill -TERM "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; pid=
}

echo "patience $patience s"
echo
echo "| server | right | abort | closed | other | silent | not served | ended | memory |"
echo "|---|---|---|---|---|---|---|---|---|"
for server in ${SERVERS:-storescp qrscp dcmtk orthanc}; do try "$server"; done
