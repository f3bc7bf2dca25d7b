# What Python's email, gzip and XML and libxml2's schemas read in reports of DMARC (RFC 9990): one line of JSON for each mail in a list of
# base64. Usage: reader < lines

import base64
import email
import email.policy
import gzip
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as tree

SCHEMA = os.path.join(os.path.dirname(__file__), 'dmarc-2.0.xsd')
NAMES = {'': 'urn:ietf:params:xml:ns:dmarc-2.0'}

def text(node, path):
    found = node.find(path, NAMES)
    return None if found is None else found.text or ''

for line in sys.stdin:
    mail = email.message_from_bytes(base64.b64decode(line), policy=email.policy.default)
    assert not mail.defects, mail.defects
    prose, part = mail.iter_parts()
    assert part.get_content_type() == 'application/gzip' and part.get_content_disposition() == 'attachment'
    xml = gzip.decompress(part.get_payload(decode=True))
    checked = subprocess.run(['/usr/bin/xmllint', '--nonet', '--noout', '--schema', SCHEMA, '-'], input=xml, capture_output=True)
    assert checked.returncode == 0, checked.stderr.decode() + xml.decode()
    report = tree.fromstring(xml)
    domain = text(report, 'policy_published/domain')
    subject = re.fullmatch(r'Report Domain: (\S+) Submitter: (\S+) Report-ID: <(\S+)>', str(mail['subject']))
    assert subject and (subject[1], subject[3]) == (domain, text(report, 'report_metadata/report_id')), str(mail['subject'])
    period = [int(text(report, 'report_metadata/date_range/' + end)) for end in ('begin', 'end')]
    assert period[0] % 86400 == 0 and period[1] - period[0] == 86399, period
    assert part.get_filename() == '%s!%s!%d!%d.xml.gz' % (subject[2], domain, *period), part.get_filename()
    print(json.dumps({
        'to': str(mail['to']),
        'from': mail['from'].addresses[0].addr_spec,
        'domain': domain,
        'policy': {one.tag.split('}')[1]: one.text for one in report.find('policy_published', NAMES)},
        'records': [{
            'ip': text(one, 'row/source_ip'),
            'count': int(text(one, 'row/count')),
            'disposition': text(one, 'row/policy_evaluated/disposition'),
            'dkim': text(one, 'row/policy_evaluated/dkim'),
            'spf': text(one, 'row/policy_evaluated/spf'),
            'reasons': [text(reason, 'type') for reason in one.findall('row/policy_evaluated/reason', NAMES)],
            'from': text(one, 'identifiers/header_from'),
            'envelope': text(one, 'identifiers/envelope_from'),
            'signatures': [[text(each, 'domain'), text(each, 'selector'), text(each, 'result')] for each in one.findall('auth_results/dkim', NAMES)],
            'sent': [text(one, 'auth_results/spf/domain'), text(one, 'auth_results/spf/result')],
        } for one in report.findall('record', NAMES)],
    }))
