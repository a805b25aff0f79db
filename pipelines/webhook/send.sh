#!/bin/sh
# Signs each event of events.ndjson with WEBHOOK_SECRET and sends it: sh webhook/send.sh [URL]
: "${WEBHOOK_SECRET:?is not set}"
url=${1:-http://127.0.0.1:8080}/ingest/Event
while IFS= read -r body; do
  signature=$(printf '%s' "$body" | openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" -r | cut -d ' ' -f 1)
  curl -fsS "$url" -H 'content-type: application/json' -H "x-signature: $signature" --data-binary "$body" || exit
  echo
done <"$(dirname "$0")/events.ndjson"
