#!/usr/bin/env bash
# Packs the program as a .NET tool: eng/pack.sh [FOLDER] [--no-build], artifacts/packages by default. Install it with
#   dotnet tool install --global NetDicom.Cli --add-source FOLDER
# --no-build packs what the last build in Release made.
set -euo pipefail
folder=artifacts/packages build=true
for argument in "$@"; do
    case $argument in
        --no-build) build=false ;;
        -*) echo "usage: eng/pack.sh [FOLDER] [--no-build]" >&2; exit 2 ;;
        *) folder=$(realpath -m "$argument") ;;
    esac
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Built first and packed then: packing has other properties, and a restore with them would not agree with the lock file.
if [ "$build" = true ]; then dotnet build src/NetDicom.Cli -c Release -v quiet --nologo; fi
dotnet pack src/NetDicom.Cli -c Release --no-build -p:PackNetDicomTool=true -o "$folder" -v quiet --nologo
echo "$folder"
