#!/usr/bin/env bash
# storescu over a line with a delay, by window and by associations side by side: bench/delayed-line.sh [MILLISECONDS] [OBJECTS]
# The line is a proxy of our own (bench/Delay): that delay each way, 25 ms unless given, and no limit of bandwidth. Objects of 16 KB, 500 unless given.
# Against our storescp, which grants 64 operations at a time, and against a receiver that grants what is asked for and keeps nothing.
# NETDICOM: a published program (default: the one that dotnet build makes).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
delay=${1:-25} objects=${2:-500}
work=$(mktemp -d) pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT

for project in bench/Delay bench/Corpus src/NetDicom.Cli; do dotnet build "$project" -c Release -v quiet --nologo >/dev/null; done
netdicom=${NETDICOM:-src/NetDicom.Cli/bin/Release/net10.0/netdicom}
line=bench/Delay/bin/Release/net10.0/NetDicom.Bench.Delay   # not a function: what runs in the background must be the program itself, to be ended
bench/Corpus/bin/Release/net10.0/NetDicom.Bench.Corpus "$work/corpus" "$objects" 78
mkdir "$work/in"

first_line() {                                    # FILE: waits until there is one
    local i
    for ((i = 0; i < 200; i++)); do
        [[ -s $1 ]] && { head -n 1 "$1"; return; }
        sleep 0.05
    done
    echo "$1 stays empty" >&2; exit 1
}

mkfifo "$work/open"; exec 9<>"$work/open"         # an input that does not end
"$netdicom" storescp 0 -od "$work/in" >"$work/scp" 2>&1 & pids+=($!)
scp=$(first_line "$work/scp"); scp=${scp##* }
"$line" receive 65535 <&9 >"$work/sink" & pids+=($!)
sink=$(first_line "$work/sink")
"$line" proxy "$scp" "$delay" <&9 >"$work/scp-line" & pids+=($!)
"$line" proxy "$sink" "$delay" <&9 >"$work/sink-line" & pids+=($!)
scp=$(first_line "$work/scp-line") sink=$(first_line "$work/sink-line")

seconds() {                                       # PORT OPTIONS...: the time the tool tells, of its summary
    local port=$1; shift
    "$netdicom" storescu --json -r "$@" 127.0.0.1 "$port" "$work/corpus" | tail -n 1 |
        sed -E "s/.*\"stored\":([0-9]+).*\"seconds\":([0-9.]+).*/\1 \2/" |
        awk -v n="$objects" '$1 != n { print "only " $1 " stored" > "/dev/stderr"; exit 1 } { print $2 }'
}

row() { awk -v what="$1" -v s="$2" -v base="$3" 'BEGIN { printf "| %s | %.2f s | %.1f |\n", what, s, base / s }'; }

echo "$objects objects of 16 KB, $delay ms each way, $(nproc) processors"
echo
echo "| window asked for, associations | time | ratio |"
echo "|---|---|---|"
base=$(seconds "$scp")
row "none, 1; storescp" "$base" "$base"
for n in 8 64 0; do row "$n, 1; storescp (grants 64 at most)" "$(seconds "$scp" --async "$n")" "$base"; done
for n in 8 64 0; do row "$n, 1; receiver without a limit" "$(seconds "$sink" --async "$n")" "$base"; done
for n in 4 8; do row "none, $n; storescp" "$(seconds "$scp" --parallel "$n")" "$base"; done
row "8, 8; storescp" "$(seconds "$scp" --parallel 8 --async 8)" "$base"
