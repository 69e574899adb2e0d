#!/usr/bin/env bash
# What a start costs: bench/start.sh NETDICOM [RUNS]
# A whole echoscu of the published program against its own echoscp, and a bare .NET program in three forms (as "dotnet new console" is built, with its run-time, as machine
# code), in turn; the median and the least of each, in milliseconds.
set -euo pipefail
netdicom=${1:?path of the published netdicom (eng/publish.sh FOLDER --native)} runs=${2:-25}
work=$(mktemp -d); trap 'kill "$scp" 2>/dev/null || true; rm -rf "$work"' EXIT
echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>' >"$work/bare.csproj"
echo 'System.Console.WriteLine("Hello");' >"$work/Program.cs"
compiler=$(command -v clang >/dev/null && echo clang || echo gcc)
dotnet publish "$work" -c Release -o "$work/built" -v quiet --nologo >/dev/null
dotnet publish "$work" -c Release -r linux-x64 --self-contained -o "$work/self" -v quiet --nologo >/dev/null
dotnet publish "$work" -c Release -r linux-x64 -p:PublishAot=true -p:CppCompilerAndLinker="$compiler" -o "$work/native" -v quiet --nologo >/dev/null
"$netdicom" echoscp 0 >"$work/scp" 2>&1 & scp=$!
until [[ -s $work/scp ]]; do sleep 0.05; done
port=$(head -n 1 "$work/scp"); port=${port##* }
once() { local from=$EPOCHREALTIME; "${@:2}" >/dev/null; local to=$EPOCHREALTIME; echo $(((${to/./} - ${from/./}) / 100)) >>"$work/$1.ms"; }
names=(bare-built bare-self-contained bare-native netdicom-echoscu); command -v echoscu >/dev/null && names+=(dcmtk-echoscu)
for ((i = 0; i < runs; i++)); do
    for form in built self native; do once "bare-${form/#self/self-contained}" "$work/$form/bare"; done
    once netdicom-echoscu "$netdicom" echoscu 127.0.0.1 "$port"
    if command -v echoscu >/dev/null; then once dcmtk-echoscu env TCP_NODELAY=1 echoscu 127.0.0.1 "$port"; fi
done
for what in "${names[@]}"; do
    sort -n "$work/$what.ms" | awk -v what="$what" '{ t[NR] = $1 / 10 } END { print what ": median " t[int((NR + 1) / 2)] " ms, least " t[1] " ms" }'
done
