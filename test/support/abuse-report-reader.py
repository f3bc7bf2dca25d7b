# What Python's email and json read in a report of abuse: one line of JSON. Usage: abuse-report-reader.py < mail

import email
import email.policy
import hashlib
import base64
import json
import sys
import uuid
from datetime import datetime

# What XARF 4 asks of every report, and of one about spam.
CORE = ['xarf_version', 'report_id', 'timestamp', 'reporter', 'sender', 'source_identifier', 'category', 'type']
SMTP = ['smtp_from', 'source_port']


def xarf(part):
    report = json.loads(part.get_content() if part.get_content_maintype() == 'text' else part.get_payload(decode=True))
    missing = [name for name in CORE + ['protocol'] if name not in report]
    if report['protocol'] == 'smtp':
        missing += [name for name in SMTP if name not in report]
    assert not missing, missing
    assert uuid.UUID(report['report_id']).version == 4
    assert datetime.fromisoformat(report['timestamp'].replace('Z', '+00:00')).tzinfo is not None
    for us in (report['reporter'], report['sender']):
        assert sorted(us) == ['contact', 'domain', 'org'], us
    for one in report['evidence']:
        raw = base64.b64decode(one['payload'], validate=True)
        assert one['hash'] == 'sha256:' + hashlib.sha256(raw).hexdigest() and one['size'] == len(raw)
        one['header'] = dict(email.message_from_bytes(raw).items())
    assert len(report['description']) <= 1000
    return report


mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
assert not mail.defects, mail.defects
parts = list(mail.iter_parts())
types = [part.get_content_type() for part in parts]
found = {
    'type': mail.get_content_type(),
    'reportType': mail.get_param('report-type'),
    'to': str(mail['to']),
    'from': str(mail['from']),
    'subject': str(mail['subject']),
    'auto': str(mail['auto-submitted']),
    'types': types,
    'text': parts[0].get_content().replace('\r\n', '\n'),
    'xarf': [xarf(part) for part in parts if part.get_content_type() == 'application/json'],
}
if types[1] == 'message/feedback-report':
    body = parts[1].get_payload()
    inner = body[0] if isinstance(body, list) else email.message_from_string(body)
    # Python takes the fields of a message/* part for its header.
    found['feedback'] = dict(inner.items())
    found['header'] = dict(email.message_from_string(parts[2].get_payload(decode=True).decode()).items())
print(json.dumps(found))
