"""What tests of faults need: file systems that fill up, break and lose power, a sender of numbered packets, captures looked at."""
import ctypes
import fcntl
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "live"), str(HERE.parent / "cli")]
from capture import eth, pcap, udp  # noqa: E402
from net import B, Net, Skip, listening, sh  # noqa: E402

# A sender of numbered packets: "FIRST COUNT SIZE PAUSE" a line; answers when they are sent.
SENDER = """
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
for line in sys.stdin:
    first, count, size, pause = line.split()
    for i in range(int(first), int(first) + int(count)):
        try:
            s.sendto((b"%08d" % i).ljust(int(size), b"x"), (sys.argv[1], int(sys.argv[2])))
        except OSError:
            pass
        if float(pause):
            time.sleep(float(pause))
    print("sent", flush=True)
"""

EXT4_IOC_SHUTDOWN = 0x8004587D
SHUTDOWN_NO_LOG_FLUSH = 2


HEADER = pcap([])


def records(first, count, size=1000, noise=False):
    """Records of a pcap file, numbered as the sender's packets are; noise does not get smaller when it is compressed."""
    one = pcap([eth(udp(1000, 1234, b"x" * size))])[24:]
    head, pad = one[:16 + 42], one[16 + 42 + 8:]
    dice = random.Random(first)
    return b"".join(head + b"%08d" % i + (dice.randbytes(size - 8) if noise else pad) for i in range(first, first + count))


def capture(count, size=1000, noise=False):
    return HEADER + records(0, count, size, noise)


def number(packet):
    """A numbered packet's number; None: it is another's."""
    m = re.search(rb"\d{8}", packet[40:60])
    return int(m.group()) if m and len(packet) >= 50 else None


def whole_records(data):
    """The whole packets of a pcap or pcapng file's bytes, and whether anything follows them."""
    out, at = [], 0
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        while at + 12 <= len(data):
            kind, n = struct.unpack_from("<II", data, at)
            if at + n > len(data):
                break
            if kind == 6:
                caplen = struct.unpack_from("<I", data, at + 20)[0]
                out.append(data[at + 28:at + 28 + caplen])
            at += n
        return out, at < len(data)
    at = 24
    while at + 16 <= len(data):
        n = struct.unpack_from("<I", data, at + 8)[0]
        if at + 16 + n > len(data):
            break
        out.append(data[at + 16:at + 16 + n])
        at += 16 + n
    return out, at < len(data)


class Place:
    """A folder, with file systems in it that can be had, and the program under test; udp names the filter for its own packets."""

    def __init__(self, net, binary, shim, folder, port):
        self.port, self.udp = port, f"udp port {port}"
        self.net, self.binary, self.shim, self.dir = net, binary, shim, Path(folder)
        # A sanitizer's own memory and calls are in the way of what is preloaded.
        self.examined = any(mark in Path(binary).read_bytes() for mark in (b"__asan_init", b"__tsan_init", b"__msan_init"))
        self.mounts, self.children, self.sender, self.groups = [], [], None, []

    def close(self):
        for c in self.children:
            if c.poll() is None:
                c.kill()
            for f in (c.stdin, c.stdout, c.stderr):
                if f:
                    f.close()
            c.wait()
        for m in reversed(self.mounts):
            sh("umount", "-l", str(m), check=False)
        for g in self.groups:
            for _ in range(50):
                try:
                    g.rmdir()
                    break
                except OSError:
                    time.sleep(0.02)

    # --- file systems ---

    def tmpfs(self, name, size):
        at = self.dir / name
        at.mkdir()
        sh("mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", str(at))
        self.mounts.append(at)
        return at

    def ext4(self, name, size=16 << 20, options="", room=None):
        """A new one on a loop device; room: the file beneath it lies where there is only so much room."""
        for tool in ("mkfs.ext4", "losetup"):
            if subprocess.run(["sh", "-c", f"command -v {tool}"], capture_output=True).returncode != 0:
                raise Skip(f"no {tool}")
        under = self.tmpfs(f"{name}.under", room) if room else self.dir
        image, at = under / f"{name}.image", self.dir / name
        with open(image, "wb") as f:
            f.truncate(size)
        sh("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=1,lazy_journal_init=1", "-J", "size=4", str(image))
        at.mkdir()
        try:
            sh("mount", "-o", f"loop,{options}" if options else "loop", str(image), str(at))
        except subprocess.CalledProcessError as e:
            raise Skip(f"no loop devices: {e.stderr.strip()}")
        self.mounts.append(at)
        os.chmod(at, 0o777)
        return at

    def device(self, at):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            if line.split()[1] == str(at):
                return line.split()[0]
        raise AssertionError(at)

    def cut_power(self, at):
        fd = os.open(at, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, EXT4_IOC_SHUTDOWN, struct.pack("I", SHUTDOWN_NO_LOG_FLUSH))
        except OSError as e:
            raise Skip(f"this kernel's ext4 cannot be shut down: {e}")
        finally:
            os.close(fd)

    def power_up(self, at):
        """
        What is there after the power has come back: the journal is replayed. A copy of the image is mounted: where somebody
        else's mount namespace, copied meanwhile, still has the old file system, the image itself would be that one again.
        """
        image = at.parent / f"{at.name}.image"
        sh("umount", str(at))
        shutil.copyfile(image, image.with_suffix(".again"))
        sh("mount", "-o", "loop", str(image.with_suffix(".again")), str(at))

    # --- the program ---

    def env(self, **more):
        faults = {k: str(v) for k, v in more.items()}
        if faults and self.examined:
            raise Skip("the program is built with a sanitizer")
        if faults:
            faults["LD_PRELOAD"] = self.shim
        # What makes allocations take more than they are asked for is not among the faults.
        return {**{k: v for k, v in os.environ.items() if k != "MALLOC_PERTURB_"}, "TZ": "UTC0", "LC_ALL": "C", **faults}

    def run(self, *args, stdin=b"", timeout=30, cwd=None, faults=None, under=(), **how):
        argv = [*under, self.binary, *self.with_root(args)]
        env = self.env(**(faults or {}))
        if isinstance(stdin, bytes):
            how["input"] = stdin
        else:
            how["stdin"] = stdin
        how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        r = subprocess.run(argv, cwd=cwd or self.dir, env=env, timeout=timeout, **how)
        return r.stdout, (r.stderr or b"").decode(), r.returncode

    @staticmethod
    def with_root(args):
        commands = ("stats", "follow", "grep", "failed")
        if args[0] == "fields":
            return args
        return [args[0], "-Z", "root", *args[1:]] if args[0] in commands else ["-Z", "root", *args]

    def popen(self, *args, cwd=None, faults=None, **how):
        how = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
        child = subprocess.Popen([self.binary, *self.with_root(args)], cwd=cwd or self.dir, env=self.env(**(faults or {})), **how)
        self.children.append(child)
        return child

    def live(self, *args, cwd=None, faults=None, root=True, under=(), **how):
        """Starts a capture on eth1 (unless the arguments say where) in the namespace b, and returns when it listens."""
        where = [] if "-i" in args else ["-i", "eth1"]
        child = subprocess.Popen(["nsenter", f"--net=/run/netns/{self.net.b}", *under, self.binary, *(["-Z", "root"] if root else []), *where, *args],
                                 cwd=cwd or self.dir, env=self.env(**(faults or {})), stdin=subprocess.DEVNULL,
                                 **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how})
        self.children.append(child)
        return listening(child)

    def send(self, first, count, size=1000, pause=0, wait=True):
        if not self.sender:
            self.sender = subprocess.Popen(["nsenter", f"--net=/run/netns/{self.net.a}", sys.executable, "-c", SENDER, B, str(self.port)],
                                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.children.append(self.sender)
        self.sender.stdin.write(f"{first} {count} {size} {pause}\n".encode())
        self.sender.stdin.flush()
        if wait:
            assert self.sender.stdout.readline() == b"sent\n"

    def sent(self):
        assert self.sender.stdout.readline() == b"sent\n"

    @staticmethod
    def end(child, signo=None, timeout=20):
        """All its messages and its status."""
        if signo:
            child.send_signal(signo)
        out, err = child.communicate(timeout=timeout)
        return out, getattr(child, "said", "") + (err or b"").decode(), child.returncode

    # --- captures ---

    def plain(self, path):
        """A file's bytes, decompressed as far as they go by our own program."""
        data = Path(path).read_bytes()
        if data[:2] == b"\x1f\x8b" or data[:4] in (b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18"):
            return subprocess.run([self.binary, "-Z", "root", "-r", str(path), "-w", "-"], capture_output=True).stdout
        return data

    def numbers(self, path, cut=False):
        """
        The numbers of a capture's packets, after making sure that tcpdump and we read the same of it, up to its end, or with
        cut up to its last whole packet. Then all of us read a copy: what a broken file system has not written may be there at
        one time and gone at the next.
        """
        if cut:
            path = Path(shutil.copyfile(path, self.dir / f"seen-{Path(path).name}"))
        data = self.plain(path)
        packets, rest = whole_records(data)
        ours = subprocess.run([self.binary, "-Z", "root", "-r", str(path), "-w", "-"], capture_output=True, timeout=30)
        theirs = subprocess.run(["tcpdump", "-Z", "root", "-r", str(path) if data == Path(path).read_bytes() else "-", "-w", "-"],
                                input=data, capture_output=True, timeout=30)
        for who, r in (("we", ours), ("tcpdump", theirs)):
            said = r.stderr.decode()
            assert r.returncode == 0 or (cut and "truncated" in said), (who, path, said, len(packets))
            assert whole_records(r.stdout)[0] == packets, (who, path, said, len(packets), len(whole_records(r.stdout)[0]))
        assert cut or not rest, f"{path} ends in the middle of a record"
        return [n for n in map(number, packets) if n is not None]

    def row(self, at, pattern="out*", cut=False):
        """The numbers in all files of a row, in the order of their first packets."""
        files = [self.numbers(p, cut) for p in sorted(Path(at).glob(pattern))]
        return [n for f in sorted(f for f in files if f) for n in f]

    # --- memory ---

    def limit(self, size):
        """A control group with so much memory; its cgroup.procs takes processes."""
        if self.examined:
            raise Skip("the program is built with a sanitizer")
        v2, v1 = Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/memory")
        name = f"wt{os.getpid()}.{len(self.groups)}"
        try:
            if "memory" in (v2 / "cgroup.controllers").read_text().split() if (v2 / "cgroup.controllers").exists() else False:
                (v2 / "cgroup.subtree_control").write_text("+memory")
                group, limit = v2 / name, "memory.max"
            else:
                group, limit = v1 / name, "memory.limit_in_bytes"
            group.mkdir()
            self.groups.append(group)
            (group / limit).write_text(str(size))
            return group
        except OSError as e:
            raise Skip(f"no memory cgroup: {e}")


def is_prefix(numbers):
    return numbers == list(range(len(numbers)))


def one_line(err, *parts):
    """Among the messages is exactly one of the program that says what is wrong, with these parts."""
    said = [x for x in err.split("\n") if x.startswith("wiretape") and "listening on" not in x and "verbose output" not in x
            and "dropped privs" not in x and "WARNING: --no-sandbox" not in x]
    assert len(said) == 1 and all(p in said[0] for p in parts), (parts, err)


def counts(err):
    m = re.search(r"^(\d+) packets? captured\n(\d+) packets? received by filter\n(\d+) packets? dropped by kernel\n", err, re.M)
    assert m, err
    return tuple(int(x) for x in m.groups())


def until(what, timeout=10, step=0.02):
    end = time.monotonic() + timeout
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(step)


def drained(pipe):
    """Has the other end taken all that was written to the pipe?"""
    return struct.unpack("i", fcntl.ioctl(pipe.fileno(), 0x541B, b"\0" * 4))[0] == 0    # FIONREAD
