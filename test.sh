#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test. The last line is "N passed, N failed, N skipped".
# Needs the .NET 10 SDK only; the peers that the interop tests talk to come from Debian packages and npm, installed here when this may be done.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1

peers=(dcmtk dicom3tools orthanc python3-pydicom tshark zsh)
results=artifacts/test-results
passed=0 failed=0 skipped=0 failures=

finish() {                                   # the one place that prints the last line
    printf %s "$failures"                    # once more, where the end of a long log shows them
    echo "$passed passed, $failed failed, $skipped skipped"
    exit "$1"
}

missing_peers() {
    local p
    for p in "${peers[@]}"; do
        [[ $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) == *"ok installed" ]] || echo "$p"
    done
}

install_peers() {
    local -a missing; mapfile -t missing < <(missing_peers)
    ((${#missing[@]})) || return 0
    if ! command -v apt-get >/dev/null || ((EUID != 0)); then
        echo "Not installed and not installable here (needs apt-get and root): ${missing[*]}; tests against them are skipped."
        return 0
    fi
    echo "Installing ${missing[*]}"
    # Debian starts a service when its package comes in; Orthanc's would hold the ports 4242 and 8042. This file says no while we install.
    local policy=/usr/sbin/policy-rc.d own_policy=false
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && own_policy=true
    fi
    export DEBIAN_FRONTEND=noninteractive
    local log=artifacts/apt.log
    { apt-get update -q && apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null \
        || { tail -n 5 "$log"; echo "Could not install everything (whole log: $log); tests against what is missing are skipped."; }
    if $own_policy; then rm -f "$policy"; fi
}

# dcmjs-dimse, a peer from npm, with the versions of the lock file; outside the repository, and made anew only when those change.
install_node_peers() {
    local from=tests/NetDicom.Interop.Tests/Support/node log=artifacts/npm.log
    export NETDICOM_NODE_PEERS=${NETDICOM_NODE_PEERS:-${TMPDIR:-/tmp}/netdicom-node-peers}
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        echo "Not installed: node and npm; tests against dcmjs-dimse are skipped."
        return 0
    fi
    cmp -s "$from/package-lock.json" "$NETDICOM_NODE_PEERS/package-lock.json" && [[ -d $NETDICOM_NODE_PEERS/node_modules/dcmjs-dimse ]] && return 0
    echo "Installing dcmjs-dimse"
    mkdir -p "$NETDICOM_NODE_PEERS" && cp "$from/package.json" "$from/package-lock.json" "$NETDICOM_NODE_PEERS" \
        && (cd "$NETDICOM_NODE_PEERS" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1 </dev/null \
        || { tail -n 5 "$log"; rm -rf "${NETDICOM_NODE_PEERS:?}/node_modules"; echo "Could not install dcmjs-dimse (whole log: $log); its tests are skipped."; }
}

# Adds the counts of one .trx file, prints its skipped tests with their reasons, and keeps its failed ones for the end.
count() {
    local counters; counters=$(grep -o '<Counters [^>]*>' "$1") || return 1
    attr() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
    local total p f; total=$(attr total) p=$(attr passed) f=$(attr failed)
    ((passed += p, failed += f, skipped += total - p - f))
    # One record a result: its name, and the text of its message.
    # The last one ends where the summary of the file begins, and its line must end too.
    records "$1" NotExecuted skipped
    local lines; lines=$(records "$1" Failed failed | cut -c 1-600)
    [[ -z $lines ]] || failures+=$lines$'\n'
}

# The tests of one .trx file that ended so, a line each: the word, the name, and the text of the message.
records() {                                  # file, outcome, word
    { tr -d '\r\n' <"$1"; echo; } | sed 's/<UnitTestResult /\n&/g' | sed -nE \
        's/<\/(UnitTestResult|Results)>.*//;/outcome="'"$2"'"/{s/.*testName="([^"]*)".*<(StdOut|Message)>([^<]*)<.*/'"$3"': \1: \3/;t p;s/.*testName="([^"]*)".*/'"$3"': \1/;:p;s/&quot;/"/g;s/&apos;/'"'"'/g;s/&lt;/</g;s/&gt;/>/g;s/&#xD;|&#xA;/ /g;s/&amp;/\&/g;p}'
}

mkdir -p artifacts
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: no 'dotnet' on the path."; failed=1; finish 1; }
install_peers
install_node_peers

rm -rf "$results"
restore=(); [[ ${CI:-} == true ]] && restore=(-p:RestoreLockedMode=true)
if ! dotnet build NetDicom.slnx -c Release -v quiet "${restore[@]}" </dev/null; then
    echo "The build failed."; failed=1; finish 1
fi

# The interop tests run the program as it is published: machine code, where that can be made here.
if eng/publish.sh artifacts/native --native >artifacts/native.log 2>&1 </dev/null; then
    export NETDICOM=$PWD/artifacts/native/netdicom
else
    tail -n 5 artifacts/native.log; echo "No native program here (whole log: artifacts/native.log); the interop tests run the one that was built."
fi

if [[ ${CI:-} == true ]]; then
    export NETDICOM_FUZZ_SEED=${NETDICOM_FUZZ_SEED:-$((RANDOM * 32768 + RANDOM))}
    echo "The fuzzer's seed: NETDICOM_FUZZ_SEED=$NETDICOM_FUZZ_SEED"
fi

status=0
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    echo "== $name"
    # One trx a project; its counters are the truth, the exit code says whether the runner itself came to its end.
    timeout 540 dotnet test "$project" -c Release --no-build -v quiet --results-directory "$results" \
        --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --blame-hang-timeout 300s --blame-hang-dump-type none </dev/null
    ended=$?
    before=$failed
    if ! { [[ -f $results/$name.trx ]] && count "$results/$name.trx"; }; then
        echo "$name: no results (exit code $ended)"
        # A project that has no test yet is nothing to run, not a failure; one that broke down is.
        if ((ended != 0)); then ((failed += 1)); status=1; fi
    elif ((ended != 0 && failed == before)); then
        echo "$name: the runner ended with $ended though no test failed"; ((failed += 1))
    fi
done

((failed > 0)) && status=1
if ((passed + failed == 0)); then echo "No test ran."; status=1; fi
finish $status
