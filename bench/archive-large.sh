#!/usr/bin/env bash
# An object of 3 GiB stored in the archive, got back by C-GET and moved to a storescp: the peak memory of the archive after each, and whether the bytes are the same.
#     bench/archive-large.sh [FOLDER] [GIB]
# FOLDER needs room for four times the object (default: a new one under /tmp; it is removed). NETDICOM is the program (default: published into artifacts/publish).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(realpath -m "${1:-$(mktemp -d /tmp/netdicom-large-XXXXXX)}") gib=${2:-3}
netdicom=${NETDICOM:-}
if [ -z "$netdicom" ]; then
    eng/publish.sh artifacts/publish --native >/dev/null
    netdicom=$PWD/artifacts/publish/netdicom
fi
archive= receiver=
stop() { for process in $archive $receiver; do kill -TERM "$process" 2>/dev/null || true; wait "$process" 2>/dev/null || true; done; rm -rf "$folder"; }
trap stop EXIT
mkdir -p "$folder/got" "$folder/moved"
: >"$folder/archive.log"
: >"$folder/receiver.log"

# A secondary capture image; its Pixel Data is a hole in the file but for a mark each 64 MiB, so that a lost or swapped piece shows.
python3 - "$folder/source.dcm" "$((gib << 30))" <<'PYTHON'
import struct, sys
path, size = sys.argv[1], int(sys.argv[2])
def element(group, number, vr, text):
    value = text.encode() + (b"\0" if vr == "UI" else b" ") * (len(text) % 2)
    return struct.pack("<HH2sH", group, number, vr.encode(), len(value)) + value
sop_class, uid = "1.2.840.10008.5.1.4.1.1.7", "2.25.1"
meta = element(2, 2, "UI", sop_class) + element(2, 3, "UI", uid) + element(2, 0x10, "UI", "1.2.840.10008.1.2.1")
data = element(8, 0x16, "UI", sop_class) + element(8, 0x18, "UI", uid) + element(0x10, 0x20, "LO", "LARGE") + element(0x20, 0xd, "UI", "2.25.2") + element(0x20, 0xe, "UI", "2.25.3")
with open(path, "wb") as file:
    file.write(bytes(128) + b"DICM" + struct.pack("<HH2sHI", 2, 0, b"UL", 4, len(meta)) + meta + data)
    file.write(struct.pack("<HH2sHI", 0x7fe0, 0x10, b"OW", 0, size))
    start = file.tell()
    for at in range(0, size, 64 << 20):
        file.seek(start + at)
        file.write(struct.pack("<Q", at + 1))
    file.truncate(start + size)
PYTHON

port_of() { until grep -q "Listening on port" "$1"; do sleep 0.1; done; sed -n 's/.*Listening on port \([0-9]*\).*/\1/p' "$1"; }
peak() { awk '/VmHWM/ { printf "%d MiB\n", $2 / 1024 }' "/proc/$archive/status"; }
pixels() { tail -c "$((gib << 30))" "$1" | sha256sum | cut -d' ' -f1; }
same() { [ "$(pixels "$1")" = "$wanted" ] && echo "same bytes" || { echo "OTHER BYTES: $1"; exit 1; }; }

"$netdicom" storescp 0 -od "$folder/moved" >"$folder/receiver.log" 2>&1 &
receiver=$!
cat >"$folder/archive.json" <<JSON
{ "open": true, "database": "area/index.sqlite", "instances": "area/instances", "peers": [ { "title": "DEST", "host": "127.0.0.1", "port": $(port_of "$folder/receiver.log") } ] }
JSON
"$netdicom" qrscp --port 0 -c "$folder/archive.json" >"$folder/archive.log" 2>&1 &
archive=$!
port=$(port_of "$folder/archive.log")
wanted=$(pixels "$folder/source.dcm")
echo "$gib GiB; $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
timed() { local began=$SECONDS; "${@:2}" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }; echo "$1: $((SECONDS - began)) s, the archive's peak so far $(peak)"; }
echo "before: $(peak)"
timed "stored" "$netdicom" storescu -td 600 -tn 600 127.0.0.1 "$port" "$folder/source.dcm"
same "$(find "$folder/area" -name '*.dcm')"
timed "got by C-GET" "$netdicom" getscu -td 600 -tn 600 -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=2.25.2 -od "$folder/got" 127.0.0.1 "$port"
same "$(find "$folder/got" -type f)"
timed "moved by C-MOVE" "$netdicom" movescu -td 600 -tn 600 -aem DEST -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=2.25.2 127.0.0.1 "$port"
same "$(find "$folder/moved" -type f)"
