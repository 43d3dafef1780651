# bash completion for wiretape(8)

_wiretape_interfaces()
{
	"${1:-wiretape}" -D 2>/dev/null | sed 's/^[0-9]*\.\([^ ]*\).*/\1/'
}

# The options of a command, which lists them itself.
_wiretape_options()
{
	"$1" "$2" --help 2>/dev/null | sed -n 's/^  \(-[^ ,]*\)\{0,1\},\{0,1\} *\(--[^[ ]*\)\{0,1\}.*/\1 \2/p'
}

_wiretape()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local options="
		-# --number -A -B --buffer-size -C -D --list-interfaces -E -F -G -H -I --monitor-mode -J
		--list-time-stamp-types -K --dont-verify-checksums -L --list-data-link-types -M -N -O
		--no-optimize -Q --direction -S --absolute-tcp-sequence-numbers -T -U --packet-buffered -V
		-W -X -Z --relinquish-privileges -b -c -d -e -f -g --ip-oneline -h --help -i --interface
		-j --time-stamp-type -l -m -n -p --no-promiscuous-mode -q -r -s --snapshot-length -t -u -v
		-w -x -y --linktype -z --version --time-stamp-precision --immediate-mode --print --micro
		--nano --count --json --flows --fields --header --jobs --no-jit --no-sandbox --sandbox-report -Y --display-filter"

	local command=
	case ${COMP_WORDS[1]-} in
	failed|follow|grep|stats)
		((COMP_CWORD > 1)) && command=${COMP_WORDS[1]} options=$(_wiretape_options "$1" "$command") ;;
	esac

	# --name=value arrives as three words.
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD-2]}
	fi
	COMPREPLY=()
	if [[ $command == stats && $prev == --plot ]]; then
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$cur"))
		return
	fi
	if [[ $command == stats && $prev == --by ]]; then
		COMPREPLY=($(compgen -W "packets bytes start duration rate rtt" -- "$cur"))
		return
	fi
	if [[ $command == stats && $prev == @(--endpoints|--conversations) ]]; then
		local last=${cur##*,} before=
		[[ $cur == *,* ]] && before=${cur%,*},
		COMPREPLY=($(compgen -P "$before" -W "eth ip ipv6 tcp udp sctp $([[ $prev == --c* ]] && echo icmp)" -- "$last"))
		return
	fi
	if [[ $command == stats && $prev == -z ]]; then
		COMPREPLY=($(compgen -W "conv, dns,tree endpoints, host, http,tree io,phs io,stat, plen,tree" -- "$cur"))
		return
	fi
	if [[ $command == grep && $prev == @(-f|--file) ]]; then
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$cur"))
		return
	fi
	if [[ $command == grep && $prev == --color ]]; then
		COMPREPLY=($(compgen -W "always never auto" -- "$cur"))
		return
	fi
	if [[ $command == failed && $prev == --by ]]; then
		COMPREPLY=($(compgen -W "severity failed attempts first last source target kind" -- "$cur"))
		return
	fi
	if [[ $command == failed && $prev == --kind ]]; then
		local last=${cur##*,} before=
		[[ $cur == *,* ]] && before=${cur%,*},
		COMPREPLY=($(compgen -P "$before" -W "never tcp udp dns http tls refused unanswered filtered half-open
			reset closed unreachable servfail nxdomain dns-refused dns-error dns-unanswered http-5xx
			http-4xx tls-alert arp ping" -- "$last"))
		return
	fi
	if [[ $command == follow && $prev == @(-o|--output) ]]; then
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -d -- "$cur"))
		return
	fi
	case $prev in
	-i|--interface)
		COMPREPLY=($(compgen -W "$(_wiretape_interfaces "$1")" -- "$cur"))
		return ;;
	-F|-V|-r|-w)
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$cur"))
		return ;;
	-T)
		COMPREPLY=($(compgen -W "aodv carp cnfp domain lmp pgm pgm_zmtp1 ptp quic radius resp rpc rtcp
			rtp snmp someip tftp vat vxlan wb zmtp1" -- "$cur"))
		return ;;
	-Q|--direction)
		COMPREPLY=($(compgen -W "in out inout" -- "$cur"))
		return ;;
	--time-stamp-precision)
		COMPREPLY=($(compgen -W "micro nano" -- "$cur"))
		return ;;
	-j|--time-stamp-type)
		COMPREPLY=($(compgen -W "host host_lowprec host_hiprec adapter adapter_unsynced" -- "$cur"))
		return ;;
	-y|--linktype)
		COMPREPLY=($(compgen -W "EN10MB LINUX_SLL LINUX_SLL2 RAW NULL LOOP IEEE802_11 IEEE802_11_RADIO
			PPP" -- "$cur"))
		return ;;
	-Z|--relinquish-privileges)
		COMPREPLY=($(compgen -u -- "$cur"))
		return ;;
	-z)
		COMPREPLY=($(compgen -c -- "$cur"))
		return ;;
	--fields)
		local last=${cur##*,} before=
		[[ $cur == *,* ]] && before=${cur%,*},
		compopt -o nospace 2>/dev/null
		COMPREPLY=($(compgen -P "$before" -W "$("$1" fields 2>/dev/null | awk '/^ / { print $1 }')" -- "$last"))
		return ;;
	-B|--buffer-size|-C|-E|-G|-M|-W|-c|-m|-s|--snapshot-length)
		return ;;
	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$options" -- "$cur"))
	elif ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W "failed fields follow grep stats" -- "$cur"))
	fi
}

complete -F _wiretape wiretape
