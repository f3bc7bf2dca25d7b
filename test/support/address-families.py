# Runs a program that may open sockets of these families only, as systemd's RestrictAddressFamilies: address-families.py "AF_INET AF_UNIX" PROGRAM ARG…
# By libseccomp; whoever starts it has given up new privileges (setpriv --no-new-privs).

import os
import socket
import sys

import seccomp

ERROR = 97  # EAFNOSUPPORT, as systemd says
FAMILIES = 46  # as many as this kernel's include/linux/socket.h names

allowed = {getattr(socket, name) for name in sys.argv[1].split()}
rules = seccomp.SyscallFilter(seccomp.ALLOW)
for family in range(FAMILIES):
    if family not in allowed:
        rules.add_rule(seccomp.ERRNO(ERROR), "socket", seccomp.Arg(0, seccomp.EQ, family))
rules.load()
os.execvp(sys.argv[2], sys.argv[2:])
