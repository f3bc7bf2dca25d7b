# Opens many connections to one port and keeps them: idle after the greeting, or inside TLS, or writing a byte a second.
# Usage: crowd.py PORT COUNT plain|tls|slow|endless|unread. Prints "ready" when all stand; ends when standard input does.
# "unread" sends commands and reads no reply, until none of them is taken any more; with small segments and little room to receive, so
# that the kernel keeps some ten kilobytes for each and not megabytes, as it would on loopback.
# "endless" sends one line that never ends, as fast as it is taken, COUNT MiB of it, and prints what came of that.

import resource, socket, ssl, sys, threading, time

port, count, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
# 168 KB of commands each: more than the server reads of who does not take eighty bytes of reply to six of command.
ROUNDS = 7
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
tls = ssl._create_unverified_context()

def line(sock):
    data = b''
    while not data.endswith(b'\n') or data[-5:-4] == b'-' or b'250-' in data.splitlines()[-1]:
        got = sock.recv(4096)
        if not got:
            raise OSError('closed')
        data += got
    return data

def one():
    sock = socket.socket()
    sock.settimeout(60)
    if kind == 'unread':
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    sock.connect(('127.0.0.1', port))
    line(sock)
    if kind == 'tls':
        sock.sendall(b'EHLO home.example\r\n')
        line(sock)
        sock.sendall(b'STARTTLS\r\n')
        line(sock)
        sock = tls.wrap_socket(sock)
    if kind == 'slow':
        for word in (b'EHLO home.example', b'MAIL FROM:<a@meadow.example>', b'RCPT TO:<sink@isp.example>', b'DATA'):
            sock.sendall(word + b'\r\n')
            line(sock)
    return sock

if kind == 'endless':
    sock = one()
    block = b'x' * 65536
    try:
        for _ in range(count * 16):
            sock.sendall(block)
        sock.sendall(b'\r\n')
        print(line(sock).decode().strip(), flush=True)
    except OSError as error:
        print('ended:', error, flush=True)
    sys.exit()

def flood(sock):
    sock.setblocking(False)
    try:
        return sock.send(block)
    except BlockingIOError:
        return 0

socks = [one() for _ in range(count)]
if kind == 'unread':
    block = (b'EHLO a\r\n' * 40 + b'MAIL FROM:<a@meadow.example>\r\nRCPT TO:<sink@isp.example>\r\nRSET\r\n') * 100
    for _ in range(ROUNDS):
        for sock in socks:
            flood(sock)
        time.sleep(0.5)
    print('ready', flush=True)
else:
    print('ready', flush=True)
over = threading.Event()

def drip():
    while not over.wait(1):
        for sock in socks:
            try:
                sock.send(b'x')
            except OSError:
                pass

if kind == 'slow':
    threading.Thread(target=drip, daemon=True).start()
sys.stdin.read()
over.set()
