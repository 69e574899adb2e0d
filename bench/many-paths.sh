#!/usr/bin/env bash
# What storescu does with more paths than memory should hold: bench/many-paths.sh NETDICOM [PATHS]
# PATHS lines (1,000,000) of paths that are no files go to standard input: each is looked at, told of as JSON and forgotten. A hundredth of them first, to compare.
set -euo pipefail
netdicom=${1:?path of netdicom} paths=${2:-1000000}
measure() { python3 -c '
import os, subprocess, sys, time
start = time.time()
p = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(p.pid, 0)
print("exit %d, %.1f s, processor %.1f s, peak memory %d MiB" % (os.waitstatus_to_exitcode(status), time.time() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024))' "$@"; }
for count in $((paths / 100)) "$paths"; do
    echo -n "$count paths: "
    seq -f "/tmp/no-such-folder/with-a-name-of-some-length/series-0001/image-%010.0f.dcm" 1 "$count" | measure "$netdicom" storescu --stdin --json 127.0.0.1 1
done
