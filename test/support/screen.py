"""Runs a program on terminals and tells what a person sees there, by pyte: SECONDS:COLUMNSxROWS … -- PROGRAM …

At each of those times (s since it wrote something) the screen is told as one line of JSON, and the terminal then has the next size; at the end what stands
on the ordinary screen. The first size is there from the beginning. Its exit code is the program's.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

import pyte

split = sys.argv.index("--")
looks = []
for word in sys.argv[1:split]:
    at, size = word.split(":")
    columns, rows = size.split("x")
    looks.append((float(at), int(columns), int(rows)))
program = sys.argv[split + 1 :]


def sized(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


_, columns, rows = looks[0]
screen = pyte.Screen(columns, rows)
stream = pyte.ByteStream(screen)
# pyte knows no alternate screen: what is written behind its end is the ordinary one.
LEFT = b"\x1b[?1049l"

child, fd = pty.fork()
if child == 0:
    time.sleep(0.2)  # until the size is set
    os.execvp(program[0], program)
sized(fd, columns, rows)


def told(kind):
    cells = [
        [
            {"text": cell.data, "colour": cell.fg, "bold": cell.bold}
            for _, cell in sorted((x, screen.buffer[y][x]) for x in range(screen.columns))
        ]
        for y in range(screen.lines)
    ]
    lines = [line.rstrip() for line in screen.display]
    print(json.dumps({"kind": kind, "lines": lines, "cells": cells}), flush=True)


began = None
waiting = list(looks)
rest = b""
after = None
while True:
    ready, _, _ = select.select([fd], [], [], 0.1)
    if ready:
        try:
            data = os.read(fd, 65536)
        except OSError:
            break
        if not data:
            break
        began = began or time.monotonic()
        if after is None and LEFT in rest + data:
            after = (rest + data).split(LEFT, 1)[1]
        elif after is not None:
            after += data
        rest = data[-len(LEFT) :]
        stream.feed(data)
    if waiting and began and time.monotonic() - began >= waiting[0][0]:
        told("look")
        waiting.pop(0)
        if waiting:
            _, columns, rows = waiting[0]
            screen.resize(rows, columns)
            sized(fd, columns, rows)
            os.kill(child, signal.SIGWINCH)

_, status = os.waitpid(child, 0)
print(json.dumps({"kind": "end", "text": (after or b"").decode()}), flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
