#!/usr/bin/env bash
# Faults of the machine, as root on Linux: bench/bad-machine.sh FOLDER_WITH_DICOM_FILES
# 1. Each system call of storescp's instance writer fails for one object (strace -e inject, for the paths of that object): the sender is told, nothing half is under a name, the next object is stored.
#    The folder holds pydicom's CT_small.dcm and MR_small.dcm, which are of two studies.
# 2. A slow disk (strace delays each write and flush): every object arrives.
# 3. A line between two network namespaces that loses, reorders and repeats packets: every object arrives.
# 4. A line that goes dead in mid work (the namespace's interface is taken down): the sender gives up by its limit, and so does the receiver.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [[ ${2:-} != inside ]]; then
    [[ -n ${NETDICOM:-} ]] || dotnet build src/NetDicom.Cli -c Release -v quiet --nologo >/dev/null
    dotnet build bench/Delay -c Release -v quiet --nologo >/dev/null
    exec unshare -n "$0" "$(realpath "$1")" inside
fi
files=$1
netdicom=${NETDICOM:-$PWD/src/NetDicom.Cli/bin/Release/net10.0/netdicom}
work=$(mktemp -d) pid=
trap '[[ -n $pid ]] && kill -KILL "$pid" 2>/dev/null; rm -rf "$work"' EXIT
ip link set lo up
one=$(find "$files" -type f -name CT_small.dcm -print -quit) other=$(find "$files" -type f -name MR_small.dcm -print -quit)
first_study=$("$netdicom" dump "$one" --search StudyInstanceUID | grep -o '[0-9]\+\(\.[0-9]\+\)\{5,\}') first_series=$("$netdicom" dump "$one" --search SeriesInstanceUID | grep -o '[0-9]\+\(\.[0-9]\+\)\{5,\}')

serve() {                                        # FOLDER COMMAND...: starts a receiver on port 11112 and waits for it
    local folder=$1 i; shift
    mkdir -p "$folder"
    "$@" "$netdicom" storescp 11112 -od "$folder" --durability full --layout "${LAYOUT:-flat}" -tn 5 -ta 5 >"$folder.log" 2>&1 & pid=$!
    for ((i = 0; i < 300; i++)); do grep -qs Listening "$folder.log" && return; sleep 0.1; done
    cat "$folder.log" >&2; exit 1
}

stop() { pkill -KILL -P "$pid" 2>/dev/null || true; kill -KILL "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; pid=; } 2>/dev/null

send() { "$netdicom" storescu -q -r -ta "${limit:-30}" -td "${limit:-30}" -tn "${limit:-30}" 127.0.0.1 11112 "$@" && echo 0 || echo $?; }

echo "| call that fails | sender's exit code | files of it | temporary files | next object | receiver's exit code |"
echo "|---|---|---|---|---|---|"
for fault in mkdir:study:EACCES mkdir:study:ENOSPC openat:study:EMFILE fsync:study:EIO openat:file:EMFILE openat:file:EACCES pwritev:file:EIO pwritev:file:ENOSPC pwrite64:file:EIO \
    fsync:file:EIO close:file:EIO close:file:EDQUOT rename:file:EIO rename:file:EACCES fsync:series:EIO openat:series:EMFILE pwritev,unlink:file:EIO; do
    IFS=: read -r calls what error <<<"$fault"
    folder=$work/${fault//[:,]/_} injections=()
    for call in ${calls//,/ }; do injections+=(-e "inject=$call:error=$error"); done
    # The shell's number is the program's (-D), so the name of the first object's temporary file is known; the start makes number 1.
    case $what in study) at=$first_study ;; series) at=$first_study/$first_series ;; file) at=$first_study/$first_series/.netdicom-PID-2.part ;; esac
    LAYOUT=study serve "$folder" sh -c 'at=$(echo "$0" | sed "s/PID/$(printf %x $$)/"); exec strace -D -f --seccomp-bpf -qq -o /dev/null -P "$at" "$@"' "$folder/$at" -e trace="$calls" "${injections[@]}"
    told=$(send "$one")
    kept=$(find "$folder/$first_study" -type f ! -name '.netdicom-*' 2>/dev/null | wc -l) half=$(find "$folder" -type f -name '.netdicom-*' | wc -l)
    next=$(send "$other")
    kill -TERM "$pid" && wait "$pid" && ended=0 || ended=$?
    pid=
    echo "| $calls of the ${what/study/study\'s folder}, $error | $told | $kept | $half | $next | $ended |" | sed "s/the series,/the series' folder,/;s/the file/the temporary file/"
done

echo
total=$(find "$files" -type f -name '*.dcm' | wc -l)
serve "$work/slow" strace -f -qq -o /dev/null -e trace=pwritev,fsync -e inject=pwritev:delay_enter=20000 -e inject=fsync:delay_enter=50000
start=$SECONDS told=$(send "$files")
echo "slow disk, 20 ms more for each write and 50 ms for each flush: exit code $told, $(find "$work/slow" -type f | wc -l) of $total files, $((SECONDS - start)) s"
stop

echo

# Two namespaces with a TUN device each; between them packets are lost, overtaken and repeated (bench/Delay/BadLine.cs), in both directions.
unshare -n sleep infinity & far=$!
line=bench/Delay/bin/Release/net10.0/NetDicom.Bench.Delay
until [[ $(readlink /proc/$far/ns/net) != "$(readlink /proc/self/ns/net)" ]]; do sleep 0.05; done
end() { ip tuntap add dev line mode tun && ip addr add "10.9.0.$1/24" dev line && ip link set line up; }
end 1; nsenter -n -t $far bash -c "$(declare -f end); end 2; ip link set lo up"
for chance in "0 0 0" "3 0 0" "0 25 0" "0 0 10" "2 10 5"; do
    read -r loss reorder repeat <<<"$chance"
    "$line" packets line "$work/near" "$work/far" "$loss" "$reorder" "$repeat" 1 >/dev/null & one_end=$!
    nsenter -n -t $far "$line" packets line "$work/far" "$work/near" "$loss" "$reorder" "$repeat" 2 >/dev/null & other_end=$!
    serve "$work/line" nsenter -n -t $far
    told=$("$netdicom" storescu -q -r 10.9.0.2 11112 "$files" && echo 0 || echo $?)
    # What came over the line that is good is what has to come over the others, byte for byte.
    if [[ $chance == "0 0 0" ]]; then mv "$work/line" "$work/good"; mkdir "$work/line"; cp -r "$work/good/." "$work/line"; fi
    echo "lost $loss %, overtaken $reorder %, repeated $repeat %: exit code $told, $(find "$work/line" -type f | wc -l) files, $(diff -rq "$work/good" "$work/line" | wc -l) missing or other than over the good line"
    stop; kill $one_end $other_end; wait $one_end $other_end 2>/dev/null || true
    rm -rf "$work/line" "$work/near" "$work/far"
done
kill $far

echo
serve "$work/dead"
many=(); for _ in $(seq 200); do many+=("$files"); done
("$netdicom" storescu -q -r -to 5 -ta 5 -td 5 -tn 5 127.0.0.1 11112 "${many[@]}" && told=0 || told=$?; echo "dead line: sender ended with $told") & sender=$!
until [[ -n $(ls "$work/dead") ]]; do sleep 0.02; done   # it works
ip link set lo down
start=$SECONDS; wait $sender
echo "after $((SECONDS - start)) s"
sleep 8                                          # the receiver's own limit is 5 s
ip link set lo up
echo "half files: $(find "$work/dead" -name '.netdicom-*' | wc -l); echo afterwards: $(send "$one")"
stop
