# Signs and checks mail with dkimpy, which has nothing to do with us. DNS answers come from a file of "name text" lines.
#   arc-check.py sign DOMAIN KEYFILE  < message   adds a DKIM-Signature
#   arc-check.py seal DOMAIN KEYFILE  < message   adds an ARC set with what its Authentication-Results of that name say
#   arc-check.py arc ZONEFILE         < message   prints the chain's status, how many sets it has, and why

import sys, dkim

what, *args = sys.argv[1:]
message = sys.stdin.buffer.read().replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')
if what == 'sign':
    domain, key = args
    covered = [b'from', b'to', b'subject']
    # Nobody should, but a signature may cover this, too.
    if b'Authentication-Results:' in message: covered.append(b'authentication-results')
    signature = dkim.sign(message, b'mail', domain.encode(), open(key, 'rb').read(), include_headers=covered)
    sys.stdout.buffer.write(signature + message)
elif what == 'seal':
    domain, key = args
    headers = dkim.arc_sign(message, b'mail', domain.encode(), open(key, 'rb').read(), domain.encode())
    sys.stdout.buffer.write(b''.join(headers) + message)
else:
    zone = dict(line.rstrip('\n').split(' ', 1) for line in open(args[0]))
    def answer(name, timeout=5):
        return zone.get(name.decode().rstrip('.'), '').encode()
    cv, results, comment = dkim.arc_verify(message, dnsfunc=answer)
    print((cv or b"none").decode(), len(results), comment)
