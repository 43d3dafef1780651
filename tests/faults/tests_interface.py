"""Interfaces that go away, go down, and come back."""
import signal
import time

from place import B, Net, Place, counts, sh

GONE = "wiretape: pcap_loop: The interface disappeared\n"


def alone(place):
    """Namespaces that no other test uses."""
    net = Net(place.binary)
    net.b, net.a = f"wt{place.port}b", f"wt{place.port}a"
    net.up()
    own = Place(net, place.binary, place.shim, place.dir, place.port)
    return net, own


def test_interface_disappears(place):
    """All that was captured is kept; text and status are tcpdump's."""
    net, own = alone(place)
    try:
        for options, name in ((["-U"], "out.pcap"), ([], "out.pcap"), (["-C", "1"], "out.pcap"), ([], "out.pcap.gz"),
                              (["-j", "2"], "out.pcap")):
            at = place.dir / f"d{''.join(options)}{name}"
            at.mkdir()
            child = own.live(*options, "-w", f"{at}/{name}", own.udp)
            own.send(0, 1500)
            time.sleep(0.2)
            sh("ip", "-n", net.b, "link", "del", "eth1")
            _, err, status = own.end(child)
            assert status == 1 and GONE in err, (options, status, err)
            assert own.row(at) == list(range(1500)) and counts(err)[0] == 1500, (options, err)
            net.join()
        # Added again under its name it is another: a capture that begins now has it.
        child = own.live("-n", own.udp)
        own.send(0, 5)
        time.sleep(0.2)
        out, err, status = own.end(child, signal.SIGINT)
        assert status == 0 and out.count(b"UDP") == 5, err
    finally:
        own.close()
        net.down()


def test_interface_disappears_while_printing(place):
    net, own = alone(place)
    try:
        child = own.live("-n", own.udp)
        own.send(0, 20)
        time.sleep(0.2)
        sh("ip", "-n", net.b, "link", "del", "eth1")
        out, err, status = own.end(child)
        assert status == 1 and GONE in err and out.count(b"UDP") == 20 and counts(err)[0] == 20, (status, err)
    finally:
        own.close()
        net.down()


def test_interface_down_and_up(place):
    """The capture goes on when it is up again."""
    net, own = alone(place)
    try:
        child = own.live("-U", "-w", "out.pcap", own.udp)
        own.send(0, 50)
        time.sleep(0.2)
        sh("ip", "-n", net.b, "link", "set", "eth1", "down")
        time.sleep(0.3)
        sh("ip", "-n", net.b, "link", "set", "eth1", "up")
        time.sleep(0.3)
        mac = sh("ip", "netns", "exec", net.b, "cat", "/sys/class/net/eth1/address").stdout.strip()
        sh("ip", "-n", net.a, "neigh", "replace", B, "lladdr", mac, "dev", "eth1", "nud", "permanent")
        time.sleep(0.3)
        own.send(50, 50)
        time.sleep(0.2)
        _, err, status = own.end(child, signal.SIGINT)
        assert status == 0 and own.numbers(place.dir / "out.pcap") == list(range(100)), err
    finally:
        own.close()
        net.down()


def test_any_goes_on(place):
    """-i any: one of the interfaces goes away and comes back; both times count."""
    net, own = alone(place)
    try:
        child = own.live("-i", "any", "-U", "-w", "out.pcap", f"inbound and {own.udp}")
        own.send(0, 50)
        time.sleep(0.2)
        sh("ip", "-n", net.b, "link", "del", "eth1")
        time.sleep(0.3)
        net.join()
        own.send(50, 50)
        time.sleep(0.2)
        _, err, status = own.end(child, signal.SIGINT)
        assert status == 0 and counts(err)[0] == 100, (status, err)
        assert own.numbers(place.dir / "out.pcap") == list(range(100)), err
    finally:
        own.close()
        net.down()
