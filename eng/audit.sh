#!/usr/bin/env bash
# Asks the package feed for known vulnerabilities and deprecations of every package, direct or not: eng/audit.sh
# The build does the first by itself (NuGetAudit in Directory.Build.props). Exit code 1: something is known; 0: nothing is, or the feed cannot be asked, which is said.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
if ! said=$(dotnet list NetDicom.slnx package --vulnerable --include-transitive 2>&1); then
    echo "The feed could not be asked:"; tail -n 3 <<<"$said"; exit 0
fi
if grep -q "has the following vulnerable packages" <<<"$said"; then echo "$said"; exit 1; fi
grep -iE "no vulnerable packages|NU1900|NU1905|does not provide" <<<"$said" || tail -n 3 <<<"$said"
