#!/usr/bin/env bash
# Packs the program as a .NET tool: eng/pack.sh [FOLDER], artifacts/packages by default. Install it with
#   dotnet tool install --global NetDicom.Cli --add-source FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:-artifacts/packages}
dotnet pack src/NetDicom.Cli -c Release -p:PackNetDicomTool=true -o "$folder" -v quiet --nologo
echo "$folder"
