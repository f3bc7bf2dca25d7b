# Reads calendars with icalendar (Debian: python3-icalendar), which has nothing to do with us: a line with a calendar in base64 comes in, a line
# of JSON goes out: names and bytes of the files in it, and all values that are no files.

import base64, json, sys
from icalendar import Calendar

def named(params):
    return [str(value) for name, value in params.items() if name.upper().endswith('NAME')]

def read(raw):
    found = { 'files': [], 'values': [] }
    # What stops it is seen by nobody who uses it.
    try: calendar = Calendar.from_ical(raw)
    except Exception: return { 'files': [], 'values': [], 'gaveUp': True }
    for component in calendar.walk():
        for name, value in component.property_items(recursive=False):
            params = getattr(value, 'params', {})
            content = getattr(value, 'obj', value)
            if str(params.get('ENCODING', '')).upper() == 'BASE64':
                try: content = base64.b64decode(str(content))
                except Exception: continue
                found['files'].append({ 'names': named(params), 'bytes': base64.b64encode(content).decode() })
            else: found['values'].append(str(content))
    return found

for line in sys.stdin:
    print(json.dumps(read(base64.b64decode(line))), flush=True)
