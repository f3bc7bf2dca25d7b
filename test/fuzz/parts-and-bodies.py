# The parts of each message on standard input (base64, one a line), by Python's email package under two policies: for each leaf its type,
# its name and its body, decoded, without the line ends behind it: of a multipart that is not closed it is not sure whose they are. One
# JSON value a line.

import base64
import email
import email.policy
import json
import sys


def leaves(message):
    if message.is_multipart():
        return [leaf for part in message.get_payload() for leaf in leaves(part)]
    body = message.get_payload(decode=True) or b""
    return [[message.get_content_type(), message.get_filename(), body.rstrip(b"\r\n").hex()]]


def read(raw, policy):
    try:
        return leaves(email.message_from_bytes(raw, policy=policy))
    except Exception as error:
        return [type(error).__name__]


for line in sys.stdin:
    raw = base64.b64decode(line)
    print(json.dumps([read(raw, one) for one in (email.policy.compat32, email.policy.default)]))
