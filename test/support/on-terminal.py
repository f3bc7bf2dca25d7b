"""Runs a program on a terminal of its own, and answers each question with the next line once its words are there: PROMPT=ANSWER … -- PROGRAM …"""

import os
import pty
import sys

split = sys.argv.index("--")
answers = [one.split("=", 1) for one in sys.argv[1:split]]
said = b""


def read(fd):
    global said
    data = os.read(fd, 1024)
    said += data
    if answers and answers[0][0].encode() in said:
        said = b""
        os.write(fd, answers.pop(0)[1].encode() + b"\n")
    return data


status = pty.spawn(sys.argv[split + 1 :], read, lambda fd: b"")
sys.exit(os.waitstatus_to_exitcode(status))
