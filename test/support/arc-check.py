# Signs and checks mail with dkimpy, which has nothing to do with us. DNS answers come from a file of "name text" lines.
#   arc-check.py sign DOMAIN KEYFILE  < message   adds a DKIM-Signature
#   arc-check.py arc ZONEFILE         < message   prints the chain's status, how many sets it has, and why

import sys, dkim

what, *args = sys.argv[1:]
message = sys.stdin.buffer.read().replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')
if what == 'sign':
    domain, key = args
    signature = dkim.sign(message, b'mail', domain.encode(), open(key, 'rb').read(), include_headers=[b'from', b'to', b'subject'])
    sys.stdout.buffer.write(signature + message)
else:
    zone = dict(line.rstrip('\n').split(' ', 1) for line in open(args[0]))
    def answer(name, timeout=5):
        return zone.get(name.decode().rstrip('.'), '').encode()
    cv, results, comment = dkim.arc_verify(message, dnsfunc=answer)
    print((cv or b"none").decode(), len(results), comment)
