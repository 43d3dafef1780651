"""Memory that cannot be had: allocations that fail one by one, and a limit that kills."""
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Lock

from capture import tcp
from place import HEADER, Skip, eth, pcap, whole_records

# What the walk goes through, with the most allocations of each that are tried.
COMMANDS = (
    ["-n", "-r", "f.pcap"], ["-r", "f.pcap", "-w", "out.pcap"], ["-r", "f.pcap", "-C", "1", "-U", "-w", "out.pcapng.zst"],
    ["-r", "f.pcap", "-r", "g.pcapng", "-w", "out.pcap.gz"], ["-n", "--json", "--flows", "-r", "f.pcap"],
    ["-n", "-Y", "tcp.port == 20", "-r", "f.pcap.gz"], ["-n", "--fields", "ip.src,udp.port", "-r", "f.pcap", "host", "10.0.0.1"],
    ["stats", "-r", "f.pcap"], ["follow", "-r", "f.pcap"], ["follow", "-o", "streams", "--force", "-r", "f.pcap"],
    ["grep", "--pcre-only", "-r", "f.pcap", "x+"], ["failed", "-r", "f.pcap"], ["fields", "tcp"],
)


def test_allocations_that_fail(place):
    """
    Each allocation of the program and of the compressors fails once, then all from some on: every end is an orderly one, with
    a line that says so unless the output is what it should be.
    """
    from capture import conversation, pcapng
    (place.dir / "f.pcap").write_bytes(pcap(conversation()))
    (place.dir / "g.pcapng").write_bytes(pcapng([(1, p) for p in conversation()]))
    place.run("-r", "f.pcap", "-w", "f.pcap.gz")
    (place.dir / "streams").mkdir()
    one_folder = Lock()

    def attempt(args, when):
        return place.run(*args, "--no-sandbox", faults={"FAULT_MEMORY": when}, timeout=20) if args[0] != "fields" else \
            place.run(*args, faults={"FAULT_MEMORY": when}, timeout=20)

    def look(args, when, want):
        # Two at once would overwrite each other's files.
        with one_folder if "streams" in args else nullcontext():
            out, err, status = attempt(args, when)
        said = [x for x in err.split("\n") if x.startswith("wiretape") and "WARNING: " not in x]
        # What it can do without is told; else it is the end.
        good = (status == 0 and (out == want or said)) or (status in (1, 2) and sum("memory" in x for x in said) == 1)
        assert good, (args, when, status, err)

    jobs = []
    for args in COMMANDS:
        out, err, status = attempt(args, "0")
        assert status == 0, (args, err)
        n = int(re.search(r"allocations: (\d+)", err).group(1))
        assert n > 10, (args, n)
        # All of the first, and a choice of the others.
        ones = sorted(set(range(1, min(n, 30) + 1)) | {i for i in range(31, n + 1, 1 + n // 40)})
        jobs += [(args, str(i), out) for i in ones] + [(args, f"{i}+", out) for i in range(2, n, 1 + n // 5)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda job: look(*job), jobs))


def hostile(first, count):
    """Records of SYNs, each of a conversation of its own, all of which have to be remembered."""
    record = pcap([eth(tcp(1, 80, 2, src="10.0.0.0", dst="10.200.0.1"))])[24:]
    at = 16 + 14 + 13       # in the source's address
    return b"".join(record[:at] + i.to_bytes(3, "big") + record[at + 3:] for i in range(first, first + count))


def test_killed_for_want_of_memory(place):
    """A limit that its tables do not fit into: what -U has written is there, and whole."""
    group = place.limit(48 << 20)
    script = f'echo $$ > {group}/cgroup.procs; exec "$@"'
    child = subprocess.Popen(["sh", "-c", script, "sh", place.binary, "-Z", "root", "-r", "-", "-Y", "tcp.stream && tcp.flags", "-U", "-w",
                              "out.pcap"], cwd=place.dir, env=place.env(), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    place.children.append(child)
    try:
        child.stdin.write(HEADER)
        for i in range(0, 250000, 1000):
            child.stdin.write(hostile(i, 1000))
        child.stdin.close()
    except BrokenPipeError:
        pass
    child.stdin = None
    _, err, status = place.end(child)
    if status == 0:
        raise Skip("the limit did not bite")
    assert status == -signal.SIGKILL, (status, err)
    data = (place.dir / "out.pcap").read_bytes()
    got, rest = whole_records(data)
    theirs = subprocess.run(["tcpdump", "-Z", "root", "-r", "out.pcap", "-w", "-"], cwd=place.dir, capture_output=True)
    assert len(got) > 1000 and data[24:24 + 70 * len(got)] == hostile(0, len(got)), (len(got), rest)
    assert whole_records(theirs.stdout)[0] == got, theirs.stderr


def test_no_memory_for_the_ring(place):
    """A ring as large as was asked for may not be had: a smaller one, or an error; never a crash."""
    child = place.live("-U", "-w", "out.pcap", place.udp, faults={"FAULTS": "mmap/socket=ENOMEM@2+"})
    place.send(0, 100)
    time.sleep(0.3)
    _, err, status = place.end(child, signal.SIGINT)
    assert status in (0, 1), (status, err)
    if status == 0:
        assert place.numbers(place.dir / "out.pcap") == list(range(100)), err
