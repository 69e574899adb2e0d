#!/usr/bin/env bash
# Fuzzes everything that takes bytes from strangers: fuzz/run.sh [SECONDS] [options of the fuzzer], 600 s by default, one job for each processor.
# Findings go to artifacts/fuzz; docs/security.md says what to do with them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=600
if [[ ${1:-} =~ ^[0-9]+$ ]]; then seconds=$1; shift; fi
dotnet build fuzz -c Release -v quiet --nologo || exit 2
fuzz/bin/Release/net10.0/NetDicom.Fuzz --duration "$seconds" --jobs "$(nproc)" "$@"
ended=$?
# A stack that overflows ends the process from within; what ran then is noted.
if ((ended > 2)); then echo "The fuzzer itself ended with $ended, while running:"; tr -d '\0' <artifacts/fuzz/running.txt; fi
exit $ended
