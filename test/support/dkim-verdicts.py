# A second verdict on DKIM signatures, by dkimpy. Reads a zone (JSON, name to text) on the first line, then a message in base64 on each;
# prints for each whether its topmost signature verifies: yes or no.

import sys, base64, json, dkim

zone = json.loads(sys.stdin.readline())

def answer(name, timeout=5):
    text = zone.get(name.decode('latin1').rstrip('.').lower())
    return text.encode() if text is not None else None

for line in sys.stdin:
    try:
        good = dkim.DKIM(base64.b64decode(line)).verify(dnsfunc=answer)
    except Exception:
        good = False
    print('yes' if good else 'no')
