#!/usr/bin/env bash
# Publishes the program netdicom for Linux x64: eng/publish.sh [FOLDER] [--native | --self-contained]
# --native: one file of machine code (Native AOT, 16 MB, beside it SQLite's library), which needs nothing on the machine it runs on. The fastest in every respect, and
# what docs/performance.md measures; making it takes gcc or clang. --self-contained: the .NET run-time comes along, precompiled together with the program (110 MB).
# Neither: the .NET 10 runtime has to be on the machine. The folder is artifacts/publish by default; docs/decisions/0006-native-aot.md says why there are three.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=artifacts/publish form=framework
for argument in "$@"; do
    case $argument in
        --native | --self-contained) form=${argument#--} ;;
        -*) echo "usage: eng/publish.sh [FOLDER] [--native | --self-contained]" >&2; exit 2 ;;
        *) folder=$argument ;;
    esac
done
case $form in
    native)
        command -v clang >/dev/null || command -v gcc >/dev/null || { echo "eng/publish.sh: --native needs a linker: install gcc or clang, or take --self-contained" >&2; exit 1; }
        # The compiler's own packages are in no other build's lock files, so this one keeps its apart.
        options=(-p:PublishAot=true -p:PublishReadyToRun=false -p:NuGetLockFilePath=obj/native.lock.json -p:CppCompilerAndLinker="$(command -v clang >/dev/null && echo clang || echo gcc)") ;;
    self-contained)
        # With everything precompiled the optimising compiler has little to add and takes a tenth of the processor time of a short run: it stays off. Without the
        # precompiled run-time it would make every start slower, so only here.
        options=(--self-contained true -p:PublishReadyToRunComposite=true -p:TieredCompilation=false) ;;
    framework)
        options=(--self-contained false) ;;
esac
dotnet publish src/NetDicom.Cli -c Release -r linux-x64 "${options[@]}" -o "$folder" -v quiet --nologo
echo "$folder/netdicom"
