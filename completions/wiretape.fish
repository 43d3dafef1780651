# fish completion for wiretape(8)

function __wiretape_interfaces
	wiretape -D 2>/dev/null | string replace -rf '^\d+\.(\S+).*' '$1'
end

function __wiretape_fields
	set -l before (commandline -ct | string match -r '^(?:--fields=)?(?:.*,)?')
	for field in (wiretape fields 2>/dev/null | string match -rg '^ +(\S+)')
		echo "$before$field"
	end
end

# The options of a command, which lists them itself, with their help.
function __wiretape_options
	set -l words (commandline -opc)
	wiretape $words[2] --help 2>/dev/null | string match -rg '^  .*?(--[a-z-]+)(?:[ [][^ ]+)? {2,}(.*)' | paste - -
end

complete -c wiretape -f
complete -c wiretape -n '__fish_seen_subcommand_from failed follow grep stats' -a '(__wiretape_options)'
complete -c wiretape -n '__fish_seen_subcommand_from follow' -s o -l output -x -a '(__fish_complete_directories)'
complete -c wiretape -n '__fish_seen_subcommand_from stats' -l by -x -a 'packets bytes start duration rate rtt'
complete -c wiretape -n '__fish_seen_subcommand_from stats' -l plot -r -F
complete -c wiretape -n '__fish_seen_subcommand_from stats' -l endpoints -f -a 'eth ip ipv6 tcp udp sctp'
complete -c wiretape -n '__fish_seen_subcommand_from stats' -l conversations -f -a 'eth ip ipv6 tcp udp sctp icmp'
complete -c wiretape -n '__fish_seen_subcommand_from grep' -s f -l file -r -F
complete -c wiretape -n '__fish_seen_subcommand_from grep' -l color -x -a 'always never auto'
complete -c wiretape -n '__fish_seen_subcommand_from failed' -l by -x -a 'severity failed attempts first last source target kind'
complete -c wiretape -n '__fish_seen_subcommand_from failed' -l kind -x -a 'never tcp udp dns http tls refused unanswered filtered half-open reset closed unreachable servfail nxdomain dns-refused dns-error dns-unanswered http-5xx http-4xx tls-alert arp ping'
complete -c wiretape -n __fish_is_first_token -a failed -d 'what did not work'
complete -c wiretape -n __fish_is_first_token -a fields -d 'list the fields'
complete -c wiretape -n __fish_is_first_token -a follow -d 'what conversations said'
complete -c wiretape -n __fish_is_first_token -a grep -d 'search payloads and streams'
complete -c wiretape -n __fish_is_first_token -a stats -d 'sum up a capture'
complete -c wiretape -s '#' -l number -d 'print packet numbers'
complete -c wiretape -s A -d 'print packets in ASCII; twice: with the link header'
complete -c wiretape -s B -l buffer-size -x -d 'capture buffer, KiB'
complete -c wiretape -s C -x -d 'begin a new file after this size (millions of bytes, or with k, m, g)'
complete -c wiretape -s D -l list-interfaces -d 'list the interfaces'
complete -c wiretape -s E -x -d 'decrypt IPsec ESP'
complete -c wiretape -s F -r -F -d 'read the filter expression from a file'
complete -c wiretape -s G -x -d 'begin a new file after this time'
complete -c wiretape -s H -d 'detect 802.11s draft mesh headers'
complete -c wiretape -s I -l monitor-mode -d 'capture in monitor mode'
complete -c wiretape -s J -l list-time-stamp-types -d 'list the interface\'s time stamp types'
complete -c wiretape -s K -l dont-verify-checksums -d 'do not verify checksums'
complete -c wiretape -s L -l list-data-link-types -d 'list the interface\'s link types'
complete -c wiretape -s M -x -d 'shared secret of TCP-MD5 digests'
complete -c wiretape -s N -d 'no domain part of host names'
complete -c wiretape -s O -l no-optimize -d 'do not optimize the filter'
complete -c wiretape -s Q -l direction -x -a 'in out inout' -d 'capture only this direction'
complete -c wiretape -s S -l absolute-tcp-sequence-numbers -d 'absolute TCP sequence numbers'
complete -c wiretape -s T -x -a 'aodv carp cnfp domain lmp pgm pgm_zmtp1 ptp quic radius resp rpc rtcp rtp snmp someip tftp vat vxlan wb zmtp1' -d 'take packets for this protocol'
complete -c wiretape -s U -l packet-buffered -d 'write out each packet at once'
complete -c wiretape -s V -r -F -d 'read the capture files listed in a file'
complete -c wiretape -s W -x -d 'how many files to write in turn'
complete -c wiretape -s X -d 'print packets in hex and ASCII; twice: with the link header'
complete -c wiretape -s Z -l relinquish-privileges -x -a '(__fish_complete_users)' -d 'run as this user after opening'
complete -c wiretape -s b -d 'AS numbers in ASDOT notation'
complete -c wiretape -s c -x -d 'stop after this many packets'
complete -c wiretape -s d -d 'show the compiled filter; twice: as C, three times: as numbers'
complete -c wiretape -s e -d 'print the link header'
complete -c wiretape -s f -d 'foreign IPv4 addresses as numbers'
complete -c wiretape -s g -l ip-oneline -d 'no line break after the IP header with -v'
complete -c wiretape -s h -l help -d 'show the usage'
complete -c wiretape -s i -l interface -x -a '(__wiretape_interfaces)' -d 'capture on this interface'
complete -c wiretape -s j -l time-stamp-type -x -a 'host host_lowprec host_hiprec adapter adapter_unsynced' -d 'time stamp type'
complete -c wiretape -s l -d 'line-buffered output'
complete -c wiretape -s m -x -d 'SMI module (accepted, ignored)'
complete -c wiretape -s n -d 'no names: addresses and ports as numbers'
complete -c wiretape -s p -l no-promiscuous-mode -d 'no promiscuous mode'
complete -c wiretape -s q -d 'less protocol information'
complete -c wiretape -s r -r -F -d 'read packets from a capture file'
complete -c wiretape -s s -l snapshot-length -x -d 'bytes to capture of each packet'
complete -c wiretape -s t -d 'time stamp style: -t none, -tt epoch, -ttt delta, -tttt date, -ttttt elapsed'
complete -c wiretape -s u -d 'undecoded NFS handles'
complete -c wiretape -s v -d 'more detail; -vv and -vvv still more'
complete -c wiretape -s w -r -F -d 'write packets to a capture file'
complete -c wiretape -s x -d 'print packets in hex; twice: with the link header'
complete -c wiretape -s y -l linktype -x -a 'EN10MB LINUX_SLL LINUX_SLL2 RAW NULL LOOP IEEE802_11 IEEE802_11_RADIO PPP' -d 'link type to capture with'
complete -c wiretape -s z -x -a '(__fish_complete_command)' -d 'run a command on each finished file'
complete -c wiretape -l version -d 'show the version'
complete -c wiretape -l time-stamp-precision -x -a 'micro nano' -d 'micro or nano'
complete -c wiretape -l immediate-mode -d 'deliver each packet at once'
complete -c wiretape -l print -d 'print packets although -w writes them'
complete -c wiretape -l micro -d 'time stamps in microseconds'
complete -c wiretape -l nano -d 'time stamps in nanoseconds'
complete -c wiretape -l count -d 'only count the packets of a file'
complete -c wiretape -l json -d 'one JSON object a line for each packet'
complete -c wiretape -l flows -d 'with --json: what conversations tell, too'
complete -c wiretape -l fields -x -a '(__wiretape_fields)' -d 'print these fields, tab-separated'
complete -c wiretape -l jobs -x -d 'how many threads work; also -j with a number'
complete -c wiretape -l header -d 'a line of column names before --fields'
complete -c wiretape -s Y -l display-filter -x -d 'show only packets whose fields match'
complete -c wiretape -l no-jit -d 'interpret the filter'
complete -c wiretape -l no-sandbox -d 'go without the sandbox'
complete -c wiretape -l sandbox-report -d 'tell what the sandbox allows'
