# What Python's email, gzip and json read in reports of TLS (RFC 8460): one line of JSON for each mail in an mbox-like list of base64. Usage: reader < lines

import base64
import email
import email.policy
import gzip
import json
import re
import sys
from datetime import datetime

TYPES = ['starttls-not-supported', 'certificate-host-mismatch', 'certificate-expired', 'certificate-not-trusted', 'validation-failure',
         'tlsa-invalid', 'dnssec-invalid', 'dane-required', 'sts-policy-fetch-error', 'sts-policy-invalid', 'sts-webpki-invalid']

for line in sys.stdin:
    mail = email.message_from_bytes(base64.b64decode(line), policy=email.policy.default)
    assert not mail.defects, mail.defects
    assert mail.get_content_type() == 'multipart/report' and mail.get_param('report-type') == 'tlsrpt'
    prose, part = mail.iter_parts()
    assert part.get_content_type() == 'application/tlsrpt+gzip'
    domain, submitter = str(mail['tls-report-domain']), str(mail['tls-report-submitter'])
    report = json.loads(gzip.decompress(part.get_payload(decode=True)))
    subject = re.fullmatch(r'Report Domain: (\S+) Submitter: (\S+) Report-ID: <(\S+)>', str(mail['subject']))
    assert subject.groups() == (domain, submitter, report['report-id']), str(mail['subject'])
    times = [datetime.fromisoformat(report['date-range'][end].replace('Z', '+00:00')) for end in ('start-datetime', 'end-datetime')]
    name = '%s!%s!%d!%d.json.gz' % (submitter, domain, times[0].timestamp(), times[1].timestamp())
    assert part.get_filename() == name, part.get_filename()
    for key in ('organization-name', 'contact-info'):
        assert report[key], key
    for one in report['policies']:
        assert one['policy']['policy-domain'] == domain and one['policy']['policy-type'] in ('tlsa', 'sts', 'no-policy-found')
        details = one.get('failure-details', [])
        assert all(each['result-type'] in TYPES for each in details), details
        assert one['summary']['total-failure-session-count'] == sum(each['failed-session-count'] for each in details)
    print(json.dumps({'to': str(mail['to']), 'required': str(mail['tls-required']), 'domain': domain, 'policies': report['policies']}))
