#!/usr/bin/env bash
# Publishes the program netdicom for Linux x64, precompiled (ReadyToRun): eng/publish.sh [FOLDER] [--self-contained]
# Without --self-contained the .NET 10 runtime has to be on the machine. With it the runtime comes along and is precompiled together with the
# program: about 100 MB, the fastest start, and what docs/performance.md measures. The folder is artifacts/publish by default.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=artifacts/publish self=false
for argument in "$@"; do
    case $argument in
        --self-contained) self=true ;;
        -*) echo "usage: eng/publish.sh [FOLDER] [--self-contained]" >&2; exit 2 ;;
        *) folder=$argument ;;
    esac
done
# With everything precompiled the optimising compiler has little to add and takes a tenth of the processor time of a short run: it stays off. Without the
# precompiled run-time it would make every start slower, so only here.
tiered=()
if [ "$self" = true ]; then tiered=(-p:TieredCompilation=false); fi
dotnet publish src/NetDicom.Cli -c Release -r linux-x64 --self-contained "$self" -p:PublishReadyToRunComposite="$self" "${tiered[@]}" -o "$folder" -v quiet --nologo
echo "$folder/netdicom"
