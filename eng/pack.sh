#!/usr/bin/env bash
# Packs the program as a .NET tool: eng/pack.sh [FOLDER] [--no-build], artifacts/packages by default. Install it with
#   dotnet tool install --global NetDicom.Cli --add-source FOLDER
# --no-build packs what the last build in Release made.
set -euo pipefail
folder=artifacts/packages build=()
for argument in "$@"; do
    case $argument in
        --no-build) build=(--no-build) ;;
        -*) echo "usage: eng/pack.sh [FOLDER] [--no-build]" >&2; exit 2 ;;
        *) folder=$(realpath -m "$argument") ;;
    esac
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet pack src/NetDicom.Cli -c Release "${build[@]}" -p:PackNetDicomTool=true -o "$folder" -v quiet --nologo
echo "$folder"
