"""Two network namespaces joined by a pair of interfaces, for live tests. Needs root and ip(8). Nothing leaves them."""
import fnmatch
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

A, B = "10.9.0.1", "10.9.0.2"

SENDER = """
import socket, sys, time
kind, host, port, count, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
if kind == "udp":
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    for i in range(count):
        s.sendto(b"x" * size, (host, port))
elif kind == "tcp":
    for i in range(count):
        try:
            s = socket.create_connection((host, port), 2)
            s.sendall(b"x" * size)
            s.close()
        except OSError:
            pass
elif kind == "serve":
    s = socket.create_server((host, port))
    print("ready", flush=True)
    while True:
        c, _ = s.accept()
        while c.recv(65536):
            pass
        c.close()
"""

# A name server: answers every PTR question, after argv[1] seconds, or never if that is negative.
NAME_SERVER = """
import socket, struct, sys, threading
wait = float(sys.argv[1])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
print("ready", flush=True)
def answer(q, who):
    n, labels = 12, []
    while q[n]:
        labels.append(q[n + 1:n + 1 + q[n]].decode())
        n += 1 + q[n]
    name = ["h" + "-".join(reversed(labels[:4])), "example", "org"]
    data = b"".join(bytes([len(x)]) + x.encode() for x in name) + b"\\0"
    s.sendto(q[:2] + bytes([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]) + q[12:n + 5] +
             bytes([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60]) + struct.pack(">H", len(data)) + data, who)
while True:
    q, who = s.recvfrom(4096)
    if wait >= 0:
        threading.Timer(wait, answer, (q, who)).start()
"""


def sh(*argv, check=True):
    return subprocess.run(argv, check=check, capture_output=True, text=True)


def listening(child):
    """A capture that has just been started, once it listens: what it said until then is in its .said."""
    child.said = ""
    end = time.monotonic() + 10
    while not re.search(r"listening on .*\n", child.said):
        assert time.monotonic() < end, child.said
        if select.select([child.stderr], [], [], 0.1)[0]:
            got = os.read(child.stderr.fileno(), 65536).decode()
            child.said += got
            assert got, f"ended early: {child.said}"
    return child


class Net:
    def __init__(self, binary):
        self.binary = binary
        self.a, self.b = f"wt{os.getpid()}a", f"wt{os.getpid()}b"
        self.children = []
        self.folder = tempfile.TemporaryDirectory()
        self.dir = Path(self.folder.name)
        os.chmod(self.dir, 0o777)

    def up(self):
        for ns in (self.a, self.b):
            sh("ip", "netns", "add", ns)
            sh("ip", "-n", ns, "link", "set", "lo", "up")
            sh("ip", "netns", "exec", ns, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6; "
               "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6", check=False)
        self.join()

    def join(self):
        sh("ip", "-n", self.a, "link", "add", "eth1", "type", "veth", "peer", "name", "eth1", "netns", self.b)
        for ns, address in ((self.a, A), (self.b, B)):
            sh("ip", "-n", ns, "addr", "add", f"{address}/24", "dev", "eth1")
            sh("ip", "-n", ns, "link", "set", "eth1", "up")
        for ns in (self.a, self.b):
            for _ in range(100):
                if "state UP" in sh("ip", "-n", ns, "link", "show", "eth1").stdout:
                    break
                time.sleep(0.05)
        # So that no ARP comes in between.
        for ns, other, address in ((self.a, self.b, B), (self.b, self.a, A)):
            mac = sh("ip", "netns", "exec", other, "cat", "/sys/class/net/eth1/address").stdout.strip()
            sh("ip", "-n", ns, "neigh", "replace", address, "lladdr", mac, "dev", "eth1", "nud", "permanent")

    def down(self):
        for c in self.children:
            if c.poll() is None:
                c.kill()
            c.communicate()
        for ns in (self.a, self.b):
            sh("ip", "netns", "del", ns, check=False)
        self.folder.cleanup()

    def popen(self, ns, *argv, **how):
        how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        child = subprocess.Popen(["ip", "netns", "exec", ns, *argv], cwd=self.dir,
                                 env=dict(os.environ, TZ="UTC0"), **how)
        self.children.append(child)
        return child

    def start(self, *args, binary=None, root=True, ns=None, **how):
        """Starts a capture in b, and returns when it listens."""
        argv = [binary or self.binary, *(["-Z", "root"] if root else []), *args]
        return listening(self.popen(ns or self.b, *argv, **how))

    def send(self, kind="udp", count=1, port=1234, size=10, host=B, ns=None):
        sh("ip", "netns", "exec", ns or self.a, sys.executable, "-c", SENDER, kind, host, str(port), str(count), str(size))

    def send_everywhere(self, count, size):
        """UDP, so much from each processor, at the same time."""
        senders = [self.popen(self.a, sys.executable, "-c", f"import os; os.sched_setaffinity(0, {{{cpu}}})\n" + SENDER,
                              "udp", B, "1234", str(count), str(size)) for cpu in os.sched_getaffinity(0)]
        for s in senders:
            s.communicate()
        return count * len(senders)

    def serve(self, port=80, host=B):
        child = self.popen(self.b, sys.executable, "-c", SENDER, "serve", host, str(port), "0", "0")
        assert child.stdout.readline() == b"ready\n"
        return child

    def stop(self, child, signo=signal.SIGINT, timeout=10):
        """Signals it, and returns its output, all of its messages, and its status."""
        child.send_signal(signo)
        return self.end(child, timeout)

    def end(self, child, timeout=10):
        out, err = child.communicate(timeout=timeout)
        return (out or b"").decode(), child.said + err.decode(), child.returncode


class Skip(Exception):
    pass


def main(tests):
    """Runs what is called test_ in the dictionary, as the command line says; the exit status."""
    if os.getuid() != 0 or not shutil.which("ip"):
        print("skipped: needs root and ip(8)")
        return 77
    binary, patterns = os.path.abspath(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGHUP, signal.SIG_DFL)    # under nohup it would be ignored by the program, too
    net = Net(binary)
    try:
        net.up()
    except subprocess.CalledProcessError as e:
        net.down()
        print(f"skipped: network namespaces cannot be made here: {e.stderr.strip()}")
        return 77
    net.down()
    passed = failed = skipped = 0
    for name, test in list(tests.items()):
        if not name.startswith("test_") or (patterns and not any(fnmatch.fnmatch(name[5:], p) for p in patterns)):
            continue
        net = Net(binary)
        try:
            net.up()
            test(net)
            passed += 1
        except Skip as why:
            skipped += 1
            print(f"SKIP {name[5:]}: {why}")
        except Exception:
            failed += 1
            print(f"FAIL {name[5:]}")
            traceback.print_exc(file=sys.stdout)
        finally:
            net.down()
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return failed > 0 or passed == 0
