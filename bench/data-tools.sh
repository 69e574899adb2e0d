#!/usr/bin/env bash
# netdicom dump and dump --json against DCMTK's dcmdump and dcm2json over a folder of CT slices, in one run:
#   bench/data-tools.sh [FOLDER]
# Without FOLDER 2,000 slices are made under artifacts/corpus. Prints times (best of three, files in the cache) and the ratio theirs/ours: above 1 ours is faster.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for program in dcmdump dcm2json; do
    command -v "$program" >/dev/null || { echo "$program is not installed (Debian package dcmtk)" >&2; exit 2; }
done

corpus=${1:-artifacts/corpus}
if [[ $# -eq 0 && ! -e $corpus/.complete ]]; then
    dotnet run -c Release --project bench/Corpus -v quiet -- "$corpus" 2000
    touch "$corpus/.complete"
fi
netdicom=$(eng/publish.sh artifacts/publish-bench | tail -n 1)
mapfile -d '' -t files < <(find "$corpus" -type f -name '*.dcm' -print0 | sort -z)
((${#files[@]})) || { echo "no *.dcm under $corpus" >&2; exit 2; }
cat "${files[@]}" >/dev/null                      # into the cache, for both alike

ours_text()  { "$netdicom" dump "${files[@]}" >/dev/null; }
their_text() { dcmdump "${files[@]}" >/dev/null; }
ours_json()  { "$netdicom" dump --json "${files[@]}" >/dev/null; }
# dcm2json takes one file: a process each, as its users have to. Beside it, for how much of that is starting processes: one that only says its version.
their_json() { local f; for f in "${files[@]}"; do dcm2json "$f" >/dev/null; done; }
their_start() { local f; for f in "${files[@]}"; do dcm2json --version >/dev/null; done; }

seconds() {                                       # REPETITIONS FUNCTION: the best time
    local best=0 i start took
    for ((i = 0; i < $1; i++)); do
        start=${EPOCHREALTIME/./}; "$2"; took=$((${EPOCHREALTIME/./} - start))
        if ((i == 0 || took < best)); then best=$took; fi
    done
    awk -v us="$best" 'BEGIN { printf "%.3f", us / 1e6 }'
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

echo "${#files[@]} files, $(du -shL --apparent-size "$corpus" | cut -f1); $(nproc) processors; $(dcmdump --version | head -n 1)"
a=$(seconds 3 ours_text) b=$(seconds 3 their_text)
echo "text: netdicom dump $a s, dcmdump $b s, ratio $(ratio "$b" "$a")"
a=$(seconds 3 ours_json) b=$(seconds 1 their_json) c=$(seconds 1 their_start)
echo "JSON: netdicom dump --json $a s, dcm2json $b s (of which starting it $c s), ratio $(ratio "$b" "$a")"
