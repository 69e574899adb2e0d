#!/usr/bin/env bash
# What a start costs: bench/start.sh NETDICOM [RUNS]
# A whole echoscu of the published program against its own echoscp, and a bare .NET program published the same way, in turn; the median and the least of each, in milliseconds.
set -euo pipefail
netdicom=${1:?path of the published netdicom (eng/publish.sh FOLDER --self-contained)} runs=${2:-25}
work=$(mktemp -d); trap 'kill "$scp" 2>/dev/null || true; rm -rf "$work"' EXIT
echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>' >"$work/bare.csproj"
echo 'System.Console.WriteLine("Hello");' >"$work/Program.cs"
dotnet publish "$work" -c Release -r linux-x64 --self-contained -o "$work/out" -v quiet --nologo >/dev/null
"$netdicom" echoscp 0 >"$work/scp" 2>&1 & scp=$!
until [[ -s $work/scp ]]; do sleep 0.05; done
port=$(head -n 1 "$work/scp"); port=${port##* }
once() { local from=$EPOCHREALTIME; "${@:2}" >/dev/null; local to=$EPOCHREALTIME; echo $(((${to/./} - ${from/./}) / 1000)) >>"$work/$1.ms"; }
for ((i = 0; i < runs; i++)); do
    once bare "$work/out/bare"
    once echoscu "$netdicom" echoscu 127.0.0.1 "$port"
done
for what in bare echoscu; do
    sort -n "$work/$what.ms" | awk -v what="$what" '{ t[NR] = $1 } END { print what ": median " t[int((NR + 1) / 2)] " ms, least " t[1] " ms" }'
done
