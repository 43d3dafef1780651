"""-Y: display filters."""
import json

import capture


def test_display_filter(box):
    all_lines = box.run("-n", "-#", "-r", "f.pcap").out.splitlines()
    udp = [line for line in all_lines if b"UDP" in line or b"domain" in line or b".53" in line]
    got = box.run("-n", "-#", "-r", "f.pcap", "-Y", "udp")
    assert got.status == 0 and got.out.splitlines() and got.out.splitlines() == udp, (got.out, udp)
    # Of what the capture filter passes; numbers are the packets' own.
    assert box.run("-n", "-r", "f.pcap", "-Y", "udp", "tcp").out == b""
    one = box.run("-n", "-#", "-r", "f.pcap", "-Y", "udp", "-c", "2").out.splitlines()
    assert one == udp[:2]
    assert box.run("-r", "f.pcap", "-Y", "udp", "--count").out == f"{len(udp)} packets\n".encode()


def test_display_filter_writes(box):
    n = len(box.run("-n", "-r", "f.pcap", "-Y", "udp").out.splitlines())
    assert box.run("-r", "f.pcap", "-Y", "udp", "-w", "o").status == 0
    assert box.run("-r", "o", "--count").out == f"{n} packets\n".encode()
    assert box.run("-n", "-r", "o").out == box.run("-n", "-r", "f.pcap", "-Y", "udp").out


def test_display_filter_and_fields(box):
    box.put("big.pcap", capture.pcap(capture.conversation() * 200))
    want = [line for line in box.run("--json", "-j", "1", "-r", "big.pcap").out.splitlines() if b'"udp"' in line]
    for jobs in ("1", "3"):
        got = box.run("--json", "-j", jobs, "-r", "big.pcap", "-Y", "udp.port and frame.number > 5")
        assert got.out.splitlines() == [w for w in want if json.loads(w)["layers"][0]["frame"]["frame.number"] > 5]
    got = box.run("--fields", "frame.number", "-r", "big.pcap", "-Y", "frame.number in {3..5}")
    assert got.out == b"3\n4\n5\n", got.out


def test_display_filter_errors(box):
    got = box.run("-r", "f.pcap", "-Y", "ip and tcp.dsport == 1")
    assert (got.out, got.status) == (b"", 1)
    assert got.err == (b"wiretape: -Y: no field is called 'tcp.dsport'; did you mean 'tcp.dstport'?\n"
                       b"  ip and tcp.dsport == 1\n"
                       b"         ^~~~~~~~~~\n"), got.err
    # Of fields about as near, one of the same protocol.
    got = box.run("-r", "f.pcap", "-Y", "ip.source")
    assert b"'ip.source'; did you mean 'ip.src'?" in got.err, got.err
    # Control characters of an argument do not reach the terminal.
    got = box.run("-r", "f.pcap", "-Y", "ip.src == \x1b[31m")
    assert got.status == 1 and b"\x1b" not in got.err, got.err


def test_fields_of_conversations(box):
    packets = capture.conversation()
    box.put("two.pcap", capture.pcap(packets * 2))
    got = box.run("-r", "two.pcap", "--fields", "frame.number,frame.time_delta,frame.time_relative,udp.stream,tcp.stream")
    rows = [line.split(b"\t") for line in got.out.splitlines()]
    assert got.status == 0 and len(rows) == 2 * len(packets)
    assert rows[0][1:3] == [b"0.000000000", b"0.000000000"], rows[0]
    assert all(b"." in row[1] and len(row[1].split(b".")[1]) == 9 for row in rows)
    # The same question, asked of -Y.
    some = [row for row in rows if row[3]]
    assert some and {row[3] for row in some} >= {b"0"}, rows
    same = box.run("-r", "two.pcap", "-Y", "udp.stream == 0", "--fields", "frame.number").out.split()
    assert same == [row[0] for row in rows if row[3] == b"0"], (same, rows)
    # Not in JSON, unless it is wanted.
    assert b"stream" not in box.run("-r", "two.pcap", "--json").out
    assert box.run("-r", "two.pcap", "--json", "--flows").out.count(b'"udp.stream":') == len(some)
    got = box.run("-r", "two.pcap", "--flows")
    assert (got.out, got.status) == (b"", 1) and b"--flows goes with --json" in got.err


def test_time_since_what_was_shown(box):
    box.put("c.pcap", capture.pcap(capture.conversation() * 3))
    when = box.run("-r", "c.pcap", "-Y", "udp", "--fields", "frame.time_epoch,frame.time_delta_displayed").out.split(b"\n")
    rows = [line.split(b"\t") for line in when if line]
    for a, b in zip(rows, rows[1:]):
        want = round(float(b[0]) * 1e6) - round(float(a[0]) * 1e6)
        assert round(float(b[1]) * 1e6) == want, (a, b)
    for text, n in (("frame.time_delta >= 0", len(capture.conversation()) * 3), ("frame.time_delta > 1e", None),
                    ("frame.time_delta > 3 days", None)):
        got = box.run("-r", "c.pcap", "-Y", text, "--count")
        assert got.status == (n is None) and (n is None or got.out == f"{n} packets\n".encode()), (text, got.out, got.err)


def test_column_of_two_fields(box):
    both = box.run("-r", "f.pcap", "--fields", "ip.addr,tcp.port").out
    each = box.run("-r", "f.pcap", "--fields", "ip.src,ip.dst,tcp.srcport,tcp.dstport").out.splitlines()
    want = []
    for line in each:
        c = line.split(b"\t")
        want.append(b",".join(x for x in c[:2] if x) + b"\t" + b",".join(x for x in c[2:] if x))
    assert both.splitlines() == want, (both, want)
    got = box.run("-r", "f.pcap", "--fields", "ip.adr")
    assert got.status == 1 and b"did you mean 'ip.addr'" in got.err, got.err


def test_tcpdump_has_no_display_filter(box):
    got = box.run("-n", "-Y", "-r", "f.pcap", name="tcpdump")
    assert got.status == 0 and got.out == box.run("-n", "-r", "f.pcap").out
