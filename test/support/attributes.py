# Reads HTML with html5lib, as browsers do: a line with a document in base64 comes in, a line of JSON goes out with the values of all its
# attributes, in order.

import base64, json, sys, warnings
import html5lib

warnings.simplefilter('ignore')
for line in sys.stdin:
    tree = html5lib.parse(base64.b64decode(line).decode('utf-8'), treebuilder='etree')
    found = [[str(name).split('}')[-1], value] for element in tree.iter() for name, value in element.attrib.items()]
    print(json.dumps(found), flush=True)
