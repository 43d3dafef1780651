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
    # Control characters of an argument do not reach the terminal.
    got = box.run("-r", "f.pcap", "-Y", "ip.src == \x1b[31m")
    assert got.status == 1 and b"\x1b" not in got.err, got.err


def test_tcpdump_has_no_display_filter(box):
    got = box.run("-n", "-Y", "-r", "f.pcap", name="tcpdump")
    assert got.status == 0 and got.out == box.run("-n", "-r", "f.pcap").out
