#!/usr/bin/env python3
"""Makes starting points for fuzzing out of the golden captures: seeds.py FOLDER [CAPTURE...].
seeds.py --links FOLDER: those of fuzz_link, which takes any link type, out of those of all fuzz_link_N in FOLDER.

Each packet becomes FOLDER/fuzz_link_N/HASH (two bytes in front choose the style), each capture
FOLDER/fuzz_pcap/HASH and, as its packets in the form of that target, FOLDER/fuzz_commands/HASH, and each packet's IP
payload FOLDER/fuzz_row/HASH for the rows that fit. Captures named are used too, if they are plain pcap files.
"""
import hashlib
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
KINDS = re.findall(r"^\tD_(\w+)", (HERE / "../../src/dissect/dissect.h").read_text(), re.M)
ROWS = re.findall(r"^DEMUX(?:_RANGE)?\((\w+), *(\w+),", (HERE / "../../src/proto/demux.def").read_text(), re.M)


# As in fuzz_commands.c.
COMMANDS = len(re.findall(r"^\t\{ \.words", (HERE / "fuzz_commands.c").read_text(), re.M))
COMMAND_LINKS = [int(n) for n in re.search(r"links\[\] = \{(.*?)\}", (HERE / "fuzz_commands.c").read_text()).group(1).split(",")]


def packets(data):
    """The link type and packets of a pcap file of either byte order; nothing of anything else."""
    order = {b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">", b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<"}.get(data[:4])
    if order is None or len(data) < 24:
        return
    link = struct.unpack(order + "I", data[20:24])[0] & 0xFFFF
    link = {100: 11, 101: 12}.get(link, link)       # what a file calls them, and libpcap here
    at = 24
    while at + 16 <= len(data):
        caplen = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        if at + 16 + caplen > len(data):
            break
        yield link, data[at + 16:at + 16 + caplen]
        at += 16 + caplen


def keep(folder, target, data):
    if len(data) > 4096:
        return
    (folder / target).mkdir(parents=True, exist_ok=True)
    (folder / target / hashlib.sha1(data).hexdigest()).write_bytes(data)


def rows_of(link, p):
    """(kind, number, IP header, four bytes of ports, payload) of an Ethernet packet whose protocol has a row."""
    if link != 1 or len(p) < 34:
        return
    kind = p[12:14]
    ip = p[14:]
    if kind == b"\x08\x00" and ip[0] == 0x45:
        head, proto = ip[:20], ip[9]
    elif kind == b"\x86\xdd" and len(ip) > 40:
        head, proto = ip[:40], ip[6]
    else:
        return
    rest = ip[len(head):]
    for row_kind, value in ROWS:
        if not value.isdigit():
            continue
        kind = KINDS.index(row_kind.upper())
        if row_kind == "ipproto" and int(value) == proto:
            yield kind, int(value), head, rest[:4].ljust(4, b"\0"), rest
        if len(rest) >= 20 and row_kind in {6: ("tcp",), 17: ("udp", "udp_dst", "udp_src")}.get(proto, ()):
            ports = struct.unpack(">HH", rest[:4])
            if int(value) in ports:
                yield kind, int(value), head, rest[:4], rest[(rest[12] >> 4) * 4 if proto == 6 else 8:]


def for_commands(command, link, some):
    """Packets as an input of fuzz_commands; None where it has not this link type."""
    link = {12: 101}.get(link, link)
    if link not in COMMAND_LINKS:
        return None
    records = (struct.pack(">HBB", len(p), 0, 1) + p for p in some)
    return bytes([command, COMMAND_LINKS.index(link)]) + b"".join(records)


def gather_links(folder):
    links = [value for kind, value in ROWS if kind == "link"]
    for i, link in enumerate(links):
        for path in sorted((folder / f"fuzz_link_{link}").glob("*")):
            keep(folder, "fuzz_link", bytes([i]) + path.read_bytes())
    return 0


def main():
    if sys.argv[1] == "--links":
        return gather_links(Path(sys.argv[2]))
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run([HERE / "../golden/run", "none", "--captures", tmp], check=True)
        for path in sorted(Path(tmp).iterdir()) + [Path(p) for p in sys.argv[2:]]:
            data = path.read_bytes()
            if len(data) < 4096:
                keep(folder, "fuzz_pcapng" if data[:4] == b"\n\r\r\n" else "fuzz_pcap", data)
            some = [p for _, p in zip(range(40), packets(data)) if len(p[1]) < 4096]
            # Two commands of those that there are, whichever it hits.
            for i in range(2 if some else 0):
                whole = for_commands((path.stat().st_size * 7 + i * 12) % COMMANDS, some[0][0], (p for _, p in some))
                if whole:
                    keep(folder, "fuzz_commands", whole)
            for i, (link, p) in enumerate(packets(data)):
                if i > 150:     # captures of every capture length say little that is new
                    break
                style = bytes([(0x82, 0xE3, 0x1F, 0x06)[i % 4], 0])
                keep(folder, f"fuzz_link_{link}", style + p)
                for row_kind, value, head, ports, payload in rows_of(link, p):
                    keep(folder, "fuzz_row", struct.pack("<BH", row_kind, value) + style + head + ports + payload)
    return 0


if __name__ == "__main__":
    sys.exit(main())
