/* The fields of DNS messages, noted in a pass of their own: names whole, whatever the text shows. */
#include "proto/app/dns.h"

enum {
	NAME_MAX = 255,		/* bytes of a name, RFC 1035 section 2.3.4 */
	JUMPS_MAX = 64,		/* compression pointers followed in one name */
};

static const struct name opcode_names[] = {
	{ 0, "Query" }, { 1, "Inverse query" }, { 2, "Server status request" }, { 4, "Zone change notification" },
	{ 5, "Dynamic update" }, { 6, "DNS Stateful operations" }, { 0, NULL }
};

static const struct name rcode_names[] = {
	{ 0, "No error" }, { 1, "Format error" }, { 2, "Server failure" }, { 3, "No such name" },
	{ 4, "Not implemented" }, { 5, "Refused" }, { 6, "Name exists" }, { 7, "RRset exists" },
	{ 8, "RRset does not exist" }, { 9, "Not authoritative" }, { 10, "Name out of zone" }, { 16, "Bad signature" },
	{ 17, "Bad key" }, { 18, "Bad time" }, { 19, "Bad mode" }, { 20, "Bad name" }, { 21, "Bad algorithm" },
	{ 22, "Bad truncation" }, { 23, "Bad cookie" }, { 0, NULL }
};

static const struct name class_names[] = {
	{ 1, "IN" }, { 3, "CH" }, { 4, "HS" }, { 254, "NONE" }, { 255, "ANY" }, { 0, NULL }
};

static const struct name algorithm_names[] = {
	{ 1, "RSA/MD5" }, { 3, "DSA" }, { 5, "RSA/SHA-1" }, { 7, "RSASHA1-NSEC3-SHA1" }, { 8, "RSA/SHA-256" },
	{ 10, "RSA/SHA-512" }, { 13, "ECDSA P-256 with SHA-256" }, { 14, "ECDSA P-384 with SHA-384" },
	{ 15, "Ed25519" }, { 16, "Ed448" }, { 0, NULL }
};

/* RFC 9460 section 14.3.2. */
static const struct name svcb_keys[] = {
	{ 0, "mandatory" }, { 1, "alpn" }, { 2, "no-default-alpn" }, { 3, "port" }, { 4, "ipv4hint" }, { 5, "ech" },
	{ 6, "ipv6hint" }, { 7, "dohpath" }, { 0, NULL }
};

enum { SVC_ALPN = 1, SVC_PORT = 3, SVC_IPV4 = 4, SVC_IPV6 = 6 };

/* Extended errors, RFC 8914 section 5.2. */
static const struct name error_names[] = {
	{ 0, "Other" }, { 1, "Unsupported DNSKEY Algorithm" }, { 2, "Unsupported DS Digest Type" }, { 3, "Stale Answer" },
	{ 4, "Forged Answer" }, { 5, "DNSSEC Indeterminate" }, { 6, "DNSSEC Bogus" }, { 7, "Signature Expired" },
	{ 8, "Signature Not Yet Valid" }, { 9, "DNSKEY Missing" }, { 10, "RRSIGs Missing" }, { 11, "No Zone Key Bit Set" },
	{ 12, "NSEC Missing" }, { 13, "Cached Error" }, { 14, "Not Ready" }, { 15, "Blocked" }, { 16, "Censored" },
	{ 17, "Filtered" }, { 18, "Prohibited" }, { 19, "Stale NXDomain Answer" }, { 20, "Not Authoritative" },
	{ 21, "Not Supported" }, { 22, "No Reachable Authority" }, { 23, "Network Error" }, { 24, "Invalid Data" },
	{ 0, NULL }
};

/* https://www.iana.org/assignments/dns-parameters */
const struct name dns_options[] = {
	{ 1, "LLQ" }, { 2, "UL" }, { 3, "NSID" }, { 5, "DAU" }, { 6, "DHU" }, { 7, "N3U" }, { 8, "ECS" }, { 9, "EXPIRE" },
	{ 10, "COOKIE" }, { 11, "KEEPALIVE" }, { 12, "PADDING" }, { 13, "CHAIN" }, { 14, "KEY-TAG" },
	{ 16, "CLIENT-TAG" }, { 17, "SERVER-TAG" }, { 0, NULL }
};

enum {
	ID, LENGTH, FLAGS, F_RESPONSE, F_OPCODE, F_AUTH, F_TRUNC, F_RD, F_RA, F_Z, F_AD, F_CD,
	F_RCODE, N_QUERIES, N_ANSWERS, N_AUTH, N_ADD, Q_NAME, Q_NAME_LEN, Q_LABELS, Q_TYPE, Q_CLASS,
	Q_CLASS_M, Q_QU, R_NAME, R_TYPE, R_CLASS, R_CLASS_M, R_FLUSH, R_TTL, R_LEN, A, AAAA, NS,
	CNAME, DNAME, PTR, SOA_MNAME, SOA_RNAME, SOA_SERIAL, SOA_REFRESH, SOA_RETRY, SOA_EXPIRE,
	SOA_MIN, HINFO_CPU, HINFO_OS, MX_PREF, MX_NAME, TXT, TXT_LEN, SPF, SRV_PRIO, SRV_WEIGHT,
	SRV_PORT, SRV_TARGET, NAPTR_ORDER, NAPTR_PREF, NAPTR_FLAGS, NAPTR_SERVICE, NAPTR_REGEX,
	NAPTR_NAME, DS_TAG, DS_ALG, DS_TYPE, DS_DIGEST, SSHFP_ALG, SSHFP_TYPE, SSHFP_FP, SIG_TYPE,
	SIG_ALG, SIG_LABELS, SIG_TTL, SIG_END, SIG_START, SIG_TAG, SIG_NAME, SIG_SIG, NSEC_NEXT,
	KEY_FLAGS, KEY_PROTO, KEY_ALG, KEY_KEY, N3_ALG, N3_FLAGS, N3_ITER, N3_SALT, N3_NEXT,
	TLSA_USAGE, TLSA_SEL, TLSA_MATCH, TLSA_DATA, SVCB_PRIO, SVCB_TARGET, SVCB_KEY, SVCB_LEN,
	SVCB_VALUE, SVCB_ALPN, SVCB_PORT, SVCB_IP4, SVCB_IP6, TSIG_ALG, TSIG_TIME, TSIG_FUDGE,
	TSIG_MACLEN, TSIG_MAC, TSIG_ID, TSIG_ERROR, TSIG_OTHERLEN, URI_PRIO, URI_WEIGHT, URI_TARGET,
	CAA_FLAGS, CAA_TAG, CAA_VALUE, OPT_SIZE, OPT_RCODE, OPT_VERSION, OPT_Z, OPT_DO, OPT_CODE,
	OPT_LEN, OPT_DATA, ECS_FAMILY, ECS_MASK, ECS_SCOPE, ECS_ADDR, COOKIE_C, COOKIE_S, PADDING,
	EDE_CODE, EDE_TEXT,
	/* Noted behind the walk, see field_needs. */
	RESPONSE_TO, TIME, RETRANSMISSION, AGAIN, AGAIN_IN, REPLIED_AGAIN, REPLIED_AGAIN_IN, UNSOLICITED,
	N_ALL
};

const struct field dns_fields[DNS_N_FIELDS] = {
	[ID] = { "dns.id", U16, .help = "Identification number" },
	[LENGTH] = { "dns.length", U16, .help = "Length of the message, over TCP" },
	[FLAGS] = { "dns.flags", U16, .help = "Flags" },
	[F_RESPONSE] = { "dns.flags.response", BOOL, .mask = 0x8000,
		.help = "Message is a response" },
	[F_OPCODE] = { "dns.flags.opcode", U16, .mask = 0x7800, .names = opcode_names,
		.help = "Operation code" },
	[F_AUTH] = { "dns.flags.authoritative", BOOL, .mask = 0x0400,
		.help = "Server is an authority for the domain" },
	[F_TRUNC] = { "dns.flags.truncated", BOOL, .mask = 0x0200, .help = "Message is truncated" },
	[F_RD] = { "dns.flags.recdesired", BOOL, .mask = 0x0100, .help = "Recursion desired" },
	[F_RA] = { "dns.flags.recavail", BOOL, .mask = 0x0080, .help = "Recursion available" },
	[F_Z] = { "dns.flags.z", BOOL, .mask = 0x0040, .help = "Reserved bit" },
	[F_AD] = { "dns.flags.authenticated", BOOL, .mask = 0x0020,
		.help = "Answer authenticated" },
	[F_CD] = { "dns.flags.checkdisable", BOOL, .mask = 0x0010,
		.help = "Non-authenticated data acceptable" },
	[F_RCODE] = { "dns.flags.rcode", U16, .mask = 0x000f, .names = rcode_names,
		.help = "Response code" },
	[N_QUERIES] = { "dns.count.queries", U16, .help = "Questions" },
	[N_ANSWERS] = { "dns.count.answers", U16, .help = "Answer records" },
	[N_AUTH] = { "dns.count.auth_rr", U16, .help = "Authority records" },
	[N_ADD] = { "dns.count.add_rr", U16, .help = "Additional records" },
	[Q_NAME] = { "dns.qry.name", STR, .help = "Name asked for" },
	[Q_NAME_LEN] = { "dns.qry.name.len", U16, .help = "Length of the name asked for" },
	[Q_LABELS] = { "dns.count.labels", U16, .help = "Labels of the name asked for" },
	[Q_TYPE] = { "dns.qry.type", U16, .names = dns_types, .help = "Type asked for" },
	[Q_CLASS] = { "dns.qry.class", U16, .mask = 0xffff, .names = class_names,
		.help = "Class asked for" },
	[Q_CLASS_M] = { "dns.qry.class", U16, .mask = 0x7fff, .names = class_names,
		.help = "Class asked for (multicast)" },
	[Q_QU] = { "dns.qry.qu", BOOL, .mask = 0x8000,
		.help = "A unicast answer is wanted (multicast)" },
	[R_NAME] = { "dns.resp.name", STR, .help = "Name of a record" },
	[R_TYPE] = { "dns.resp.type", U16, .names = dns_types, .help = "Type of a record" },
	[R_CLASS] = { "dns.resp.class", U16, .mask = 0xffff, .names = class_names,
		.help = "Class of a record" },
	[R_CLASS_M] = { "dns.resp.class", U16, .mask = 0x7fff, .names = class_names,
		.help = "Class of a record (multicast)" },
	[R_FLUSH] = { "dns.resp.cache_flush", BOOL, .mask = 0x8000,
		.help = "Older records are to be forgotten (multicast)" },
	[R_TTL] = { "dns.resp.ttl", U32, .help = "Seconds a record may be kept" },
	[R_LEN] = { "dns.resp.len", U16, .help = "Length of a record's data" },
	[A] = { "dns.a", IP4, .help = "IPv4 address" },
	[AAAA] = { "dns.aaaa", IP6, .help = "IPv6 address" },
	[NS] = { "dns.ns", STR, .help = "Name server" },
	[CNAME] = { "dns.cname", STR, .help = "Canonical name" },
	[DNAME] = { "dns.dname", STR, .help = "Name that a whole subtree stands for" },
	[PTR] = { "dns.ptr.domain_name", STR, .help = "Name that a pointer leads to" },
	[SOA_MNAME] = { "dns.soa.mname", STR, .help = "Primary name server of a zone" },
	[SOA_RNAME] = { "dns.soa.rname", STR, .help = "Mailbox responsible for a zone" },
	[SOA_SERIAL] = { "dns.soa.serial_number", U32, .help = "Serial number of a zone" },
	[SOA_REFRESH] = { "dns.soa.refresh_interval", U32, .help = "Seconds between refreshes" },
	[SOA_RETRY] = { "dns.soa.retry_interval", U32,
		.help = "Seconds before a refresh is tried again" },
	[SOA_EXPIRE] = { "dns.soa.expire_limit", U32,
		.help = "Seconds a zone lasts without refresh" },
	[SOA_MIN] = { "dns.soa.minimum_ttl", U32,
		.help = "Seconds a missing name may be remembered" },
	[HINFO_CPU] = { "dns.hinfo.cpu", STR, .help = "Machine type" },
	[HINFO_OS] = { "dns.hinfo.os", STR, .help = "Operating system" },
	[MX_PREF] = { "dns.mx.preference", U16, .help = "Preference of a mail exchange" },
	[MX_NAME] = { "dns.mx.mail_exchange", STR, .help = "Mail exchange" },
	[TXT] = { "dns.txt", STR, .help = "Text" },
	[TXT_LEN] = { "dns.txt.length", U8, .help = "Length of a text" },
	[SPF] = { "dns.spf", STR, .help = "Sender policy" },
	[SRV_PRIO] = { "dns.srv.priority", U16, .help = "Priority of a service" },
	[SRV_WEIGHT] = { "dns.srv.weight", U16, .help = "Weight of a service" },
	[SRV_PORT] = { "dns.srv.port", U16, .help = "Port of a service" },
	[SRV_TARGET] = { "dns.srv.target", STR, .help = "Host of a service" },
	[NAPTR_ORDER] = { "dns.naptr.order", U16, .help = "Order of a rewriting rule" },
	[NAPTR_PREF] = { "dns.naptr.preference", U16, .help = "Preference of a rewriting rule" },
	[NAPTR_FLAGS] = { "dns.naptr.flags", STR, .help = "Flags of a rewriting rule" },
	[NAPTR_SERVICE] = { "dns.naptr.service", STR, .help = "Service of a rewriting rule" },
	[NAPTR_REGEX] = { "dns.naptr.regex", STR,
		.help = "Regular expression of a rewriting rule" },
	[NAPTR_NAME] = { "dns.naptr.replacement", STR, .help = "Replacement of a rewriting rule" },
	[DS_TAG] = { "dns.ds.key_id", U16, .help = "Tag of the key a delegation is signed by" },
	[DS_ALG] = { "dns.ds.algorithm", U8, .names = algorithm_names,
		.help = "Algorithm of that key" },
	[DS_TYPE] = { "dns.ds.digest_type", U8, .help = "Kind of digest of that key" },
	[DS_DIGEST] = { "dns.ds.digest", BYTES, .help = "Digest of that key" },
	[SSHFP_ALG] = { "dns.sshfp.algorithm", U8, .help = "Algorithm of an SSH host key" },
	[SSHFP_TYPE] = { "dns.sshfp.fingerprint.type", U8,
		.help = "Kind of fingerprint of an SSH host key" },
	[SSHFP_FP] = { "dns.sshfp.fingerprint", BYTES, .help = "Fingerprint of an SSH host key" },
	[SIG_TYPE] = { "dns.rrsig.type_covered", U16, .names = dns_types,
		.help = "Type of the records that are signed" },
	[SIG_ALG] = { "dns.rrsig.algorithm", U8, .names = algorithm_names,
		.help = "Algorithm of a signature" },
	[SIG_LABELS] = { "dns.rrsig.labels", U8, .help = "Labels of the signed name" },
	[SIG_TTL] = { "dns.rrsig.original_ttl", U32, .help = "Signed lifetime" },
	[SIG_END] = { "dns.rrsig.signature_expiration", TIME32,
		.help = "End of a signature's validity" },
	[SIG_START] = { "dns.rrsig.signature_inception", TIME32,
		.help = "Start of a signature's validity" },
	[SIG_TAG] = { "dns.rrsig.key_tag", U16, .help = "Tag of the signing key" },
	[SIG_NAME] = { "dns.rrsig.signers_name", STR, .help = "Signer" },
	[SIG_SIG] = { "dns.rrsig.signature", BYTES, .help = "Signature" },
	[NSEC_NEXT] = { "dns.nsec.next_domain_name", STR, .help = "Next name of a zone" },
	[KEY_FLAGS] = { "dns.dnskey.flags", U16, .help = "Flags of a zone key" },
	[KEY_PROTO] = { "dns.dnskey.protocol", U8, .help = "Protocol of a zone key" },
	[KEY_ALG] = { "dns.dnskey.algorithm", U8, .names = algorithm_names,
		.help = "Algorithm of a zone key" },
	[KEY_KEY] = { "dns.dnskey.public_key", BYTES, .help = "Zone key" },
	[N3_ALG] = { "dns.nsec3.algo", U8, .help = "Hash algorithm of names" },
	[N3_FLAGS] = { "dns.nsec3.flags", U8, .help = "Flags of hashed denial of existence" },
	[N3_ITER] = { "dns.nsec3.iterations", U16, .help = "Rounds of hashing" },
	[N3_SALT] = { "dns.nsec3.salt_value", BYTES, .help = "Salt of hashed names" },
	[N3_NEXT] = { "dns.nsec3.hash_value", BYTES, .help = "Next hashed name of a zone" },
	[TLSA_USAGE] = { "dns.tlsa.certificate_usage", U8,
		.help = "How a certificate is to be matched" },
	[TLSA_SEL] = { "dns.tlsa.selector", U8, .help = "Part of a certificate that is matched" },
	[TLSA_MATCH] = { "dns.tlsa.matching_type", U8, .help = "Kind of digest of a certificate" },
	[TLSA_DATA] = { "dns.tlsa.certificate_association_data", BYTES,
		.help = "Certificate or its digest" },
	[SVCB_PRIO] = { "dns.svcb.svcpriority", U16, .help = "Priority of a service binding" },
	[SVCB_TARGET] = { "dns.svcb.targetname", STR, .help = "Target of a service binding" },
	[SVCB_KEY] = { "dns.svcb.svcparam.key", U16, .names = svcb_keys,
		.help = "Parameter of a service binding" },
	[SVCB_LEN] = { "dns.svcb.svcparam.value.length", U16, .help = "Length of a parameter" },
	[SVCB_VALUE] = { "dns.svcb.svcparam.value", BYTES, .help = "Value of a parameter" },
	[SVCB_ALPN] = { "dns.svcb.svcparam.alpn", STR, .help = "Protocol a service speaks" },
	[SVCB_PORT] = { "dns.svcb.svcparam.port", U16, .help = "Port of a service binding" },
	[SVCB_IP4] = { "dns.svcb.svcparam.ipv4hint.ip", IP4, .help = "IPv4 address of a service" },
	[SVCB_IP6] = { "dns.svcb.svcparam.ipv6hint.ip", IP6, .help = "IPv6 address of a service" },
	[TSIG_ALG] = { "dns.tsig.algorithm_name", STR,
		.help = "Algorithm of a transaction signature" },
	[TSIG_TIME] = { "dns.tsig.time_signed", BYTES, .help = "Time of signing" },
	[TSIG_FUDGE] = { "dns.tsig.fudge", U16, .help = "Seconds the time may be off" },
	[TSIG_MACLEN] = { "dns.tsig.mac_size", U16, .help = "Length of the authentication code" },
	[TSIG_MAC] = { "dns.tsig.mac", BYTES, .help = "Authentication code" },
	[TSIG_ID] = { "dns.tsig.original_id", U16,
		.help = "Identification number before forwarding" },
	[TSIG_ERROR] = { "dns.tsig.error", U16, .names = rcode_names, .help = "Extended error" },
	[TSIG_OTHERLEN] = { "dns.tsig.other_len", U16, .help = "Length of other data" },
	[URI_PRIO] = { "dns.uri.priority", U16, .help = "Priority of a URI" },
	[URI_WEIGHT] = { "dns.uri.weight", U16, .help = "Weight of a URI" },
	[URI_TARGET] = { "dns.uri.target", STR, .help = "URI" },
	[CAA_FLAGS] = { "dns.caa.flags", U8,
		.help = "Flags of a certification authority's authorization" },
	[CAA_TAG] = { "dns.caa.tag", STR, .help = "Property of an authorization" },
	[CAA_VALUE] = { "dns.caa.value", STR, .help = "Value of an authorization" },
	[OPT_SIZE] = { "dns.rr.udp_payload_size", U16,
		.help = "Largest datagram the sender takes" },
	[OPT_RCODE] = { "dns.resp.ext_rcode", U8, .help = "Upper bits of the response code" },
	[OPT_VERSION] = { "dns.resp.edns0_version", U8, .help = "EDNS version" },
	[OPT_Z] = { "dns.resp.z", U16, .help = "EDNS flags" },
	[OPT_DO] = { "dns.resp.z.do", BOOL, .mask = 0x8000, .help = "Sender takes DNSSEC records" },
	[OPT_CODE] = { "dns.opt.code", U16, .names = dns_options, .help = "Option" },
	[OPT_LEN] = { "dns.opt.len", U16, .help = "Length of an option" },
	[OPT_DATA] = { "dns.opt.data", BYTES, .help = "Content of an option" },
	[ECS_FAMILY] = { "dns.opt.client.family", U16,
		.help = "Address family of the client's network" },
	[ECS_MASK] = { "dns.opt.client.netmask", U8,
		.help = "Prefix length of the client's network" },
	[ECS_SCOPE] = { "dns.opt.client.scope", U8, .help = "Prefix length the answer holds for" },
	[ECS_ADDR] = { "dns.opt.client.addr", BYTES, .help = "Network of the client" },
	[COOKIE_C] = { "dns.opt.cookie.client", BYTES, .help = "Cookie of the client" },
	[COOKIE_S] = { "dns.opt.cookie.server", BYTES, .help = "Cookie of the server" },
	[PADDING] = { "dns.opt.padding", BYTES, .help = "Padding" },
	[EDE_CODE] = { "dns.opt.ext_error.info_code", U16, .names = error_names,
		.help = "Why there is an error" },
	[EDE_TEXT] = { "dns.opt.ext_error.extra_text", STR, .help = "More about an error" },
	[RESPONSE_TO] = { "dns.response_to", U64, .help = "Packet of the request it answers", .needs = NEEDS_ANSWERS },
	[TIME] = { "dns.time", DURATION, .help = "Since that request", .needs = NEEDS_ANSWERS },
	[RETRANSMISSION] = { "dns.retransmission", BOOL, .help = "It is there again", .needs = NEEDS_ANSWERS },
	[AGAIN] = { "dns.retransmit_request", LABEL, .help = "A request that is there again", .needs = NEEDS_ANSWERS },
	[AGAIN_IN] = { "dns.retransmit_request_in", U64, .help = "Packet of the first such request", .needs = NEEDS_ANSWERS },
	[REPLIED_AGAIN] = { "dns.retransmit_response", LABEL, .help = "A response that is there again",
		.needs = NEEDS_ANSWERS },
	[REPLIED_AGAIN_IN] = { "dns.retransmit_response_in", U64, .help = "Packet of the first such response",
		.needs = NEEDS_ANSWERS },
	[UNSOLICITED] = { "dns.unsolicited", BOOL, .help = "A response without request", .needs = NEEDS_ANSWERS },
};
_Static_assert((int)N_ALL == (int)DNS_N_FIELDS, "dns.h has the number of fields");

/*
 * How the data of a record is laid out: so many bytes, or one of these.
 */
enum {
	P_NAME = 32,		/* a domain name */
	P_STRING,		/* a byte of length, then so many: the field has the bytes */
	P_TEXTS,		/* strings to the end */
	P_SIZED,		/* as much as the number before it says */
	P_REST,			/* all there is */
};

struct part {
	uint8_t kind, field;
};

static const struct layout {
	uint16_t type;
	struct part part[10];
} layouts[] = {
	{ DNS_A, { { 4, A } } },
	{ DNS_NS, { { P_NAME, NS } } },
	{ DNS_CNAME, { { P_NAME, CNAME } } },
	{ DNS_SOA, { { P_NAME, SOA_MNAME }, { P_NAME, SOA_RNAME }, { 4, SOA_SERIAL }, { 4, SOA_REFRESH },
	    { 4, SOA_RETRY }, { 4, SOA_EXPIRE }, { 4, SOA_MIN } } },
	{ DNS_PTR, { { P_NAME, PTR } } },
	{ DNS_HINFO, { { P_STRING, HINFO_CPU }, { P_STRING, HINFO_OS } } },
	{ DNS_MX, { { 2, MX_PREF }, { P_NAME, MX_NAME } } },
	{ DNS_TXT, { { P_TEXTS, TXT } } },
	{ DNS_AAAA, { { 16, AAAA } } },
	{ DNS_SRV, { { 2, SRV_PRIO }, { 2, SRV_WEIGHT }, { 2, SRV_PORT }, { P_NAME, SRV_TARGET } } },
	{ DNS_NAPTR, { { 2, NAPTR_ORDER }, { 2, NAPTR_PREF }, { P_STRING, NAPTR_FLAGS }, { P_STRING, NAPTR_SERVICE },
	    { P_STRING, NAPTR_REGEX }, { P_NAME, NAPTR_NAME } } },
	{ DNS_DNAME, { { P_NAME, DNAME } } },
	{ DNS_DS, { { 2, DS_TAG }, { 1, DS_ALG }, { 1, DS_TYPE }, { P_REST, DS_DIGEST } } },
	{ DNS_SSHFP, { { 1, SSHFP_ALG }, { 1, SSHFP_TYPE }, { P_REST, SSHFP_FP } } },
	{ DNS_RRSIG, { { 2, SIG_TYPE }, { 1, SIG_ALG }, { 1, SIG_LABELS }, { 4, SIG_TTL }, { 4, SIG_END },
	    { 4, SIG_START }, { 2, SIG_TAG }, { P_NAME, SIG_NAME }, { P_REST, SIG_SIG } } },
	{ DNS_NSEC, { { P_NAME, NSEC_NEXT } } },
	{ DNS_DNSKEY, { { 2, KEY_FLAGS }, { 1, KEY_PROTO }, { 1, KEY_ALG }, { P_REST, KEY_KEY } } },
	{ DNS_NSEC3, { { 1, N3_ALG }, { 1, N3_FLAGS }, { 2, N3_ITER }, { P_STRING, N3_SALT }, { P_STRING, N3_NEXT } } },
	{ DNS_NSEC3PARAM, { { 1, N3_ALG }, { 1, N3_FLAGS }, { 2, N3_ITER }, { P_STRING, N3_SALT } } },
	{ DNS_TLSA, { { 1, TLSA_USAGE }, { 1, TLSA_SEL }, { 1, TLSA_MATCH }, { P_REST, TLSA_DATA } } },
	{ DNS_SVCB, { { 2, SVCB_PRIO }, { P_NAME, SVCB_TARGET } } },
	{ DNS_HTTPS, { { 2, SVCB_PRIO }, { P_NAME, SVCB_TARGET } } },
	{ DNS_SPF, { { P_TEXTS, SPF } } },
	{ DNS_TSIG, { { P_NAME, TSIG_ALG }, { 6, TSIG_TIME }, { 2, TSIG_FUDGE }, { 2, TSIG_MACLEN },
	    { P_SIZED, TSIG_MAC }, { 2, TSIG_ID }, { 2, TSIG_ERROR }, { 2, TSIG_OTHERLEN } } },
	{ DNS_URI, { { 2, URI_PRIO }, { 2, URI_WEIGHT }, { P_REST, URI_TARGET } } },
	{ DNS_CAA, { { 1, CAA_FLAGS }, { P_STRING, CAA_TAG }, { P_REST, CAA_VALUE } } },
};

/* The message being noted: where it begins and where it, or what was captured of it, ends. */
struct scan {
	struct dis *d;
	const uint8_t *base, *end;
	bool mdns;
};

static bool
fits(const struct scan *s, const uint8_t *p, uint32_t n)
{
	return p <= s->end && (ptrdiff_t)n <= s->end - p;
}

/*
 * Reads the name at p into out (NAME_MAX bytes), labels with dots in between, the root as "<Root>". What is behind
 * it, or NULL; *len and *labels say how much there is.
 */
static const uint8_t *
name_read(const struct scan *s, const uint8_t *p, char *out, uint32_t *len, unsigned *labels)
{
	const uint8_t *after = NULL;
	unsigned jumps = 0;

	*len = *labels = 0;
	while (fits(s, p, 1)) {
		unsigned lead = *p++;

		if (lead == 0) {
			if (*len == 0) {
				memcpy(out, "<Root>", 6);
				*len = 6;
			}
			return after ? after : p;
		}
		if (lead >= 0xc0) {
			if (!fits(s, p, 1) || ++jumps > JUMPS_MAX)
				return NULL;
			if (after == NULL)
				after = p + 1;
			p = s->base + ((lead & 0x3f) << 8 | *p);
			continue;
		}
		if (lead >= 0x40 || !fits(s, p, lead) || *len + lead + 1 > NAME_MAX)
			return NULL;
		if (*len)
			out[(*len)++] = '.';
		memcpy(out + *len, p, lead);
		*len += lead;
		++*labels;
		p += lead;
	}
	return NULL;
}

static const uint8_t *
note_name(const struct scan *s, const uint8_t *p, const struct field *f)
{
	char name[NAME_MAX];
	uint32_t len;
	unsigned labels;

	p = name_read(s, p, name, &len, &labels);
	if (p)
		put_string(s->d, f, name, len);
	return p;
}

static void
note_texts(const struct scan *s, const uint8_t *p, const uint8_t *end, const struct field *f)
{
	while (p < end && *p < end - p) {
		if (f == &dns_fields[TXT])
			put_field(s->d, &dns_fields[TXT_LEN], p, 1);
		put_field(s->d, f, p + 1, *p);
		p += 1 + *p;
	}
}

/* Parameters of a service binding, RFC 9460 section 2.2. */
static void
note_params(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	struct dis *d = s->d;

	while (end - p >= 4) {
		unsigned key = raw16(p), n = raw16(p + 2);
		const uint8_t *v = p + 4;

		if (n > end - v)
			return;
		put_field(d, &dns_fields[SVCB_KEY], p, 2);
		put_field(d, &dns_fields[SVCB_LEN], p + 2, 2);
		p = v + n;
		switch (key) {
		case SVC_ALPN:
			note_texts(s, v, p, &dns_fields[SVCB_ALPN]);
			break;
		case SVC_PORT:
			put_field(d, &dns_fields[SVCB_PORT], v, n);
			break;
		case SVC_IPV4:
			for (; p - v >= 4; v += 4)
				put_field(d, &dns_fields[SVCB_IP4], v, 4);
			break;
		case SVC_IPV6:
			for (; p - v >= 16; v += 16)
				put_field(d, &dns_fields[SVCB_IP6], v, 16);
			break;
		default:
			put_field(d, &dns_fields[SVCB_VALUE], v, n);
		}
	}
}

static void
note_data(const struct scan *s, unsigned type, const uint8_t *p, const uint8_t *end)
{
	const struct layout *l = layouts, *stop = layouts + sizeof layouts / sizeof *layouts;
	unsigned number = 0;

	while (l < stop && l->type != type)
		l++;
	if (l == stop)
		return;
	for (const struct part *part = l->part; part->kind && p && p <= end; part++) {
		const struct field *f = &dns_fields[part->field];
		uint32_t n = (uint32_t)(end - p);

		switch (part->kind) {
		case P_NAME:
			p = note_name(s, p, f);
			continue;
		case P_STRING:
			if (n == 0 || *p >= n)
				return;
			put_field(s->d, f, p + 1, *p);
			p += 1 + *p;
			continue;
		case P_TEXTS:
			note_texts(s, p, end, f);
			return;
		case P_REST:
			break;
		case P_SIZED:
			if (number > n)
				return;
			n = number;
			break;
		default:
			if (part->kind > n)
				return;
			n = part->kind;
			if (n == 2)
				number = raw16(p);
		}
		put_field(s->d, f, p, n);
		p += n;
	}
	if ((type == DNS_SVCB || type == DNS_HTTPS) && p && p < end)
		note_params(s, p, end);
}

static void
note_option(const struct scan *s, unsigned code, const uint8_t *p, unsigned n)
{
	struct dis *d = s->d;

	switch (code) {
	case EDNS_SUBNET:
		if (n < 4)
			break;
		put_field(d, &dns_fields[ECS_FAMILY], p, 2);
		put_field(d, &dns_fields[ECS_MASK], p + 2, 1);
		put_field(d, &dns_fields[ECS_SCOPE], p + 3, 1);
		put_field(d, &dns_fields[ECS_ADDR], p + 4, n - 4);
		return;
	case EDNS_COOKIE:
		if (n < 8)
			break;
		put_field(d, &dns_fields[COOKIE_C], p, 8);
		if (n > 8)
			put_field(d, &dns_fields[COOKIE_S], p + 8, n - 8);
		return;
	case EDNS_PADDING:
		put_field(d, &dns_fields[PADDING], p, n);
		return;
	case EDNS_ERROR:
		if (n < 2)
			break;
		put_field(d, &dns_fields[EDE_CODE], p, 2);
		if (n > 2)
			put_field(d, &dns_fields[EDE_TEXT], p + 2, n - 2);
		return;
	}
	put_field(d, &dns_fields[OPT_DATA], p, n);
}

/* An OPT record; p is behind its name. */
static void
note_edns(const struct scan *s, const uint8_t *p, const uint8_t *end)
{
	struct dis *d = s->d;

	put_field(d, &dns_fields[OPT_SIZE], p + 2, 2);
	put_field(d, &dns_fields[OPT_RCODE], p + 4, 1);
	put_field(d, &dns_fields[OPT_VERSION], p + 5, 1);
	put_field(d, &dns_fields[OPT_Z], p + 6, 2);
	put_field(d, &dns_fields[OPT_DO], p + 6, 2);
	for (p += 10; end - p >= 4; ) {
		unsigned code = raw16(p), n = raw16(p + 2);

		put_field(d, &dns_fields[OPT_CODE], p, 2);
		put_field(d, &dns_fields[OPT_LEN], p + 2, 2);
		p += 4;
		if (n > end - p)
			return;
		note_option(s, code, p, n);
		p += n;
	}
}

static const uint8_t *
note_question(const struct scan *s, const uint8_t *p)
{
	struct dis *d = s->d;
	char name[NAME_MAX];
	uint32_t len;
	unsigned labels;

	p = name_read(s, p, name, &len, &labels);
	if (p == NULL)
		return NULL;
	put_string(d, &dns_fields[Q_NAME], name, len);
	put_value(d, &dns_fields[Q_NAME_LEN], len);
	put_value(d, &dns_fields[Q_LABELS], labels);
	if (!fits(s, p, 4))
		return NULL;
	put_field(d, &dns_fields[Q_TYPE], p, 2);
	put_field(d, &dns_fields[s->mdns ? Q_CLASS_M : Q_CLASS], p + 2, 2);
	if (s->mdns)
		put_field(d, &dns_fields[Q_QU], p + 2, 2);
	return p + 4;
}

static const uint8_t *
note_record(const struct scan *s, const uint8_t *p)
{
	struct dis *d = s->d;
	unsigned type, n;
	const uint8_t *end;

	p = note_name(s, p, &dns_fields[R_NAME]);
	if (p == NULL || !fits(s, p, 10))
		return NULL;
	type = raw16(p);
	n = raw16(p + 8);
	put_field(d, &dns_fields[R_TYPE], p, 2);
	if (type != DNS_OPT) {
		put_field(d, &dns_fields[s->mdns ? R_CLASS_M : R_CLASS], p + 2, 2);
		if (s->mdns)
			put_field(d, &dns_fields[R_FLUSH], p + 2, 2);
		put_field(d, &dns_fields[R_TTL], p + 4, 4);
	}
	put_field(d, &dns_fields[R_LEN], p + 8, 2);
	end = fits(s, p + 10, n) ? p + 10 + n : s->end;
	if (type == DNS_OPT)
		note_edns(s, p, end);
	else
		note_data(s, type, p + 10, end);
	return fits(s, p + 10, n) ? end : NULL;
}

void
dns_note_length(struct dis *d, const uint8_t *p)
{
	put_field(d, &dns_fields[LENGTH], p, 2);
}

void
dns_note(struct dis *d, const uint8_t *p, uint32_t len, bool mdns)
{
	/* The header's two words of single fields: identification, flags. */
	static const struct field_place places[] = {
		{ ID, 0, 2 }, { FLAGS, 2, 2 }, { F_RESPONSE, 2, 2 }, { F_OPCODE, 2, 2 }, { F_AUTH, 2, 2 }, { F_TRUNC, 2, 2 },
		{ F_RD, 2, 2 }, { F_RA, 2, 2 }, { F_Z, 2, 2 }, { F_AD, 2, 2 }, { F_CD, 2, 2 }, { F_RCODE, 2, 2 },
		{ N_QUERIES, 4, 2 }, { N_ANSWERS, 6, 2 }, { N_AUTH, 8, 2 }, { N_ADD, 10, 2 },
	};
	struct scan s = { d, p, d->end, mdns };
	unsigned questions, records;

	if (len < left(d, p))
		s.end = p + len;
	if (!fits(&s, p, DNS_HEADER))
		return;
	put_header_fields(d, dns_fields, places, p);
	questions = raw16(p + 4);
	records = 0u + raw16(p + 6) + raw16(p + 8) + raw16(p + 10);
	p += DNS_HEADER;
	while (p && questions--)
		p = note_question(&s, p);
	while (p && records--)
		p = note_record(&s, p);
}
