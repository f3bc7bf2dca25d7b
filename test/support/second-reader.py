# Reads messages with Python's email package, which has nothing to do with us: a line with a message in base64 comes in, a line of JSON
# goes out with what its new and its old policy see: fields in order, authors, recipients, names of files, texts.

import base64, json, re, sys
from email import policy
from email.header import decode_header
from email.parser import BytesParser
from email.utils import getaddresses

def text(value):
    return str(value).encode('utf-8', 'surrogateescape').decode('latin-1')

def authors(message, modern):
    if modern: return [one.addr_spec for field in message.get_all('from', []) for one in field.addresses]
    return [address for _, address in getaddresses([value for name, value in message.raw_items() if name.lower() == 'from'])]

# As mail programs do that decode a field before they look for addresses in it. What stops it is seen by nobody.
def decoded_first(message):
    for name, value in message.raw_items():
        if name.lower() != 'from': continue
        letters = value.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')
        try:
            words = [word if isinstance(word, str) else word.decode(charset or 'raw-unicode-escape', 'replace') for word, charset in decode_header(letters)]
            # It writes what is not ASCII as an escape into the encoded word beside it; no mail program shows that.
            words = [re.sub(r'\\u([0-9a-f]{4})', lambda sign: chr(int(sign[1], 16)), word) for word in words]
            for way in (' '.join(words), ''.join(words)): yield from (text(address) for _, address in getaddresses([way]))
        except Exception: pass

RECIPIENTS = ['to', 'cc', 'bcc', 'reply-to']

def recipients(message, modern):
    if modern: return [one.addr_spec for name in RECIPIENTS for field in message.get_all(name, []) for one in field.addresses]
    return [address for _, address in getaddresses([value for name, value in message.raw_items() if name.lower() in RECIPIENTS])]

def texts(message):
    for part in message.walk():
        if part.is_multipart() or part.get_content_maintype() not in ('text', 'multipart'): continue
        content = part.get_payload(decode=True) or b''
        try: yield content.decode(part.get_content_charset() or 'latin-1', 'replace')
        except Exception: yield content.decode('latin-1')

def read(raw, rules, modern):
    # What stops it is seen by nobody who uses it.
    try: message = BytesParser(policy=rules).parsebytes(raw)
    except Exception: return { 'fields': [], 'from': [], 'to': [], 'files': [], 'texts': [] }
    found = { 'fields': [[text(name), text(value)] for name, value in message.raw_items()] }
    # What a reader cannot make sense of it shows to nobody.
    try: found['from'] = [text(one) for one in authors(message, modern)]
    except Exception: found['from'], found['gaveUp'] = [], True
    if not modern: found['decodedFirst'] = list(decoded_first(message))
    try: found['files'] = [text(name) for part in message.walk() for name in [part.get_filename()] if name]
    except Exception: found['files'] = []
    try: found['to'] = [text(one) for one in recipients(message, modern)]
    except Exception: found['to'] = []
    try: found['texts'] = [text(one) for one in texts(message)]
    except Exception: found['texts'] = []
    return found

for line in sys.stdin:
    raw = base64.b64decode(line)
    print(json.dumps({ 'default': read(raw, policy.default, True), 'compat32': read(raw, policy.compat32, False) }), flush=True)
