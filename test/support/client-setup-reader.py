# What Python's own parsers of XML and property lists read in a file for mail programs: one line of JSON.
# Usage: client-setup-reader.py mozilla|pox|profile < file

import json
import plistlib
import sys
import xml.etree.ElementTree as ET


def local(element):
    return element.tag.rsplit('}', 1)[-1]


def texts(element):
    return {local(one): one.text for one in element}


def mozilla(data):
    root = ET.fromstring(data)
    assert (root.tag, root.get('version')) == ('clientConfig', '1.1')
    [provider] = root
    servers = []
    for one in provider:
        if one.tag in ('incomingServer', 'outgoingServer'):
            servers.append({'type': one.get('type'), **texts(one)})
    help_at = [one.get('url') for one in provider.findall('documentation')]
    name = provider.findtext('displayName')
    return {'domain': provider.findtext('domain'), 'name': name, 'servers': servers, 'help': help_at}


def pox(data):
    root = ET.fromstring(data)
    found = {'schema': root[0].tag.rsplit('}', 1)[0].lstrip('{'), 'servers': []}
    for one in root.iter():
        if local(one) == 'Protocol':
            found['servers'].append(texts(one))
        if local(one) in ('DisplayName', 'ErrorCode', 'Action'):
            found[local(one)] = one.text
    return found


def profile(data):
    return plistlib.loads(data, fmt=plistlib.FMT_XML)


print(json.dumps({'mozilla': mozilla, 'pox': pox, 'profile': profile}[sys.argv[1]](sys.stdin.buffer.read())))
