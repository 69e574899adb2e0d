#!/usr/bin/env bash
# The table of docs/performance.md, measured: bench/rows.sh [ROW...]
# Publishes netdicom and the reference sender and receiver (bench/Reference: bare sockets and files) and runs them and, where installed, DCMTK's. Rows: slices small
# window large short-pdu senders nagle tls echo retrieve; all without a name. BENCH_RUNS=N: runs of each (5); NETDICOM=PATH: a netdicom published before;
# BENCH_WORK: where the files to send are kept (3 GB in all); BENCH_OUT: where received files go (/dev/shm). The ratio is to the first line of each table.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
netdicom=${NETDICOM:-}
[[ -n $netdicom ]] || netdicom=$(eng/publish.sh artifacts/publish --native | tail -n 1)
dotnet publish bench/Reference -c Release -r linux-x64 -p:PublishAot=true -p:CppCompilerAndLinker="$(command -v clang >/dev/null && echo clang || echo gcc)" -o artifacts/reference -v quiet --nologo >/dev/null
dotnet build bench/Rows -c Release -v quiet --nologo >/dev/null
exec bench/Rows/bin/Release/net10.0/rows "$(realpath "$netdicom")" "$PWD/artifacts/reference/reference" "$@"
