# What systemd is to a service that says how it goes: a datagram socket. Prints each datagram as a line of JSON; the path may
# begin with "@" (an abstract address).
import json
import os
import socket
import sys

path = sys.argv[1]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind("\0" + path[1:] if path.startswith("@") else path)
print("listening", flush=True)
while True:
    # Descriptors that come along (BARRIER=1) are closed at once: it has been read.
    data, descriptors, _, _ = socket.recv_fds(listener, 65536, 4)
    for one in descriptors:
        os.close(one)
    print(json.dumps(data.decode()), flush=True)
