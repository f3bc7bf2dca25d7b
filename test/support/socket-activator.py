# Does what systemd does with a socket unit: listens, starts the service with the socket as descriptor 3, and starts it
# again when told to ("restart" on standard input) without ever closing the socket.
# Usage: socket-activator.py NAME COUNT PROGRAM ARGUMENT...   The first line it prints is the port. With a COUNT above 1
# there are so many sockets on that port, as ReusePort=yes makes them.

import os, signal, socket, sys

name, count, program = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
sockets = []
for i in range(count):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if count > 1:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    one.bind(('127.0.0.1', sockets[0].getsockname()[1] if sockets else 0))
    one.listen(511)
    sockets.append(one)
print(sockets[0].getsockname()[1], flush=True)

def start():
    pid = os.fork()
    if pid == 0:
        # First out of the way, then to their places.
        spare = [os.dup2(one.fileno(), 100 + i) for i, one in enumerate(sockets)]
        for i, fd in enumerate(spare):
            os.dup2(fd, 3 + i, inheritable=True)
        for fd in spare:
            os.close(fd)
        os.environ.update(LISTEN_FDS=str(count), LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES=':'.join([name] * count))
        os.execvp(program[0], program)
    return pid

child = start()
for line in sys.stdin:
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)
    if line.strip() == 'restart':
        child = start()
        print('restarted', flush=True)
    else:
        break
