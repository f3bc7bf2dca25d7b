# Does what systemd does with a socket unit: listens, starts the service with the socket as descriptor 3, and starts it
# again when told to ("restart" on standard input) without ever closing the socket.
# Usage: socket-activator.py NAME PROGRAM ARGUMENT...   The first line it prints is the port.

import os, signal, socket, sys

name, program = sys.argv[1], sys.argv[2:]
listening = socket.socket()
listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listening.bind(('127.0.0.1', 0))
listening.listen(511)
print(listening.getsockname()[1], flush=True)

def start():
    pid = os.fork()
    if pid == 0:
        os.dup2(listening.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES=name)
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
