# Names of a program in each character set that Python knows: a line with the set and the bytes in base64, if Python shows a name that
# ends with .exe. First each set's own bytes for the dot, then what follows from the seed.

import base64, codecs, encodings.aliases, random, re, sys

luck = random.Random(int(sys.argv[1]))
NAME = 'evil.exe'
PIECES = [b'\x1b$B', b'\x1b(B', b'\x1b(J', b'\x1b$@', b'\x1b(I', b'\x0e', b'\x0f', b'\xff\xfe', b'\xfe\xff', b'\xef\xbb\xbf', b'\x80', b'\x8f', b'%', b'\xa4', b'\xc0\xae', b'\xed\xa0\x80', b'\x81']

def sets():
    for name in sorted(set(encodings.aliases.aliases.values()) | {'mac_arabic', 'mac_farsi', 'mac_croatian', 'mac_romanian', 'cp720', 'cp737', 'cp856', 'cp874', 'cp875', 'cp1006', 'koi8_t', 'koi8_u', 'utf_8_sig'}):
        try: known = codecs.lookup(name)
        except LookupError: continue
        if getattr(known, '_is_text_encoding', True): yield name

def written(charset):
    try: return NAME.encode(charset)
    except UnicodeError: return NAME.encode()

def shown(charset, raw):
    for errors in ('strict', 'ignore'):
        try: yield raw.decode(charset, errors)
        except Exception: pass

def tell(charset, raw):
    names = [re.sub('[\x00-\x1f\x7f-\x9f\ufeff]', '', name) for name in shown(charset, raw)]
    if any(name.rstrip(' .').lower().endswith('.exe') for name in names):
        print(charset, base64.b64encode(raw).decode())

ALL = list(sets())
for charset in ALL:
    tell(charset, written(charset))
    for byte in range(128, 256): tell(charset, b'evil' + bytes([byte]) + b'exe')
for _ in range(int(sys.argv[2])):
    charset = luck.choice(ALL)
    raw = written(charset)
    for _ in range(luck.randrange(3)):
        at = luck.randrange(len(raw) + 1)
        raw = raw[:at] + luck.choice(PIECES) + raw[at:]
    tell(charset, raw)
