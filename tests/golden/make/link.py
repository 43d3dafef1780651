"""Link layers: Ethernet and what rides on it, LLC and SNAP, Linux cooked, BSD loopback, PPP, captures in captures."""
from wire import *

IP = ip4(udp(b"hello", 1000, 9))
IP6 = ip6(udp(b"hello", 1000, 9))
BAD_IP4 = put(IP, 0, u8(0x43))


def le16(*v):
    return b"".join(struct.pack("<H", x) for x in v)


def le32(*v):
    return b"".join(struct.pack("<I", x) for x in v)


# --- Ethernet ---

def sectag(payload, tci, sl=0, pn=7, sci=b""):
    return u8(tci, sl) + be32(pn) + sci + payload


def arista(payload, kind=1, scale=0, form=0x10, stamp=be32(1700000000, 999999999)):
    return be16(kind) + u8(scale, form) + stamp + payload


SCI = mac(MAC_A) + be16(1)
capture("ether.pcap", ETHERNET, [
    eth(vlan(IP, 0x0007), 0x8100),
    eth(vlan(vlan(IP, 0x1fff), 0xe001, 0x8100), 0x88a8),
    eth(vlan(be16(0), 1, 9) + IP, 0x8100),
    eth(vlan(llc(0x42, 0x42, 3, b"\0\0\0\x80"), 5, 7), 0x8100),
    eth(vlan(b"?" * 20, 5, 0x8765), 0x9100),
    eth(b"?" * 20, 0x8765),
    eth(b"?" * 20, 0x6002),
    eth(b"\0" * 4, 0x8870),
    eth(llc(0xaa, 0xaa, 3, b"\0\0\0\x08\0" + IP), 0x8870),
    eth(sectag(be16(0x0800) + IP + bytes(16), 0x20, sci=SCI), 0x88e5),
    eth(sectag(be16(0x0800) + IP + bytes(16), 0x00, sl=2 + len(IP)), 0x88e5),
    eth(sectag(be16(0x0800) + IP + bytes(16), 0x00, sl=63), 0x88e5),
    eth(sectag(vlan(IP, 9)[:0] + be16(0x8100) + vlan(IP, 9) + bytes(16), 0x41), 0x88e5),
    eth(sectag(b"secret" * 5, 0x2c, sci=SCI), 0x88e5),
    eth(sectag(b"secret" * 5, 0x0d), 0x88e5),
    eth(sectag(b"secret" * 5, 0x80), 0x88e5),
    eth(sectag(b"secret" * 5, 0x00, sl=0x40), 0x88e5),
    eth(sectag(be16(0x0800) + b"x", 0x00), 0x88e5),
] + cuts(eth(sectag(be16(0x0800) + IP + bytes(16), 0x20, sci=SCI), 0x88e5))
  + cuts(eth(vlan(vlan(IP, 0x1fff), 0xe001, 0x8100), 0x88a8)))

# The installed releases of others do not know these.
capture("ether-new.pcap", ETHERNET, [
    eth(arista(be16(0x0800) + IP), 0xd28b),
    eth(arista(be16(0x8100) + vlan(IP, 9), scale=1, form=0x11, stamp=be32(1, 1000000000)), 0xd28b),
    eth(arista(be16(0x0800) + IP, form=0x20, stamp=be16(5) + be32(6)), 0xd28b),
    eth(arista(be16(0x0800) + IP, form=0x30), 0xd28b),
    eth(arista(be16(0x0800) + IP, kind=2), 0xd28b),
    eth(arista(be16(0xd28b) + arista(be16(0x0800) + IP)), 0xd28b),
] + cuts(eth(arista(be16(0x0800) + IP), 0xd28b), first=13))

capture("ether-small.pcap", ETHERNET, [
    eth(le16(0, 1, 77) + b"data", 0x9000),
    eth(le16(0, 2) + mac(MAC_A) + b"data", 0x9000),
    eth(le16(8) + bytes(8) + le16(1, 3), 0x9000),
    eth(le16(3) + bytes(3) + le16(1, 3), 0x9000),
    eth(le16(80, 1, 3), 0x9000),
    eth(le16(0, 9) + b"data", 0x9000),
    eth(le16(0, 1), 0x9000),
    eth(b"\0", 0x9000),
    eth(bytes(8) + le32(2) + a4("192.0.2.1") + a4("192.0.2.2"), 0x886f),
    eth(u8(1, 0x80) + be16(0x2379) + u8(1, 2) + mac(MAC_A) + be16(0x1234) + be32(0x5678), 0x8899),
    eth(u8(1, 1) + be16(0x2379) + le16(0x200) + le32(7) + be32(8, 9), 0x8899),
    eth(u8(1, 0x82) + be16(0x2379) + le16(0x200) + le32(7) + be32(8, 9), 0x8899),
    eth(u8(1, 0x33) + be16(0x2379) + bytes(20), 0x8899),
    eth(u8(2) + bytes(20), 0x8899),
    eth(u8(3) + bytes(20), 0x8899),
    eth(u8(0x23) + bytes(20), 0x8899),
    eth(u8(4) + bytes(20), 0x8899),
    eth(u8(0x95) + bytes(20), 0x8899),
    eth(u8(0xa5) + bytes(20), 0x8899),
    eth(u8(0x55) + bytes(20), 0x8899),
] + cuts(eth(bytes(8) + le32(2) + a4("192.0.2.1") + a4("192.0.2.2"), 0x886f), first=14)
  + cuts(eth(le16(0, 2) + mac(MAC_A) + b"data", 0x9000), first=14)
  + cuts(eth(u8(1, 1) + be16(0x2379) + le16(0x200) + le32(7) + be32(8, 9), 0x8899), first=14))



def aoe(command, argument=b"", bits=0x10, error=0):
    return u8(bits, error) + be16(5) + u8(3, command) + be32(0x12345678) + argument


capture("aoe.pcap", ETHERNET, [eth(p, 0x88a2) for p in [
    aoe(0, u8(0xf3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0) + b"data"), aoe(0, bytes(12), 0x18), aoe(0, bytes(11), 0x1c, 3), aoe(0, bytes(12), 0x17, 9),
    aoe(1, be16(1, 2) + u8(3, 0x13) + be16(4) + b"conf"), aoe(1, be16(1, 2) + u8(3, 0x1f) + be16(9) + b"conf"), aoe(1, b"??"),
    aoe(2, u8(0, 1, 2, 2, 0, 1) + mac(MAC_A) + u8(0, 9) + mac(MAC_B)), aoe(2, u8(0, 9, 9, 9)), aoe(2, b"?"), aoe(9, b"??"),
    aoe(3, u8(1, 2) + mac(MAC_A) + mac(MAC_B)), aoe(3, u8(9, 5) + mac(MAC_A)), aoe(3, b"???"), aoe(0, b"", 0x20), b"\x10\0", b"",
]] + cuts(eth(aoe(2, u8(0, 1, 2, 1, 0, 1) + mac(MAC_A)), 0x88a2), first=14))

# --- LLC and SNAP ---

capture("llc.pcap", ETHERNET, [eth_llc(p) for p in [
    llc(0x06, 0x06, 3, IP),
    llc(0x06, 0x06, 0xbf, b"\x81\x01\x00"),
    llc(0x06, 0x07, 0xaf, b"\x81\x01\x00"),
    llc(0x06, 0x06, 0xaf, b"\x81\x01"),
    llc(0x06, 0x06, 0xaf, b"\x55\x01"),
    llc(0x06, 0x06, 0xaf),
    llc(0x04, 0x08, 0xe3, b"test"),
    llc(0x05, 0x09, 0x7f, b"sabme"),
    llc(0x04, 0x04, 0x77, b"?"),
    llc(0x04, 0x04, 0x43),
    llc(0x02, 0x03, 0x0f),
    llc(0x0e, 0x4e, 0x97, b"frmr"),
    llc(0x7e, 0x8e, 0x01, u8(0x03)),
    llc(0x08, 0x09, 0x05, u8(0x02)),
    llc(0x08, 0x08, 0x09, u8(0x02)),
    llc(0x08, 0x08, 0x0d, u8(0x02)),
    llc(0x08, 0x08, 0x02, u8(0x05) + b"information"),
    llc(0x08, 0x10, 0x02),
    llc(0xab, 0xab, 3, b"\0\0\0\x08\0" + IP),
    llc(0xaa, 0xaa, 0x13, b"\0\0\0\x08\0" + IP),
    snap(0x000000, 0x0800, IP), snap(0x000000, 0x8765, b"?" * 8), snap(0x0000f8, 0x0806, b"?" * 8),
    snap(0x0000f8, 0x0800, IP), snap(0x080007, 0x8765, b"?" * 8), snap(0x00000c, 0x1234, b"?" * 8),
    snap(0x123456, 0x0800, b"?" * 8), snap(0x0080c2, 1, b"\0\0" + eth(IP)), snap(0x0080c2, 7, b"\0\0" + eth(IP)),
    snap(0x0080c2, 7, b"\0"), snap(0x0080c2, 2, b"?" * 8), snap(0x0080c2, 14, b"\0\0\0\x80"), snap(0x0080c2, 11, b"?" * 8),
    llc(0xaa, 0xaa, 3, b"\0\0\0\x08"),
    b"", b"\x42", b"\x42\x42",
]] + [put(eth_llc(llc(0x06, 0x06, 3, IP)), 12, be16(20)), put(eth_llc(llc(0x06, 0x06, 3, IP)), 12, be16(1400))]
  + cuts(eth_llc(snap(0x0080c2, 7, b"\0\0" + eth(IP))), first=14) + cuts(eth_llc(llc(0x06, 0x07, 0xaf, b"\x81\x01\x00")), first=14))

# --- spanning trees ---

ROOT, BRIDGE = be16(0x8001) + mac("02:00:00:00:11:11"), be16(0x9002) + mac("02:00:00:00:22:22")


def bpdu(version, kind, flags, rest=b""):
    return be16(0) + u8(version, kind, flags) + ROOT + be32(20000) + BRIDGE + be16(0x8003, 0x0180, 0x1401, 0x0203, 0x0f80) + rest


def mcid(name=b"region"):
    return u8(0) + name.ljust(32, b"\0") + be16(7) + bytes(range(16))


def msti(n, flags):
    return u8(flags) + be16(0x8000 | n) + mac("02:00:00:00:33:33") + be32(2000) + u8(0x80, 0x70, 19)


def mst(version, mstis=b"", v3=None, tail=b""):
    v3 = 64 + len(mstis) if v3 is None else v3
    return bpdu(version, 2, 0x7e, u8(0) + be16(v3) + mcid() + be32(500) + BRIDGE + u8(20) + mstis + tail)


SPB = be16(86) + u8(0) + mcid()[1:] + u8(0xf4, 0, 0x12, 0x34) + be16(9) + bytes(8) + bytes(range(20))
capture("stp.pcap", ETHERNET, [eth_llc(llc(0x42, 0x42, 3, p)) for p in [
    bpdu(0, 0, 0x00), bpdu(0, 0, 0x81), be16(0) + u8(0, 0x80), bpdu(2, 2, 0x3c, u8(0)), bpdu(2, 2, 0x7e, u8(0)),
    bpdu(2, 0, 0x01), bpdu(0, 9, 0), bpdu(1, 0, 0), bpdu(0, 2, 0, u8(0)), put(bpdu(0, 0, 0), 0, be16(1)),
    mst(3), mst(3, msti(1, 0x7c) + msti(2, 0x38)), mst(3, msti(1, 0x7c), v3=40), mst(3, v3=200), mst(3, msti(4, 1)[:9]),
    put(mst(3), 35, u8(1)), mst(3)[:90], mst(4, tail=SPB), mst(4, msti(1, 0), tail=SPB), mst(4), mst(4, tail=SPB[:50]),
    bpdu(2, 2, 0x3c), bpdu(0, 0, 0)[:20], be16(0), b"",
]] + [eth_llc(snap(0x00000c, 0x010b, bpdu(0, 0, 0x01))), eth_llc(snap(0x00000c, 0x010c, bpdu(2, 2, 0x7e, u8(0))))]
  + cuts(eth_llc(llc(0x42, 0x42, 3, mst(4, msti(1, 0x7c), tail=SPB))), first=16, step=7))

# --- Linux cooked, BSD loopback, raw IP ---


def sll(payload, protocol, kind=0, hatype=1, halen=6, addr=MAC_A):
    return be16(kind, hatype, halen) + mac(addr) + b"\0\0" + be16(protocol) + payload


def sll2(payload, protocol, kind=0, hatype=1, halen=6, addr=MAC_A, ifindex=3999999):
    return be16(protocol, 0) + be32(ifindex) + be16(hatype) + u8(kind, halen) + mac(addr) + b"\0\0" + payload


def cooked(head):
    return [head(IP, 0x0800), head(IP6, 0x86dd, kind=4), head(IP, 0x0800, kind=1, halen=0), head(IP, 0x0800, kind=2, hatype=772),
            head(IP, 0x0800, kind=3), head(IP, 0x0800, kind=9), head(b"?" * 9, 0x8765), head(b"?" * 9, 2), head(b"?" * 9, 1),
            head(llc(0x42, 0x42, 3, bpdu(0, 0, 1)), 4), head(llc(4, 4, 3, b"??"), 4), head(vlan(IP, 0x3007), 0x8100),
            head(vlan(vlan(IP, 5), 6, 0x8100), 0x8100), head(vlan(llc(0x42, 0x42, 3, bpdu(0, 0, 1)), 5, 50), 0x8100),
            head(vlan(b"??", 5, 0x8765), 0x8100), head(BAD_IP4, 0x0800)] + cuts(head(vlan(IP, 0x3007), 0x8100))


capture("sll.pcap", SLL, cooked(sll))
capture("sll2.pcap", SLL2, cooked(sll2))
FAMILIES = [(2, IP), (24, IP6), (28, IP6), (30, IP6), (99, b"????"), (2, BAD_IP4)]
capture("null.pcap", NULL, [le32(f) + p for f, p in FAMILIES] + [be32(f) + p for f, p in FAMILIES] + cuts(le32(2) + IP))
capture("loop.pcap", LOOP, [be32(f) + p for f, p in FAMILIES])
capture("raw.pcap", RAW, [IP, IP6, b"\x55" + IP, BAD_IP4] + cuts(IP))

# --- PPP ---


def cp(code, options=b"", ident=1, length=None):
    return u8(code, ident) + be16(4 + len(options) if length is None else length) + options


def opt(kind, value=b"", length=None):
    return u8(kind, 2 + len(value) if length is None else length) + value


def ppp(protocol, payload):
    return be16(0xff03, protocol) + payload


LCP = [opt(0, b"\0\0\x0c\1v"), opt(1, be16(1492)), opt(2, be32(0xa0000)), opt(3, be16(0xc223) + u8(5)), opt(3, be16(0xc223) + u8(77)),
       opt(3, be16(0xc023)), opt(3, be16(0x9999)), opt(4, be16(0xc025) + be32(100)), opt(4, be16(1)), opt(5, be32(0x12345678)),
       opt(6), opt(7), opt(8), opt(9, u8(2)), opt(13, u8(6)), opt(13, u8(9)), opt(17, be16(1500)), opt(18), opt(19, u8(0)),
       opt(19, u8(1) + b"name"), opt(19, u8(2) + a4("192.0.2.1")), opt(19, u8(3) + mac(MAC_A)), opt(19, u8(4) + b"m"),
       opt(19, u8(5)), opt(19, u8(9)), opt(23, be16(7)), opt(30), opt(31, b"??")]
LCP_BAD = [opt(0, b"\0"), opt(1, b"\0"), opt(2, b"\0"), opt(3, b"\0"), opt(4, b"\0"), opt(5, b"\0"), opt(13), opt(17, b"\0"), opt(19),
           opt(19, u8(2, 2)), opt(19, u8(3, 3)), opt(23, b"\0"), opt(1, b"", 1), opt(99, b"", 0), opt(1, b"\5\xdc", 200)]
IPCP = [opt(1, a4("192.0.2.1") + a4("192.0.2.2")), opt(2, be16(0x2d) + u8(15, 0)), opt(2, be16(0x61, 1, 2, 3, 4, 5)),
        opt(2, be16(0x61, 1, 2, 3, 4, 5) + opt(1) + opt(2, b"x")), opt(2, be16(0x77)), opt(3, a4("192.0.2.3")), opt(4, a4("192.0.2.4")),
        opt(129, a4("192.0.2.5")), opt(130, a4("192.0.2.6")), opt(131, a4("192.0.2.7")), opt(132, a4("192.0.2.8")), opt(99, b"??")]
IPCP_BAD = [opt(1, b"\0"), opt(2, b"\0"), opt(2, be16(0x61, 1)), opt(2, be16(0x61, 1, 2, 3, 4, 5) + u8(1, 9)), opt(3, b"\0"), opt(3, b"", 1)]
CCP = [opt(0, b"oui"), opt(18, be32(0x01000060)), opt(21, u8(0x2f)), opt(24, u8(0xa5, 7)), opt(26, u8(0x78, 0)), opt(26, u8(0x75, 9)), opt(77)]
CCP_BAD = [opt(21), opt(24, b"\0"), opt(26, b"\0"), opt(18, b"", 1)]
PPP_PACKETS = [ppp(0x0021, IP), ppp(0x0057, IP6), ppp(0x002f, IP), ppp(0x00fd, b"xx"), ppp(0xc02d, b"xx"), ppp(0x0031, b"xxxx"),
               ppp(0x4321, b"xxxx"), ppp(0x0800, IP), ppp(0x86dd, IP6), b"\x21" + IP, be16(0x0021) + IP, be16(0x0003) + b"\x21" + IP,
               be16(0x0103, 0x0021) + IP, ppp(0x003d, be16(0xc007) + b"x"), ppp(0x003d, be16(0x4fff)), ppp(0x003d, b"\0"),
               ppp(0xc021, cp(1, b"".join(LCP))), ppp(0xc021, cp(5, b"bye")), ppp(0xc021, cp(6)), ppp(0xc021, cp(7, b"????")),
               ppp(0xc021, cp(8, be16(0x8057) + b"rejected")), ppp(0xc021, cp(8, b"\0")), ppp(0xc021, cp(9, be32(1))),
               ppp(0xc021, cp(10, be32(1) + b"data")), ppp(0xc021, cp(11, b"\0")), ppp(0xc021, cp(12, be32(1) + b"who i am")),
               ppp(0xc021, cp(13, be32(1, 600))), ppp(0xc021, cp(0, be32(1) + b"\0\0\x0c\1")), ppp(0xc021, cp(99, b"??")),
               ppp(0xc021, cp(1, LCP[1], length=3)), ppp(0xc021, cp(1, LCP[1], length=99)), ppp(0xc021, b"\1\1\0"),
               ppp(0x8021, cp(1, b"".join(IPCP))), ppp(0x8021, cp(3, IPCP[3])), ppp(0x8057, cp(1, opt(1, bytes(range(8))))),
               ppp(0x8057, cp(1, opt(1, b"\0"))), ppp(0x8057, cp(1, opt(9, b"?"))), ppp(0x80fd, cp(1, b"".join(CCP))),
               ppp(0x80fd, cp(14)), ppp(0xc02b, cp(1, opt(1, be32(5)) + opt(2, b"?"))), ppp(0xc02b, cp(1, opt(1, b"?"))),
               ppp(0x8023, cp(1, opt(1))), ppp(0x8281, cp(2))]
PPP_PACKETS += [ppp(0xc021, cp(1, o)) for o in LCP_BAD] + [ppp(0x8021, cp(4, o)) for o in IPCP_BAD]
PPP_PACKETS += [ppp(0x80fd, cp(4, o)) for o in CCP_BAD]
CHAP = u8(1, 7) + be16(4 + 1 + 4 + 6) + u8(4) + b"\1\2\3\4" + b"server"
PAP = u8(1, 7) + be16(4 + 5 + 7) + u8(4) + b"user" + u8(6) + b"secret"
PPP_PACKETS += [ppp(0xc223, p) for p in [CHAP, put(CHAP, 0, u8(2)), u8(3, 7) + be16(6) + b"ok", u8(4, 7) + be16(6) + b"no", u8(9, 7) + be16(6) + b"??",
                                         b"", b"\1\1", put(CHAP, 4, u8(200)), put(CHAP, 2, be16(4))]]
PPP_PACKETS += [ppp(0xc023, p) for p in [PAP, u8(2, 7) + be16(7) + u8(2) + b"ok", u8(3, 7) + be16(7) + u8(2) + b"no", u8(9, 7) + be16(6) + b"??", b"",
                                         b"\1\1", put(PAP, 2, be16(99)), put(PAP, 2, be16(3)), put(PAP, 2, be16(5)), put(PAP, 4, u8(99)),
                                         u8(2, 7) + be16(4), put(PAP, 9, u8(99))]]
capture("ppp.pcap", PPP, PPP_PACKETS + cuts(ppp(0x8021, cp(1, b"".join(IPCP))), 7) + cuts(ppp(0xc021, cp(1, b"".join(LCP[:12]))), 7)
        + cuts(ppp(0xc023, PAP)) + cuts(ppp(0xc223, CHAP)))


def stuffed(data):
    return b"".join(u8(0x7d, b ^ 0x20) if b in (0x7d, 0x7e) or b < 0x20 else u8(b) for b in data)


capture("ppp-hdlc.pcap", 50, [
    ppp(0x0021, IP), ppp(0xc021, cp(9, be32(1))), be16(0xff03) + u8(0x7e) + stuffed(ppp(0x0021, IP)),
    be16(0xff03) + u8(0x7e) + stuffed(b"\x21" + IP), be16(0xff03) + u8(0x7e) + stuffed(b"\x57" + IP6),
    be16(0xff03) + u8(0x7e) + stuffed(be16(0x8021) + cp(5)), be16(0xff03) + u8(0x7e) + stuffed(be16(0x7e00) + b"??"),
    be16(0xff03) + u8(0x7e) + stuffed(be16(0xff03, 0x7e00) + b"??"), be16(0xff03) + b"\x7e\xff\x7d\x23",
    be16(0xff03) + u8(0x7e) + b"\x7d", be16(0x0f00, 0x0800) + IP, be16(0x8f00, 0x8035) + be32(2, 1, 2) + be16(0xffff),
    be16(0x1234, 0x5678) + IP,
] + cuts(be16(0xff03) + u8(0x7e) + stuffed(ppp(0x0021, IP))) + cuts(be16(0x1234, 0x5678)))

capture("chdlc.pcap", C_HDLC, [
    be16(0x0f00, 0x0800) + IP, be16(0x8f00, 0x86dd) + IP6, be16(0x0f00, 0x1234) + b"??", be16(0x7700, 0x0800) + IP,
    be16(0x8f00, 0x8035) + be32(0, 0, 0) + be16(0xffff), be16(0x8f00, 0x8035) + be32(1) + a4("192.0.2.1") + a4("255.255.255.0") + be16(0),
    be16(0x8f00, 0x8035) + be32(2, 1, 2) + be16(0xffff) + be32(123456789) + b"junk", be16(0x8f00, 0x8035) + be32(9, 1, 2) + be16(0xffff),
    be16(0x8f00, 0x8035) + be32(2, 1, 2),
] + cuts(be16(0x8f00, 0x8035) + be32(2, 1, 2) + be16(0xffff) + be32(123456789) + b"junk"))


def pppoe(payload, code=0, session=1, vt=0x11, length=None):
    return u8(vt, code) + be16(session, len(payload) if length is None else length) + payload


def tag(kind, value=b"", length=None):
    return be16(kind, len(value) if length is None else length) + value


TAGS = tag(0x0101, b"internet") + tag(0x0102, b"concentrator \xff") + tag(0x0103, b"\1\2\3\4") + tag(0x0104, b"cookie") + tag(0x0105, b"\0\0\0\1v")
TAGS += tag(0x0110) + tag(0x0120, be16(1500)) + tag(0x0201, b"none") + tag(0x0202, b"down") + tag(0x0203, b"x" * 100) + tag(0x0999, b"?")
capture("pppoe.pcap", ETHERNET, [
    eth(pppoe(tag(0x0101) + tag(0x0103, b"\1\2"), 0x09, 0), 0x8863, dst="ff:ff:ff:ff:ff:ff"), eth(pppoe(TAGS, 0x07, 0), 0x8863),
    eth(pppoe(TAGS, 0x19, 0) + b"padding", 0x8863), eth(pppoe(b"", 0x65), 0x8863), eth(pppoe(tag(0) + b"\1\2", 0xa7), 0x8863),
    eth(pppoe(b"", 0x33), 0x8863), eth(pppoe(tag(0x0101, b"", 9), 0x09), 0x8863), eth(pppoe(b"", 0x09, length=1480), 0x8863),
    eth(pppoe(be16(0x0021) + IP), 0x8864), eth(pppoe(be16(0xc021) + cp(9, be32(1)), vt=0x23), 0x8864), eth(pppoe(be16(0x4321) + b"??"), 0x8864),
    eth(pppoe(b""), 0x8864), eth(pppoe(be16(0x0057) + IP6, length=20), 0x8864), eth(pppoe(be16(0x0021) + IP, length=999), 0x8864),
    eth(b"\x11\0\0", 0x8864), eth(be16(0x0021) + IP, 0x880b), eth(b"", 0x880b),
] + cuts(eth(pppoe(TAGS, 0x07, 0), 0x8863), first=14, step=7) + cuts(eth(pppoe(be16(0x0021) + IP), 0x8864), first=14))
capture("pppoe-link.pcap", 51, [pppoe(be16(0x0021) + IP), pppoe(TAGS, 0x07, 0), b"\x11"])

# --- LLDP ---


def lldp(kind, value=b"", length=None):
    return be16(kind << 9 | (len(value) if length is None else length)) + value


def org(oui, kind, value=b""):
    return lldp(127, oui.to_bytes(3, "big") + u8(kind) + value)


Q, E, M, X = 0x0080c2, 0x00120f, 0x0012bb, 0x001b21
BASE = lldp(1, u8(4) + mac(MAC_A)) + lldp(2, u8(5) + b"eth0") + lldp(3, be16(120))
LLDP = [BASE + lldp(4, b"port") + lldp(5, b"system") + lldp(6, b"a system\nof two lines") + lldp(7, be16(0x00ff, 0x0014))
        + lldp(8, u8(5, 1) + a4("192.0.2.1") + u8(2) + be32(7) + u8(3) + b"oid") + lldp(8, u8(17, 2) + a6("2001:db8::1") + u8(3) + be32(8) + u8(0))
        + lldp(8, u8(7, 6) + mac(MAC_A) + u8(9) + be32(8)) + lldp(8, u8(3, 99, 1, 2) + u8(1) + be32(8)) + lldp(9, b"?") + lldp(0)]
LLDP += [lldp(1, u8(k) + v) + lldp(2, u8(k) + v) for k, v in [(1, b"comp"), (2, b"alias"), (3, mac(MAC_A)), (4, mac(MAC_A)), (5, u8(1) + a4("192.0.2.1")),
         (5, u8(2) + a6("2001:db8::2")), (4, u8(1) + a4("192.0.2.1")), (6, b"name"), (7, b"local"), (8, b"?"), (0, b"?")]]
DOT1 = org(Q, 1, be16(5)) + org(Q, 2, u8(6) + be16(7)) + org(Q, 3, be16(9) + u8(4) + b"vlan") + org(Q, 4, u8(3) + b"abc") + org(Q, 7, u8(3) + be32(9))
DOT1 += org(Q, 8, u8(0x81, 0x42)) + org(Q, 9, u8(0xd3) + bytes(range(20))) + org(Q, 10, u8(1) + bytes(range(100, 120))) + org(Q, 11, u8(0xd8, 0xf0))
DOT1 += org(Q, 12, u8(0) + u8(0x6a) + be16(0x8906)) + org(Q, 13, bytes(range(0xa1, 0xa6))) + org(Q, 14, u8(0x98, 0) + be16(167) + be32(0x00100200)[:3])
DOT1 += org(Q, 99, b"?")
DOT3 = org(E, 1, u8(3) + be16(0x6c01, 30)) + org(E, 1, u8(0) + be16(0x8000, 99)) + org(E, 2, u8(0x0f, 1, 3)) + org(E, 2, u8(0, 9, 9))
DOT3 += org(E, 3, u8(1) + be32(5)) + org(E, 4, be16(1522)) + org(E, 99, b"?")
MED = org(M, 1, be16(0x3f) + u8(4)) + org(M, 2, u8(1) + be32(0x40145500)[:3]) + org(M, 3, u8(1) + bytes(range(16)))
MED += org(M, 3, u8(2, 12, 1) + b"DE" + u8(3, 6) + b"Berlin" + b"x") + org(M, 3, u8(3) + b"+4930") + org(M, 3, u8(9) + b"???") + org(M, 4, u8(0x52) + be16(123))
MED += org(M, 4, u8(0x01) + be16(2000)) + b"".join(org(M, k, b"item %d" % k) for k in range(5, 12)) + org(M, 99, b"?")
DCBX = org(X, 1, b"??") + org(X, 2, lldp(1, bytes(range(10))) + lldp(2, bytes(range(17))) + lldp(3, bytes(range(6)))
                              + lldp(4, bytes(4) + be16(0x8906) + u8(0x40, 0x1b, 0x21, 8)) + lldp(9, b"?"))
OTHER = org(0x00005e, 1, b"https://example.net/mud") + org(0x00005e, 2, b"???????") + org(0x123456, 1, b"??")
SHORT = [lldp(1, u8(4)), lldp(1, u8(4, 1)), lldp(2, u8(3, 1)), lldp(2, u8(4, 1, 1)), lldp(3, b"\0"), lldp(7, b"\0"), lldp(8, u8(99, 1)), lldp(8, u8(5, 1) + a4("192.0.2.1")),
         lldp(8, u8(4, 1, 2, 3, 4)), lldp(127, b"\0"), lldp(4, b"x", 200), org(X, 2, lldp(2, b"xx")), org(X, 2, lldp(2, b"xx", 40)), b"\0"]
SHORT += [org(Q, k) for k in range(1, 15)] + [org(E, k) for k in range(1, 5)] + [org(M, k) for k in range(1, 6)]
SHORT += [lldp(127, o.to_bytes(3, "big")) for o in (Q, E, M, X)] + [org(Q, 3, be16(9) + u8(44) + b"v"), org(M, 3, u8(2, 99, 1)), org(M, 3, u8(2, 5, 1) + b"DE" + u8(0, 3))]
LLDP += [BASE + p + lldp(0) for p in [DOT1, DOT3, MED, DCBX, OTHER]] + [BASE + p for p in SHORT]
capture("lldp.pcap", ETHERNET, [eth(p, 0x88cc, dst="01:80:c2:00:00:0e") for p in LLDP] + cuts(eth(LLDP[0], 0x88cc), first=15, step=7))

# --- Cisco's ---


def tlv(kind, value=b"", length=None):
    return be16(kind, 4 + len(value) if length is None else length) + value


def cisco(pid, payload):
    return eth_llc(snap(0x00000c, pid, payload), dst="01:00:0c:cc:cc:cc")


ADDRESSES = be32(3) + u8(1, 1, 0xcc) + be16(4) + a4("192.0.2.1") + u8(2, 8) + h("aaaa03000000 86dd") + be16(16) + a6("2001:db8::1") + u8(1, 2, 9, 9) + be16(2) + b"??"
CDP_TLVS = tlv(1, b"switch") + tlv(2, ADDRESSES) + tlv(3, b"Fa0/1") + tlv(4, be32(0x29)) + tlv(5, b"two\nlines") + tlv(6, b"box") + tlv(7, a4("192.0.2.0") + u8(24))
CDP_TLVS += tlv(8, b"hello") + tlv(9, b"vtp") + tlv(10, be16(7)) + tlv(11, u8(1)) + tlv(14, u8(1) + be16(9)) + tlv(15, be16(0x2000)) + tlv(15, u8(1) + be16(9))
CDP_TLVS += tlv(16, be16(15400)) + tlv(16, u8(9)) + tlv(16, u8(1, 2, 3)) + tlv(17, be32(1500)) + tlv(18, u8(1)) + tlv(19, u8(2)) + tlv(20, b"name") + tlv(21, b"oid")
CDP_TLVS += tlv(22, ADDRESSES) + tlv(23, u8(0) + b"room") + tlv(12, b"?") + tlv(99, b"??")
CDP_BAD = [tlv(2, be32(1)), tlv(2, be32(1) + u8(1, 9)), tlv(2, be32(1) + u8(1, 1, 0xcc) + be16(4)), tlv(2, be32(0) + b"stray"), tlv(4, b"\0"), tlv(7, b"\0"),
           tlv(10, b"\0"), tlv(1, b"", 3), tlv(1, b"x", 99), b"\0\1"]
capture("cdp.pcap", ETHERNET, [cisco(0x2000, u8(2, 180) + be16(0x1234) + p) for p in [CDP_TLVS] + CDP_BAD] + [cisco(0x2000, b"\2")]
        + cuts(cisco(0x2000, u8(2, 180) + be16(0x1234) + CDP_TLVS), first=20, step=7))


def vtp(code, payload, domain=b"lab", third=1, length=None):
    return u8(1, code, third, len(domain) if length is None else length) + domain.ljust(32, b"\0") + payload


def vlan_info(name, tlvs=b""):
    padded = name + bytes(-len(name) % 4)
    return u8(12 + len(padded) + len(tlvs), 0, 1, len(name)) + be16(7, 1500) + be32(100007) + padded + tlvs


VTP_TLVS = b"".join(u8(k, 1) + be16(v) for k, v in [(1, 5), (3, 1), (3, 9), (6, 1), (6, 2), (7, 1), (7, 2), (9, 7), (10, 1), (10, 2), (77, 1)])
capture("vtp.pcap", ETHERNET, [cisco(0x2003, p) for p in [
    vtp(1, be32(0x10) + a4("192.0.2.1") + b"930301000000" + bytes(range(16))), vtp(2, be32(0x10) + vlan_info(b"default") + vlan_info(b"seven", VTP_TLVS)),
    vtp(2, be32(0x10) + vlan_info(b"x", u8(1, 2, 0, 0, 0, 0))), vtp(2, be32(0x10) + vlan_info(b"x", u8(1, 9, 0, 0))), vtp(2, be32(0x10) + u8(5, 0, 1, 1)),
    vtp(2, be32(0x10) + put(vlan_info(b"x"), 3, u8(99))), vtp(2, be32(0x10) + vlan_info(b"x", u8(1))), vtp(3, be32(1)), vtp(4, b""), vtp(9, b""),
    vtp(1, b"", length=0), vtp(1, b"", length=40), b"\1\1"]] + cuts(cisco(0x2003, vtp(2, be32(0x10) + vlan_info(b"seven", VTP_TLVS))), first=20, step=5))
capture("dtp.pcap", ETHERNET, [cisco(0x2004, p) for p in [
    u8(1) + tlv(1, b"lab\0") + tlv(2, u8(0x81)) + tlv(3, u8(0xa5)) + tlv(4, mac(MAC_A)) + tlv(9, b"?") + bytes(4), u8(1) + tlv(2, b""), u8(1) + tlv(4, b"?"),
    u8(1) + tlv(1, b"", 3), u8(1) + tlv(1, b"", 99), u8(1, 0, 1), b""]] + cuts(cisco(0x2004, u8(1) + tlv(1, b"lab\0") + tlv(4, mac(MAC_A))), first=20))
UDLD = tlv(1, b"device") + tlv(2, b"port") + tlv(3, b"\0\0") + tlv(4, u8(15)) + tlv(5, u8(5)) + tlv(6, b"name") + tlv(7, be32(9)) + tlv(9, b"?")
capture("udld.pcap", ETHERNET, [cisco(0x0111, u8(0x21, f) + be16(0x1234) + p) for f, p in [
    (3, UDLD), (0, b""), (0xff, tlv(4, b"??")), (0, tlv(7, b"?")), (0, tlv(1, b"")), (0, tlv(1, b"x", 99)), (0, b"\0")]]
    + [cisco(0x0111, b"\1")] + cuts(cisco(0x0111, u8(0x21, 3) + be16(0x1234) + UDLD), first=20))

# --- slow protocols ---


def party(kind):
    return u8(kind, 20) + be16(0x8000) + mac(MAC_A) + be16(1, 0x8001, 2) + u8(0x3d, 0, 0, 0)


LACP = party(1) + party(2) + u8(3, 16) + be16(5) + bytes(12) + u8(0, 0) + bytes(50)
OAM_INFO = u8(1, 16, 1) + be16(3) + u8(5, 0x1d) + be16(1518) + u8(0, 0, 0x0c) + be32(9)
OAM_EVENT = u8(1, 40) + be16(7) + be64(1, 2, 3, 4) + be32(5)
SLOW = [u8(1, 1) + LACP, u8(2, 1) + u8(1, 16) + be16(5) + mac(MAC_A) + be32(9) + be16(0) + u8(0, 0), u8(1, 2) + LACP, u8(2, 7), u8(9, 1) + b"??",
        u8(1, 1) + u8(1, 9) + bytes(7), u8(1, 1) + u8(9, 4, 1, 2), u8(1, 1) + u8(1, 1), u8(1, 1) + u8(1, 99), u8(1, 1, 1), u8(1), b"",
        u8(3) + be16(0x7f) + u8(0) + OAM_INFO + put(OAM_INFO, 0, u8(2)) + u8(0xfe, 6, 1, 2, 3, 4) + u8(9, 4, 1, 2) + u8(0, 0),
        u8(3) + be16(0x50) + u8(1) + be16(77) + b"".join(put(OAM_EVENT, 0, u8(k)) for k in range(1, 5)) + u8(0xfe, 4, 1, 2) + u8(0, 0),
        u8(3) + be16(0) + u8(4, 1), u8(3) + be16(0) + u8(4, 9), u8(3) + be16(0) + u8(4), u8(3) + be16(0) + u8(2) + b"??", u8(3) + be16(0) + u8(0xfe) + b"??",
        u8(3) + be16(0) + u8(0x33) + b"??", u8(3) + be16(0) + u8(0, 1, 9) + bytes(7), u8(3) + be16(0) + u8(0, 1, 1), u8(3) + be16(0) + u8(0, 1, 99),
        u8(3) + be16(0) + u8(1, 7), u8(3) + be16(0) + u8(1) + be16(7) + u8(1, 9) + bytes(7), u8(3, 0)]
capture("slow.pcap", ETHERNET, [eth(p, 0x8809, dst="01:80:c2:00:00:02") for p in SLOW] + cuts(eth(SLOW[0], 0x8809), first=14, step=7)
        + cuts(eth(SLOW[12], 0x8809), first=14, step=7) + cuts(eth(SLOW[13], 0x8809), first=14, step=7))

# --- captures in captures ---


def ppi(payload, link, n=8):
    return u8(0, 0) + le16(n) + le32(link) + payload


def pktap(payload, link, n=108, kind=1):
    head = le32(n, kind, link) + b"en0".ljust(24, b"\0") + le32(1, 2, 14, 0, 4242) + b"ssh".ljust(20, b"\0")
    return head.ljust(108, b"\0") + payload


ENCLOSED = [(eth(IP), 1), (IP, 12), (eth_llc(snap(0, 0x0800, IP)), 1), (be16(0x0f00, 0x0800) + IP, 104), (b"??", 250)]
capture("ppi.pcap", PPI, [ppi(p, link) for p, link in ENCLOSED] + [ppi(bytes(4) + eth(IP), 1, 12), ppi(eth(IP), 1, 7), ppi(eth(IP), 1, 999)] + cuts(ppi(eth(IP), 1)))
capture("pktap.pcap", 258, [pktap(p, link) for p, link in ENCLOSED] + [pktap(bytes(4) + eth(IP), 1, 112), pktap(b"", 1, kind=0), pktap(IP, 1, 7), pktap(IP, 1, 999),
                                                                       pktap(IP, 1)[:90]] + cuts(pktap(eth(IP), 1), 9))
capture("enc.pcap", 109, [le32(2) + be32(0x1234) + le32(f) + IP for f in (0, 0x400, 0x800, 0xc00, 0x1c00)]
        + [be32(2) + be32(0x1234) + be32(0x400) + IP, le32(24) + be32(1) + le32(0) + IP6, le32(7) + be32(1) + le32(0) + IP])
capture("dsa.pcap", 284, [mac(MAC_B) + mac(MAC_A) + be32(t) + be16(0x0800) + IP for t in (0xc0080007, 0xe10e3fff, 0x40100000, 0x01180009, 0x80080001, 0x800c0001, 0x000a1000)]
        + cuts(mac(MAC_B) + mac(MAC_A) + be32(0xc0080007) + be16(0x0800) + IP))
capture("edsa.pcap", 285, [mac(MAC_B) + mac(MAC_A) + be16(0xdada, 0x0102) + be32(t) + be16(0x0800) + IP for t in (0xc0080007, 0x01180009)])
capture("brcm.pcap", 281, [mac(MAC_B) + mac(MAC_A) + be32(t) + be16(0x0800) + IP for t in (0x20000080, 0x2085ffff, 0x00000025, 0x00072047, 0x00070347)])
capture("brcm-front.pcap", 282, [be32(0x20000080) + eth(IP), be32(0x00072047) + eth(vlan(IP, 5), 0x8100), b"\0\0"] + cuts(be32(0x20000080) + eth(IP)))
capture("netanalyzer.pcap", 240, [bytes(4) + eth(IP)] + cuts(bytes(4) + eth(IP)))
capture("netanalyzer-raw.pcap", 241, [bytes(12) + eth(IP)])
capture("unsupported.pcap", 160, [b"whatever this is"])
