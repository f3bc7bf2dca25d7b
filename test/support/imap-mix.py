"""Random commands, the same to two IMAP servers, each answer before the next command: imap-mix.py DIRECT THROUGH SEED COUNT SEPARATOR. THROUGH has
TLS. Ends with 1 and says why where a tagged answer is of another kind, or the mailboxes are not the same at last."""

import random
import re
import socket
import ssl
import sys

direct, through, seed, count = map(int, sys.argv[1:5])
sep = sys.argv[5]
root = "INBOX." if sep == "." else ""
rng = random.Random(seed)
boxes = ["INBOX"] + [root + n for n in ("Drafts", "A", "B", f"A{sep}C", "sp ace", "&AOk-t", "Sendx", "send")]
flags = ["\\Seen", "\\Flagged", "\\Deleted", "\\Answered", "\\Draft", "kw1", "$Junk"]
BODIES = ["hi\r\n", "line {5}\r\n* BYE\r\nt1 OK\r\n" * 3, "x" * 9000 + "\r\n", "\r\n.\r\n..\r\n", "b\xe9\r\n", "+ go\r\nDONE\r\n"]
# The gateway refuses these, in front of any server.
OURS = re.compile(rb"(COMPRESS|STARTTLS|LOGIN|UNAUTHENTICATE|UID\r|COPY 1\r|LIST \"\" \"a)")
context = ssl._create_unverified_context()


class Session:
    def __init__(self, port, tls, user):
        self.given = (port, tls, user)
        self.open()

    def open(self):
        port, tls, user = self.given
        raw = socket.create_connection(("127.0.0.1", port), 60)
        self.socket = context.wrap_socket(raw) if tls else raw
        self.file = self.socket.makefile("rb")
        self.file.readline()
        assert b" OK" in self.run(b"t0 ", [f"LOGIN {user} secret\r\n".encode()])[0]

    def run(self, tag, parts):
        """The answer, with its continuations; each further part is said when it is asked for."""
        self.socket.sendall(tag + parts[0])
        left, heard = parts[1:], b""
        while True:
            line = self.file.readline()
            heard += line
            if line == b"" or line.startswith(tag):
                return line, heard
            if line.startswith(b"+"):
                # Not more than was asked for.
                self.socket.sendall(left.pop(0) if left else b"\r\n")
                continue
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            if literal and not re.match(rb"\* (OK|NO|BAD) ", line):
                heard += self.file.read(int(literal[1]))


def with_box(before, after="\r\n"):
    name = rng.choice(boxes)
    form = rng.random()
    if form < 0.4 and " " not in name:
        return [(before + name + after).encode()]
    if form < 0.8:
        return [f'{before}"{name}"{after}'.encode()]
    return [f"{before}{{{len(name)}}}\r\n".encode(), (name + after).encode()]


def flag_list():
    return "(" + " ".join(rng.sample(flags, rng.randrange(4))) + ")"


def append():
    text = f"From: a@x\r\nTo: b@y\r\nSubject: S{rng.randrange(99)}\r\nMessage-ID: <{rng.random()}@x>\r\n\r\n{rng.choice(BODIES)}".encode("latin1")
    given = rng.choice(["", flag_list() + " "])
    parts = with_box("APPEND ", f' {given}"28-Nov-2026 10:00:{rng.randrange(60):02} +0000" {{{len(text)}}}\r\n')
    return parts + [text + b"\r\n"]


def command():
    by = rng.choice(["", "UID "])
    numbers = rng.choice(["1", "1:*", "*", "2,4:5", "3:1", "1:3,7", "100:200"])
    sign = rng.choice(["+", "-", ""])
    kind = rng.randrange(20)
    if kind < 4:
        return append()
    if kind < 7:
        return with_box(rng.choice(["SELECT ", "SELECT ", "EXAMINE "]))
    if kind < 9:
        return with_box(f"{by}COPY {numbers} ")
    if kind < 12:
        silent = rng.choice(["", ".SILENT"])
        return [f"{by}STORE {numbers} {sign}FLAGS{silent} {flag_list()}\r\n".encode()]
    if kind < 14:
        what = rng.choice(["FLAGS", "(FLAGS UID BODY.PEEK[])", "ENVELOPE", "BODYSTRUCTURE", "RFC822.SIZE", "BODY.PEEK[TEXT]<3.50>"])
        return [f"{by}FETCH {numbers} {what}\r\n".encode()]
    if kind == 14:
        return rng.choice([[b"SEARCH SUBJECT {2}\r\n", b"S1\r\n"], [f"{by}SEARCH UNSEEN\r\n".encode()], [b"SEARCH OR SEEN DRAFT\r\n"]])
    if kind == 15:
        return with_box(rng.choice(["CREATE ", "CREATE ", "DELETE ", "SUBSCRIBE ", "UNSUBSCRIBE "]))
    if kind == 16:
        return [rng.choice([b"EXPUNGE\r\n", b"CLOSE\r\n", b"CHECK\r\n", b"NOOP\r\n"])]
    if kind == 17:
        return rng.choice([with_box("STATUS ", " (MESSAGES UNSEEN)\r\n"), [b'LIST "" *\r\n'], [b'LSUB "" *\r\n'], [b"NAMESPACE\r\n"]])
    if kind == 18:
        return rng.choice([[b"IDLE\r\n", b"DONE\r\n"], with_box(f"{by}MOVE {numbers} "), [b"ENABLE CONDSTORE\r\n"]])
    return [rng.choice([b"FOO\r\n", b"FETCH\r\n", b"STORE 1\r\n", b"COPY 1\r\n", b"UID\r\n", b"SELECT\r\n", b"FETCH 1 (BODY[\r\n", b"COMPRESS DEFLATE\r\n", b"STARTTLS\r\n", b'LIST "" "a\r\n'])]


def mailbox(port, user):
    one = Session(port, False, user)
    found = {}
    listed = one.run(b"t1 ", [b'LIST "" *\r\n'])[1]
    for name in sorted(re.findall(rb'" ("[^"]*"|[^ "\r\n]+)\r\n', listed)):
        one.run(b"t2 ", [b"EXAMINE " + name + b"\r\n"])
        all_of_it = one.run(b"t3 ", [b"FETCH 1:* (UID FLAGS BODY.PEEK[])\r\n"])[1]
        clean = re.sub(rb"\\Recent ?| ?\\Recent", b"", all_of_it)
        each = re.findall(rb"(?s)UID (\d+) FLAGS \(([^)]*)\) BODY\[\] (.*?\r\n\))", clean)
        found[name.strip(b'"')] = [(uid, sorted(of.split()), text) for uid, of, text in each]
    found["subscribed"] = sorted(one.run(b"t4 ", [b'LSUB "" *\r\n'])[1].split(b"\r\n")[:-2])
    return found


a = Session(direct, False, "ada@isp.example")
b = Session(through, True, "ann@isp.example")
for i in range(count):
    parts = command()
    tag = b"t%d " % (i + 1)
    (x, _), (y, _) = a.run(tag, list(parts)), b.run(tag, list(parts))
    same = x.split(b" ")[1:2] == y.split(b" ")[1:2]
    if not same and not OURS.match(parts[0]):
        print("command", i, parts, "\ndirect ", x, "\nthrough", y)
        sys.exit(1)
    # A server that has enough of errors ends a session; both begin anew.
    if x == b"" or y == b"" or i % 500 == 499:
        for one in (a, b):
            one.socket.close()
            one.open()
one, other = mailbox(direct, "ada@isp.example"), mailbox(direct, "ann@isp.example")
for name in sorted(set(one) | set(other), key=str):
    if one.get(name) != other.get(name):
        print("differs:", name, str(one.get(name))[:500], "\n", str(other.get(name))[:500])
        sys.exit(1)
print(f"{count} commands, {len(one)} folders, {sum(len(v) for v in one.values())} messages: the same")
