// The modem's menu entry "expert": a shell script that its menu runs as root. It asks for the code on the label under the modem, which no
// machine inside can read, and takes only a few wrong codes an hour. Pure.

import { MARK } from './profile.ts'

/** Wrong codes in an hour. */
const MAX_WRONG = 5

/** `codeHash`: SHA-256 of the code on the label, in hexadecimal. */
export function cpeSwitch(codeHash: string): string {
  return `#!/bin/sh
# ${MARK}
# The menu entry "expert: translation and blocks off". Usage: cordon-cpe-switch consumer|expert, the code of the label on standard input.
# Exit 0 when it is done, 1 for a wrong code, 2 for a wrong word, 3 after ${MAX_WRONG} wrong codes within an hour.
set -eu
folder=\${CORDON_CPE:-/etc/cordon-cpe}
case \${1:-} in consumer | expert) ;; *) echo "Say consumer or expert." >&2; exit 2 ;; esac
now=$(date +%s)
wrong=$folder/wrong
touch "$wrong"
recent=$(awk -v now="$now" '$1 > now - 3600' "$wrong" | wc -l)
[ "$recent" -lt ${MAX_WRONG} ] || { echo "Too many wrong codes. Please wait an hour." >&2; exit 3; }
IFS= read -r code || true
given=$(printf %s "\${code:-}" | tr -d ' -' | tr a-z A-Z | sha256sum | cut -d' ' -f1)
if [ "$given" != ${codeHash} ]; then
  echo "$now" >> "$wrong"
  echo "That is not the code on the label." >&2
  exit 1
fi
: > "$wrong"
if command -v uci > /dev/null 2>&1; then
  uci -q batch < "$folder/$1.uci"
  service firewall reload
  service miniupnpd restart || true
else
  nft -f "$folder/$1.nft"
fi
echo "$1" > "$folder/profile"
`
}
