#!/usr/bin/env bash
# Kills the archive N times (default 100) while four associations send to it, and checks after each start that everything it acknowledged is there,
# indexed and byte for byte the same: docs/reliability.md. The seed makes the moments repeatable as far as the machine does.
#     bench/kill-archive.sh [N] [SEED]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
NETDICOM_KILLS=${1:-100} NETDICOM_SEED=${2:-$RANDOM} \
    dotnet test tests/NetDicom.Interop.Tests -c Release --filter FullyQualifiedName~ArchiveKillTests --logger "console;verbosity=detailed" | grep -E "kills, seed|Passed|Failed|round"
