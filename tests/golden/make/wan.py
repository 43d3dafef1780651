"""Links of wide area networks and of machines that are no Ethernet: Frame Relay, ATM, SLIP, ARCnet, Juniper's, logs."""
from wire import *

IP = ip4(udp(b"abcd", 1000, 9))
IP6 = ip6(udp(b"abcd", 1000, 9))
MACS = mac(MAC_B) + mac(MAC_A)
LLC_SNAP = h("aaaa03 000000")


def le(fmt, *v):
    return struct.pack("<" + fmt, *v)


# --- Frame Relay ---

Q933 = [h("00010308" + x) for x in (
    "00 75 010100 53020102",                                # status enquiry, CCITT
    "00 7d 95 010101 03020a0b 0703848098",                  # status, ANSI, behind a locking shift
    "00 7d 95 010100 03020102 07 03 043a88 07 04 8410a080 07 05 040102a08a",
    "01 1a 7d 51010053020102",                              # a call reference
    "021a1b 7d 9d 010100 9d 0304ff95010100 07",             # shifts, for one element and for all
    "00", "", "01", "0007", "007595", "ff", "007d0000", "00 7d 0305010203040507010019020102", "03 7d")]
WHOLE = h("1841 03cc") + IP
capture("fr.pcap", 107, Q933 + [
    h("0881 0308 00750101005303010205"),
    h("0881 03cc") + IP, h("184f 03cc") + IP,
    h("180241 0300cc") + IP, h("184041 0300cc") + IP, h("184041 03cc") + IP,       # three bytes of address
    h("18024105 03b1c001aabb"), h("1841 03b1e2c1"), h("1841 03b1e2"),
    h("1841 0380 0080c20007") + MACS + be16(0x0800) + IP,                          # bridged
    h("1841 0380 00000c 9999 0102"), h("1841 0380 000000 0800") + IP,
    h("1841 0800") + IP, h("1841 1111 3031 aabb"), h("1841 1111 30"), h("1841 9999 0102"),
    h("1841 038e") + IP6, h("1841 03cf 0021") + IP, h("1841 0344 01020304"),
    h("19410344"), h("18404042 03cc"), h("1840"), h("1841"), h("184103"),
] + cuts(Q933[2]) + cuts(WHOLE, 1, 1)[:24])

capture("mfr.pcap", 182, [h("e000" + x) for x in (
    "01 0107 6162636400 0203 05 0305 0a010203 04",
    "04 0306 0a0b0c0d", "05 0508 010203040506 07", "0a 0308 010203040506", "01 010a 4142", "0100", "01",
    "09 0906 01020304 0607 0801030901")] + [
    h("c123") + WHOLE, h("8123") + WHOLE, h("4123aabbcc"), h("0101ffff"), h("c1"), h("a000aabb"),
] + cuts(h("e000 05 0306 0a0b0c0d 0107 6162636400")))

# --- SLIP: a direction, 15 bytes of the line, the packet ---


def slip(direction, line, packet):
    return u8(direction) + (line + bytes(15))[:15] + packet


TCP = ip4(tcp(b"hello", 80, 81, flags="."))
SLIP = [
    slip(0, h("45") + bytes(8) + u8(7), TCP), slip(1, h("75") + bytes(8) + u8(7), TCP),
    slip(1, h("8b1234"), TCP), slip(1, h("8f1234"), TCP), slip(1, h("cf091234"), TCP),
    slip(0, h("a71234 001000 000200 00ff00 000005"), TCP), slip(0, h("821234 00ff00"), TCP),
    slip(0, h("8c1234 05"), TCP), slip(0, h("8f1234"), TCP),
    slip(2, h("75") + bytes(8) + u8(7), TCP), slip(2, h("45"), TCP), slip(3, h("85"), TCP), slip(0, h("15"), TCP),
    slip(0, h("45"), IP6), slip(0, h("45"), h("55") + IP6),
]
capture("slip.pcap", 8, SLIP + cuts(SLIP[5], 3) + cuts(SLIP[1], 3))
capture("slip-bsdos.pcap", 102, [SLIP[0]] + cuts(SLIP[1])[:20])

# --- ARCnet ---

ARP = h("0001 0800 06 04 0001 000102030405 c0000201 000000000000 c0000202")
capture("arcnet.pcap", 7, [
    h("0102f0") + IP, h("0102f1") + ARP, h("0102d4001234") + IP, h("0102d4051234") + IP, h("0102d4041234") + IP,
    h("0102d4ff1111041234") + IP, h("0102d4ff1111001234") + IP, h("0102d4ff1111031234") + IP,
    h("0102d5001234") + ARP, h("0102c4001234") + IP6, h("010280") + b"abcdef", h("0102f7001234") + b"abcdef",
    h("01020a001234") + b"abcdef",
] + cuts(h("0102d4ff1111001234") + IP)[:16])
capture("arcnet-linux.pcap", 129, [
    h("01020000f0") + IP, h("0102aabbf0") + IP, h("01020000d4001234") + IP, h("0102d400c4001234") + IP6,
    h("0102000033001234") + b"abcd", h("01020000f1") + ARP,
] + cuts(h("01020000d4001234") + IP)[:12])

# --- ATM ---


def oam(kind, rest):
    """48 bytes with the checksum of I.610 at their end."""
    data = (u8(kind) + rest + bytes(46))[:46]
    r = 0
    for byte in data + bytes(2):
        for i in range(7, -1, -1):
            r = r << 1 | byte >> i & 1
            r ^= 0x633 if r & 0x400 else 0
    return data + be16(r)


CELLS = [oam(0x18, h("0112345678") + bytes(range(24))), oam(0x10, h("55") + bytes(range(16))), oam(0x11, h("55")),
         oam(0x14, b""), oam(0x20, b""), oam(0x29, b""), oam(0x81, b""), oam(0xF3, b""), oam(0x50, b"")[:46] + be16(1)]
SNMP = h("3026 020100 0406 7075626c6963 a019 020101 020100 020100 300e 300c 0608 2b06010201010300 0500")
LANE = h("01000064 0007") + MACS
capture("sunatm.pcap", 123, [
    h("82000100") + LLC_SNAP + be16(0x0800) + IP, h("02000005 09030001020305aabb"), h("02000005 07030001020399"),
    h("02000002 aa"), h("02000001 aa"), h("02000010") + SNMP,
    h("01000064 ff0001010101"), h("01000064 ff0001011234"), LANE + be16(0x0800) + IP, LANE + be16(0x9999) + b"abcd",
    LANE + be16(40) + LLC_SNAP + be16(0x0800) + IP, h("05010164") + LLC_SNAP + be16(0x86DD) + IP6, h("02000064 424203") + b"xyz",
] + [h("02000003 00 00000032") + x for x in CELLS] + [h("02000004 00 0010004b") + CELLS[0]]
  + cuts(h("02000003 00 00000032") + CELLS[0], 3) + cuts(LANE + be16(0x0800) + IP)[:24])
capture("atm.pcap", 100, [
    LLC_SNAP + be16(0x0800) + IP, h("060603") + IP, bytes(20) + LLC_SNAP + be16(0x0800) + IP,
    LLC_SNAP + be16(0x9999) + b"abcd", bytes(20) + h("424203") + b"xx",
] + cuts(bytes(20) + LLC_SNAP + be16(0x0800) + IP)[:30])
capture("cip.pcap", 106, [LLC_SNAP + be16(0x0800) + IP, IP, LLC_SNAP + be16(0x9999) + b"abcd"]
        + cuts(LLC_SNAP + be16(0x0800) + IP)[:16])

# --- Juniper ---


def juniper(flags, rest, *attributes):
    ext = b"".join(u8(kind, len(value)) + value for kind, value in attributes)
    return h("4d4743") + u8(flags | (0x80 if ext else 0)) + (be16(len(ext)) + ext if ext else b"") + rest


FRAME = MACS + be16(0x0800) + IP
RICH = juniper(1, FRAME, (1, h("07000000")), (2, b"ge"), (3, h("0100")), (4, h("05")), (5, h("0a0000")), (6, h("0e")),
               (7, h("63")), (8, h("40")), (0x84, h("1234")), (9, h("0102030405")), (4, h("ffffffff")))
capture("juniper-ether.pcap", 178, [
    RICH, juniper(0, FRAME), juniper(0x46, bytes(4) + IP), juniper(2, bytes(4) + IP6), juniper(2, bytes(4) + b"zz"),
    h("0102030405"), h("4d474380 0006 0109 0502 0201") + IP, juniper(0, MACS + be16(0x9999) + b"abcd"),
    h("4d474380 0004 01020405") + IP,
] + cuts(RICH)[:50])
capture("juniper-ppp.pcap", 179, [juniper(1, h("ff030021") + IP), juniper(0, h("0021") + IP)])
capture("juniper-frelay.pcap", 180, [juniper(1, WHOLE)])
capture("juniper-chdlc.pcap", 181, [juniper(1, h("0f000800") + IP)])
capture("juniper-pppoe.pcap", 167, [juniper(1, FRAME)])
capture("juniper-pppoe-atm.pcap", 168, [juniper(1, h("0800") + IP), juniper(1, h("9999") + IP)])
SA = h("00054003 00000001 c0000201 c0000202")
capture("juniper-es.pcap", 132, [juniper(1, SA + IP), juniper(1, h("00054001") + IP + bytes(12)), juniper(1, put(SA, 3, u8(9)) + IP)]
        + cuts(juniper(1, SA + IP))[:24])
capture("juniper-ggsn.pcap", 133, [juniper(1, h("0108020000640000") + IP), juniper(0, h("0108060000640000") + IP6),
                                   juniper(0, h("0108070000640000") + IP6), juniper(0, h("5408020000640000") + IP)])
capture("juniper-monitor.pcap", 164, [juniper(1, h("0100000200000003") * 2 + IP), juniper(1, bytes(8) + IP)])
capture("juniper-services.pcap", 136, [juniper(1, h("0108000200000003") + IP), juniper(1, bytes(8) + IP6)])
capture("juniper-mlppp.pcap", 130, [
    juniper(1, h("0021") + IP), juniper(0, h("4700000000080008 0021") + IP), juniper(0, h("470000000c000008 0021") + IP),
    juniper(0, h("4700000000000008") + IP), juniper(0, h("4700000000100008") + IP6), juniper(0, h("54050000 0021") + IP),
    juniper(0, h("ff03 0021") + IP)])
capture("juniper-mlfr.pcap", 131, [juniper(0, h("0005 1234") + IP), juniper(0, h("54050000 1234") + IP),
                                   juniper(0, h("4708000000000128 1234") + IP)])
capture("juniper-mfr.pcap", 134, [juniper(0, h("c012") + WHOLE), juniper(0, h("4700000000000008") + IP),
                                  juniper(0, h("4700000000100008") + IP6), juniper(0, h("00050001 1234") + IP)])
CELL = h("00000043") + CELLS[0]
capture("juniper-atm1.pcap", 137, [
    juniper(0, h("80000000") + CELL), juniper(0, bytes(4) + LLC_SNAP + be16(0x0800) + IP), juniper(0, bytes(4) + IP),
    juniper(0, bytes(4) + IP6), juniper(0, bytes(4) + LLC_SNAP + be16(0x9999) + IP), juniper(0, bytes(4) + b"abcdef")])
capture("juniper-atm2.pcap", 135, [
    juniper(0, h("0000000000000010") + CELL), juniper(0, h("0000000000000010 08000000") + CELL),
    juniper(1, bytes(8) + LLC_SNAP + be16(0x0800) + IP), juniper(0, h("0000000100000000") + FRAME),
    juniper(1, bytes(8) + h("0021") + IP), juniper(1, bytes(8) + IP), juniper(1, bytes(8) + b"abcdef")])

# --- logs and pseudo-devices ---


def tlv(kind, value):
    return le("HH", len(value) + 4, kind) + value + bytes(-len(value) % 4)


NFLOG = h("02000005") + tlv(1, h("08000300")) + tlv(10, b"hello\0") + tlv(3, be64(1700000000, 5)) + tlv(4, be32(2)) + tlv(9, IP)
capture("nflog.pcap", 239, [
    NFLOG, h("0a000005") + tlv(11, be32(1000)) + tlv(14, be32(100)) + tlv(5, be32(3)) + tlv(9, IP6),
    h("07000005") + tlv(9, b"abcdef"), h("02010005"), h("02000005 02000100"), h("02000005") + tlv(1, b"abc") + tlv(9, IP),
] + cuts(NFLOG, 3))


def ipnet(family, packet):
    return u8(1, family) + be16(0) + be32(len(packet), 3, 4, 5, 6) + packet


capture("ipnet.pcap", 226, [ipnet(2, IP), ipnet(26, IP6), ipnet(7, b"abcd")] + cuts(ipnet(7, b"abcd")))
capture("ipoib.pcap", 242, [bytes(24) + h("fe80") + bytes(14) + h("08000000") + IP, bytes(40) + h("86dd0000") + IP6,
                            bytes(40) + h("12340000") + b"abcd"] + cuts(bytes(40) + h("12340000") + b"abcd", 4))


def vsock(op, transport, rest):
    return le("QQIIHHHH", 3, 2, 1234, 5678, op, transport, 44 if transport == 2 else 0, 0) + rest


VIRTIO = le("QQIIIHHIII", 3, 2, 1234, 5678, 4, 1, 5, 0, 65536, 7)
SENT = vsock(4, 2, VIRTIO + b"abcdefghijklmnopqrstu")
capture("vsock.pcap", 271, [vsock(1, 2, VIRTIO), SENT, vsock(4, 1, b"abc"), vsock(9, 0, b""), vsock(2, 7, b"zz"),
                            vsock(4, 2, le("QQIIIHHIII", 3, 2, 1, 5, 4, 9, 15, 3, 6, 7) + b"a")] + cuts(SENT, 5))


# --- FDDI, Fibre Channel, FireWire, firewalls ---

FDDI = h("50") + MACS + LLC_SNAP + be16(0x0800) + IP
capture("fddi.pcap", 10, [FDDI, put(FDDI, 0, u8(0x57)), h("51") + MACS + LLC_SNAP + be16(0x9999) + b"abcd"]
        + [u8(fc) + MACS + b"abc" for fc in (0x40, 0x41, 0x42, 0x4F, 0x61, 0x80, 0x8F, 0xC0, 0xC1, 0xC2, 0xC3, 0xD7, 0xE1, 0x10)]
        + cuts(FDDI)[:24])
NAMES = h("1000020000000002 1000020000000001")
capture("ipfc.pcap", 122, [NAMES + LLC_SNAP + be16(0x0800) + IP, NAMES + LLC_SNAP + be16(0x9999) + b"abcd"]
        + cuts(NAMES + LLC_SNAP + be16(0x0800) + IP)[10:26])
EUIS = h("0102030405060708 1112131415161718")
capture("ap1394.pcap", 138, [EUIS + be16(0x0800) + IP, EUIS + be16(0x9999) + b"abcd"] + cuts(EUIS + be16(0x9999) + b"abcd")[10:])
capture("symantec.pcap", 99, [bytes(6) + be16(kind) + bytes(36) + rest for kind, rest in (
    (0x0800, IP), (0x9999, b"abcd"), (153, b"abcd"))] + cuts(bytes(6) + be16(0x9999) + bytes(36) + b"abcd")[40:])


def pflog(length, family, action, reason, ruleset, subrule, direction, packet):
    head = u8(length, family, action, reason) + b"em0".ljust(16, b"\0") + ruleset.ljust(16, b"\0")
    return head + be32(3, subrule, 1000, 77, 7, 8) + u8(direction) + bytes(3) + packet


PFLOG = pflog(61, 2, 1, 0, b"", 0xFFFFFFFF, 1, IP)
capture("pflog.pcap", 117, [
    PFLOG, pflog(61, 24, 0, 1, b"anchor", 4, 2, IP6), pflog(61, 28, 0, 1, b"anchor", 4, 2, IP6),
    pflog(61, 30, 0, 1, b"anchor", 4, 0, IP6), pflog(61, 10, 0, 1, b"anchor", 4, 1, b"abcd"),
    pflog(10, 2, 1, 0, b"", 0, 1, IP), pflog(61, 77, 99, 77, b"", 0, 9, b"abcd"), pflog(64, 2, 2, 4, b"", 0, 1, IP),
] + [pflog(61, 2, i, i, b"", 0xFFFFFFFF, 1, IP) for i in range(1, 16)] + cuts(PFLOG)[56:72])
