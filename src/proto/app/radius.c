/*
 * Remote Authentication Dial In User Service: RFC 2865, 2866, 2868, 2869, 3162, 4675, 5176, 5447, 5580 and others.
 */
#include "dissect/dissect.h"

enum { HEADER = 20, VENDOR_SPECIFIC = 26 };

static const struct name codes[] = {
	{ 1, "Access-Request" }, { 2, "Access-Accept" }, { 3, "Access-Reject" }, { 4, "Accounting-Request" },
	{ 5, "Accounting-Response" }, { 11, "Access-Challenge" }, { 12, "Status-Server" }, { 13, "Status-Client" },
	{ 40, "Disconnect-Request" }, { 41, "Disconnect-ACK" }, { 42, "Disconnect-NAK" }, { 43, "CoA-Request" },
	{ 44, "CoA-ACK" }, { 45, "CoA-NAK" }, { 255, "Reserved" }, { 0, NULL }
};

/* --- values of attributes ---------------------------------------------------------------------------------------- */

static const struct name service_types[] = {
	{ 1, "Login" }, { 2, "Framed" }, { 3, "Callback Login" }, { 4, "Callback Framed" }, { 5, "Outbound" },
	{ 6, "Administrative" }, { 7, "NAS Prompt" }, { 8, "Authenticate Only" }, { 9, "Callback NAS Prompt" },
	{ 10, "Call Check" }, { 11, "Callback Administrative" }, { 12, "Voice" }, { 13, "Fax" },
	{ 14, "Modem Relay" }, { 15, "IAPP-Register" }, { 16, "IAPP-AP-Check" }, { 17, "Authorize Only" },
	{ 18, "Framed-Management" }, { 19, "Additional-Authorization" }, { 0, NULL }
};

static const struct name framed_protocols[] = {
	{ 1, "PPP" }, { 2, "SLIP" }, { 3, "ARAP" }, { 4, "Gandalf proprietary" }, { 5, "Xylogics IPX/SLIP" },
	{ 6, "X.75 Synchronous" }, { 7, "GPRS PDP Context" }, { 0, NULL }
};

static const struct name framed_routings[] = {
	{ 0, "None" }, { 1, "Send" }, { 2, "Listen" }, { 3, "Send&Listen" }, { 0, NULL }
};

static const struct name framed_compressions[] = {
	{ 0, "None" }, { 1, "VJ TCP/IP" }, { 2, "IPX" }, { 3, "Stac-LZS" }, { 0, NULL }
};

static const struct name login_services[] = {
	{ 0, "Telnet" }, { 1, "Rlogin" }, { 2, "TCP Clear" }, { 3, "PortMaster(proprietary)" }, { 4, "LAT" },
	{ 5, "X.25-PAD" }, { 6, "X.25-T3POS" }, { 7, "Unassigned" }, { 8, "TCP Clear Quiet" }, { 0, NULL }
};

static const struct name termination_actions[] = {
	{ 0, "Default" }, { 1, "RADIUS-Request" }, { 0, NULL }
};

static const struct name status_types[] = {
	{ 1, "Start" }, { 2, "Stop" }, { 3, "Interim-Update" }, { 4, "Unassigned" }, { 5, "Unassigned" },
	{ 6, "Unassigned" }, { 7, "Accounting-On" }, { 8, "Accounting-Off" }, { 9, "Tunnel-Start" },
	{ 10, "Tunnel-Stop" }, { 11, "Tunnel-Reject" }, { 12, "Tunnel-Link-Start" }, { 13, "Tunnel-Link-Stop" },
	{ 14, "Tunnel-Link-Reject" }, { 15, "Failed" }, { 0, NULL }
};

static const struct name authentics[] = {
	{ 1, "RADIUS" }, { 2, "Local" }, { 3, "Remote" }, { 4, "Diameter" }, { 0, NULL }
};

static const struct name terminate_causes[] = {
	{ 1, "User Request" }, { 2, "Lost Carrier" }, { 3, "Lost Service" }, { 4, "Idle Timeout" },
	{ 5, "Session Timeout" }, { 6, "Admin Reset" }, { 7, "Admin Reboot" }, { 8, "Port Error" },
	{ 9, "NAS Error" }, { 10, "NAS Request" }, { 11, "NAS Reboot" }, { 12, "Port Unneeded" },
	{ 13, "Port Preempted" }, { 14, "Port Suspended" }, { 15, "Service Unavailable" }, { 16, "Callback" },
	{ 17, "User Error" }, { 18, "Host Request" }, { 19, "Supplicant Restart" },
	{ 20, "Reauthentication Failure" }, { 21, "Port Reinitialized" },
	{ 22, "Port Administratively Disabled" }, { 23, "Lost Power" }, { 0, NULL }
};

static const struct name ingress_filters[] = {
	{ 1, "Enabled" }, { 2, "Disabled" }, { 0, NULL }
};

static const struct name port_types[] = {
	{ 0, "Async" }, { 1, "Sync" }, { 2, "ISDN Sync" }, { 3, "ISDN Async V.120" }, { 4, "ISDN Async V.110" },
	{ 5, "Virtual" }, { 6, "PIAFS" }, { 7, "HDLC Clear Channel" }, { 8, "X.25" }, { 9, "X.75" },
	{ 10, "G.3 Fax" }, { 11, "SDSL" }, { 12, "ADSL-CAP" }, { 13, "ADSL-DMT" }, { 14, "ISDN-DSL" },
	{ 15, "Ethernet" }, { 16, "xDSL" }, { 17, "Cable" }, { 18, "Wireless - Other" },
	{ 19, "Wireless - IEEE 802.11" }, { 20, "Token-Ring" }, { 21, "FDDI" }, { 22, "Wireless - CDMA200" },
	{ 23, "Wireless - UMTS" }, { 24, "Wireless - 1X-EV" }, { 25, "IAPP" }, { 26, "FTTP" },
	{ 27, "Wireless - IEEE 802.16" }, { 28, "Wireless - IEEE 802.20" }, { 29, "Wireless - IEEE 802.22" },
	{ 30, "PPPoA" }, { 31, "PPPoEoA" }, { 32, "PPPoEoE" }, { 33, "PPPoEoVLAN" }, { 34, "PPPoEoQinQ" },
	{ 35, "xPON" }, { 36, "Wireless - XGP" }, { 37, "WiMAX Pre-Release 8 IWK Function" },
	{ 38, "WIMAX-WIFI-IWK" }, { 39, "WIMAX-SFF" }, { 40, "WIMAX-HA-LMA" }, { 41, "WIMAX-DHCP" },
	{ 42, "WIMAX-LBS" }, { 43, "WIMAX-WVS" }, { 0, NULL }
};

static const struct name tunnel_types[] = {
	{ 1, "PPTP" }, { 2, "L2F" }, { 3, "L2TP" }, { 4, "ATMP" }, { 5, "VTP" }, { 6, "AH" }, { 7, "IP-IP" },
	{ 8, "MIN-IP-IP" }, { 9, "ESP" }, { 10, "GRE" }, { 11, "DVS" }, { 12, "IP-in-IP Tunneling" },
	{ 13, "VLAN" }, { 0, NULL }
};

static const struct name tunnel_media[] = {
	{ 1, "IPv4" }, { 2, "IPv6" }, { 3, "NSAP" }, { 4, "HDLC" }, { 5, "BBN 1822" }, { 6, "802" },
	{ 7, "E.163" }, { 8, "E.164" }, { 9, "F.69" }, { 10, "X.121" }, { 11, "IPX" }, { 12, "Appletalk" },
	{ 13, "Decnet IV" }, { 14, "Banyan Vines" }, { 15, "E.164 with NSAP subaddress" }, { 0, NULL }
};

static const struct name zone_accesses[] = {
	{ 1, "Only access to dfl zone" }, { 2, "Use zone filter inc." }, { 3, "Not used" },
	{ 4, "Use zone filter exc." }, { 0, NULL }
};

static const struct name prompts[] = {
	{ 0, "No Echo" }, { 1, "Echo" }, { 0, NULL }
};

static const struct name causes[] = {
	{ 201, "Residual Session Context Removed" }, { 202, "Invalid EAP Packet (Ignored)" },
	{ 401, "Unsupported Attribute" }, { 402, "Missing Attribute" }, { 403, "NAS Identification Mismatch" },
	{ 404, "Invalid Request" }, { 405, "Unsupported Service" }, { 406, "Unsupported Extension" },
	{ 407, "Invalid Attribute Value" }, { 501, "Administratively Prohibited" },
	{ 502, "Request Not Routable (Proxy)" }, { 503, "Session Context Not Found" },
	{ 504, "Session Context Not Removable" }, { 505, "Other Proxy Processing Error" },
	{ 506, "Resources Unavailable" }, { 507, "Request Initiated" },
	{ 508, "Multiple Session Selection Unsupported" }, { 509, "Location Info Required" }, { 0, NULL }
};

static const struct name vlan_tags[] = { { 0x31, "Tagged" }, { 0x32, "Untagged" }, { 0, NULL } };

/* RFC 5447 section 4.2.5 and its registry: bit numbers. */
static const struct name mobility_features[] = {
	{ 0, "MIP6_INTEGRATED" }, { 1, "LOCAL_HOME_AGENT_ASSIGNMENT" }, { 40, "PMIP6_SUPPORTED" },
	{ 41, "IP4_HOA_SUPPORTED" }, { 42, "LOCAL_MAG_ROUTING_SUPPORTED" }, { 43, "ASSIGN_LOCAL_IP" },
	{ 44, "MIP4_SUPPORTED" }, { 45, "OPTIMIZED_IDLE_MODE_MOBILITY" }, { 46, "GTPv2_SUPPORTED" },
	{ 47, "IP4_TRANSPORT_SUPPORTED" }, { 48, "IP4_HOA_ONLY_SUPPORTED" }, { 49, "INTER_MAG_ROUTING_SUPPORTED" },
	{ 0, NULL }
};

/* RFC 5580 section 4. */
static const struct name namespaces[] = { { '0', "TADIG" }, { '1', "REALM" }, { '2', "E212" }, { '3', "ICC" }, { 0, NULL } };
static const struct name location_codes[] = { { 0, "Civic" }, { 1, "Geospatial" }, { 0, NULL } };
static const struct name location_entities[] = { { 0, "User" }, { 1, "RADIUS" }, { 0, NULL } };
static const struct name policy_flags[] = {
	{ 0x0001, "MBZ-15" }, { 0x0002, "MBZ-14" }, { 0x0004, "MBZ-13" }, { 0x0008, "MBZ-12" }, { 0x0010, "MBZ-11" },
	{ 0x0020, "MBZ-10" }, { 0x0040, "MBZ-9" }, { 0x0080, "MBZ-8" }, { 0x0100, "MBZ-7" }, { 0x0200, "MBZ-6" },
	{ 0x0400, "MBZ-5" }, { 0x0800, "MBZ-4" }, { 0x1000, "MBZ-3" }, { 0x2000, "MBZ-2" }, { 0x4000, "MBZ-1" },
	{ 0x8000, "Retransmission Allowed" }, { 0, NULL }
};

/* --- attributes --------------------------------------------------------------------------------------------------- */

/* How a value is to be read, and with it what type its field has. */
enum how {
	OPAQUE, OCTETS, STRING, NUMBER, PERIOD, TIME, ADDRESS, CHOICE, ADDRESS6, PREFIX6, PREFIX6_17, IPX_NET,
	ATALK_LINK, ATALK_NET, VENDOR, VLAN, VLAN_NAME, TAGGED, TAG_STRING, PASSWORD, ARAP_PASSWORD, ARAP_FEATURES,
	ARAP_RESPONSE, EAP, CAUSE, FEATURES, OPERATOR, LOCATION, LOCATION_DATA, POLICY,
};
enum {
	T_OPAQUE = BYTES, T_OCTETS = BYTES, T_STRING = STR, T_NUMBER = U32, T_PERIOD = U32, T_TIME = TIME32,
	T_ADDRESS = IP4, T_CHOICE = IP4, T_ADDRESS6 = IP6, T_PREFIX6 = BYTES, T_PREFIX6_17 = BYTES, T_IPX_NET = U32,
	T_ATALK_LINK = U32, T_ATALK_NET = U32, T_VENDOR = BYTES, T_VLAN = BYTES, T_VLAN_NAME = STR, T_TAGGED = U32,
	T_TAG_STRING = STR, T_PASSWORD = BYTES, T_ARAP_PASSWORD = BYTES, T_ARAP_FEATURES = BYTES,
	T_ARAP_RESPONSE = BYTES, T_EAP = BYTES, T_CAUSE = U32, T_FEATURES = U64, T_OPERATOR = STR,
	T_LOCATION = BYTES, T_LOCATION_DATA = BYTES, T_POLICY = BYTES,
};

/* A(type, name, field, how, names of values) */
#define ATTRIBUTES(A) \
	A(1, "User-Name", "radius.User_Name", STRING, NULL) \
	A(2, "User-Password", "radius.User_Password", OPAQUE, NULL) \
	A(3, "CHAP-Password", "radius.CHAP_Password", OPAQUE, NULL) \
	A(4, "NAS-IP-Address", "radius.NAS_IP_Address", ADDRESS, NULL) \
	A(5, "NAS-Port", "radius.NAS_Port", NUMBER, NULL) \
	A(6, "Service-Type", "radius.Service_Type", NUMBER, service_types) \
	A(7, "Framed-Protocol", "radius.Framed_Protocol", NUMBER, framed_protocols) \
	A(8, "Framed-IP-Address", "radius.Framed_IP_Address", CHOICE, NULL) \
	A(9, "Framed-IP-Netmask", "radius.Framed_IP_Netmask", ADDRESS, NULL) \
	A(10, "Framed-Routing", "radius.Framed_Routing", NUMBER, framed_routings) \
	A(11, "Filter-Id", "radius.Filter_Id", STRING, NULL) \
	A(12, "Framed-MTU", "radius.Framed_MTU", NUMBER, NULL) \
	A(13, "Framed-Compression", "radius.Framed_Compression", NUMBER, framed_compressions) \
	A(14, "Login-IP-Host", "radius.Login_IP_Host", CHOICE, NULL) \
	A(15, "Login-Service", "radius.Login_Service", NUMBER, login_services) \
	A(16, "Login-TCP-Port", "radius.Login_TCP_Port", NUMBER, NULL) \
	A(18, "Reply-Message", "radius.Reply_Message", STRING, NULL) \
	A(19, "Callback-Number", "radius.Callback_Number", STRING, NULL) \
	A(20, "Callback-Id", "radius.Callback_Id", STRING, NULL) \
	A(22, "Framed-Route", "radius.Framed_Route", STRING, NULL) \
	A(23, "Framed-IPX-Network", "radius.Framed_IPX_Network", IPX_NET, NULL) \
	A(24, "State", "radius.State", OCTETS, NULL) \
	A(25, "Class", "radius.Class", OCTETS, NULL) \
	A(26, "Vendor-Specific", "radius.Vendor_Specific", VENDOR, NULL) \
	A(27, "Session-Timeout", "radius.Session_Timeout", PERIOD, NULL) \
	A(28, "Idle-Timeout", "radius.Idle_Timeout", PERIOD, NULL) \
	A(29, "Termination-Action", "radius.Termination_Action", NUMBER, termination_actions) \
	A(30, "Called-Station-Id", "radius.Called_Station_Id", STRING, NULL) \
	A(31, "Calling-Station-Id", "radius.Calling_Station_Id", STRING, NULL) \
	A(32, "NAS-Identifier", "radius.NAS_Identifier", STRING, NULL) \
	A(33, "Proxy-State", "radius.Proxy_State", OCTETS, NULL) \
	A(34, "Login-LAT-Service", "radius.Login_LAT_Service", STRING, NULL) \
	A(35, "Login-LAT-Node", "radius.Login_LAT_Node", STRING, NULL) \
	A(36, "Login-LAT-Group", "radius.Login_LAT_Group", OCTETS, NULL) \
	A(37, "Framed-AppleTalk-Link", "radius.Framed_AppleTalk_Link", ATALK_LINK, NULL) \
	A(38, "Framed-AppleTalk-Network", "radius.Framed_AppleTalk_Network", ATALK_NET, NULL) \
	A(39, "Framed-AppleTalk-Zone", "radius.Framed_AppleTalk_Zone", STRING, NULL) \
	A(40, "Acct-Status-Type", "radius.Acct_Status_Type", NUMBER, status_types) \
	A(41, "Acct-Delay-Time", "radius.Acct_Delay_Time", PERIOD, NULL) \
	A(42, "Acct-Input-Octets", "radius.Acct_Input_Octets", NUMBER, NULL) \
	A(43, "Acct-Output-Octets", "radius.Acct_Output_Octets", NUMBER, NULL) \
	A(44, "Acct-Session-Id", "radius.Acct_Session_Id", STRING, NULL) \
	A(45, "Acct-Authentic", "radius.Acct_Authentic", NUMBER, authentics) \
	A(46, "Acct-Session-Time", "radius.Acct_Session_Time", PERIOD, NULL) \
	A(47, "Acct-Input-Packets", "radius.Acct_Input_Packets", NUMBER, NULL) \
	A(48, "Acct-Output-Packets", "radius.Acct_Output_Packets", NUMBER, NULL) \
	A(49, "Acct-Terminate-Cause", "radius.Acct_Terminate_Cause", NUMBER, terminate_causes) \
	A(50, "Acct-Multi-Session-Id", "radius.Acct_Multi_Session_Id", STRING, NULL) \
	A(51, "Acct-Link-Count", "radius.Acct_Link_Count", NUMBER, NULL) \
	A(52, "Acct-Input-Gigawords", "radius.Acct_Input_Gigawords", NUMBER, NULL) \
	A(53, "Acct-Output-Gigawords", "radius.Acct_Output_Gigawords", NUMBER, NULL) \
	A(55, "Event-Timestamp", "radius.Event_Timestamp", TIME, NULL) \
	A(56, "Egress-VLANID", "radius.Egress_VLANID", VLAN, NULL) \
	A(57, "Ingress-Filters", "radius.Ingress_Filters", NUMBER, ingress_filters) \
	A(58, "Egress-VLAN-Name", "radius.Egress_VLAN_Name", VLAN_NAME, NULL) \
	A(59, "User-Priority-Table", "radius.User_Priority_Table", OPAQUE, NULL) \
	A(60, "CHAP-Challenge", "radius.CHAP_Challenge", OCTETS, NULL) \
	A(61, "NAS-Port-Type", "radius.NAS_Port_Type", NUMBER, port_types) \
	A(62, "Port-Limit", "radius.Port_Limit", NUMBER, NULL) \
	A(63, "Login-LAT-Port", "radius.Login_LAT_Port", STRING, NULL) \
	A(64, "Tunnel-Type", "radius.Tunnel_Type", TAGGED, tunnel_types) \
	A(65, "Tunnel-Medium-Type", "radius.Tunnel_Medium_Type", TAGGED, tunnel_media) \
	A(66, "Tunnel-Client-Endpoint", "radius.Tunnel_Client_Endpoint", TAG_STRING, NULL) \
	A(67, "Tunnel-Server-Endpoint", "radius.Tunnel_Server_Endpoint", TAG_STRING, NULL) \
	A(68, "Acct-Tunnel-Connection", "radius.Acct_Tunnel_Connection", STRING, NULL) \
	A(69, "Tunnel-Password", "radius.Tunnel_Password", PASSWORD, NULL) \
	A(70, "ARAP-Password", "radius.ARAP_Password", ARAP_PASSWORD, NULL) \
	A(71, "ARAP-Features", "radius.ARAP_Features", ARAP_FEATURES, NULL) \
	A(72, "ARAP-Zone-Access", "radius.ARAP_Zone_Access", NUMBER, zone_accesses) \
	A(73, "ARAP-Security", "radius.ARAP_Security", STRING, NULL) \
	A(74, "ARAP-Security-Data", "radius.ARAP_Security_Data", STRING, NULL) \
	A(75, "Password-Retry", "radius.Password_Retry", NUMBER, NULL) \
	A(76, "Prompt", "radius.Prompt", NUMBER, prompts) \
	A(77, "Connect-Info", "radius.Connect_Info", STRING, NULL) \
	A(78, "Configuration-Token", "radius.Configuration_Token", STRING, NULL) \
	A(79, "EAP-Message", "radius.EAP_Message", EAP, NULL) \
	A(80, "Message-Authenticator", "radius.Message_Authenticator", OCTETS, NULL) \
	A(81, "Tunnel-Private-Group-ID", "radius.Tunnel_Private_Group_Id", TAG_STRING, NULL) \
	A(82, "Tunnel-Assignment-ID", "radius.Tunnel_Assignment_Id", TAG_STRING, NULL) \
	A(83, "Tunnel-Preference", "radius.Tunnel_Preference", TAGGED, NULL) \
	A(84, "ARAP-Challenge-Response", "radius.ARAP_Challenge_Response", ARAP_RESPONSE, NULL) \
	A(85, "Acct-Interim-Interval", "radius.Acct_Interim_Interval", PERIOD, NULL) \
	A(86, "Acct-Tunnel-Packets-Lost", "radius.Acct_Tunnel_Packets_Lost", NUMBER, NULL) \
	A(87, "NAS-Port-Id", "radius.NAS_Port_Id", STRING, NULL) \
	A(88, "Framed-Pool", "radius.Framed_Pool", STRING, NULL) \
	A(89, "CUI", "radius.Chargeable_User_Identity", STRING, NULL) \
	A(90, "Tunnel-Client-Auth-ID", "radius.Tunnel_Client_Auth_Id", TAG_STRING, NULL) \
	A(91, "Tunnel-Server-Auth-ID", "radius.Tunnel_Server_Auth_Id", TAG_STRING, NULL) \
	A(92, "NAS-Filter-Rule", "radius.NAS_Filter_Rule", STRING, NULL) \
	A(94, "Originating-Line-Info", "radius.Originating_Line_Info", OPAQUE, NULL) \
	A(95, "NAS-IPv6-Address", "radius.NAS_IPv6_Address", ADDRESS6, NULL) \
	A(96, "Framed-Interface-ID", "radius.Framed_Interface_Id", OPAQUE, NULL) \
	A(97, "Framed-IPv6-Prefix", "radius.Framed_IPv6_Prefix", PREFIX6, NULL) \
	A(98, "Login-IPv6-Host", "radius.Login_IPv6_Host", ADDRESS6, NULL) \
	A(99, "Framed-IPv6-Route", "radius.Framed_IPv6_Route", STRING, NULL) \
	A(100, "Framed-IPv6-Pool", "radius.Framed_IPv6_Pool", STRING, NULL) \
	A(101, "Error-Cause", "radius.Error_Cause", CAUSE, causes) \
	A(102, "EAP-Key-Name", "radius.EAP_Key_Name", OPAQUE, NULL) \
	A(103, "Digest-Response", "radius.Digest_Response", STRING, NULL) \
	A(104, "Digest-Realm", "radius.Digest_Realm", STRING, NULL) \
	A(105, "Digest-Nonce", "radius.Digest_Nonce", STRING, NULL) \
	A(106, "Digest-Response-Auth", "radius.Digest_Response_Auth", STRING, NULL) \
	A(107, "Digest-Nextnonce", "radius.Digest_Nextnonce", STRING, NULL) \
	A(108, "Digest-Method", "radius.Digest_Method", STRING, NULL) \
	A(109, "Digest-URI", "radius.Digest_URI", STRING, NULL) \
	A(110, "Digest-Qop", "radius.Digest_Qop", STRING, NULL) \
	A(111, "Digest-Algorithm", "radius.Digest_Algorithm", STRING, NULL) \
	A(112, "Digest-Entity-Body-Hash", "radius.Digest_Entity_Body_Hash", STRING, NULL) \
	A(113, "Digest-CNonce", "radius.Digest_CNonce", STRING, NULL) \
	A(114, "Digest-Nonce-Count", "radius.Digest_Nonce_Count", STRING, NULL) \
	A(115, "Digest-Username", "radius.Digest_Username", STRING, NULL) \
	A(116, "Digest-Opaque", "radius.Digest_Opaque", STRING, NULL) \
	A(117, "Digest-Auth-Param", "radius.Digest_Auth_Param", STRING, NULL) \
	A(118, "Digest-AKA-Auts", "radius.Digest_AKA_Auts", OCTETS, NULL) \
	A(119, "Digest-Domain", "radius.Digest_Domain", STRING, NULL) \
	A(120, "Digest-Stale", "radius.Digest_Stale", STRING, NULL) \
	A(121, "Digest-HA1", "radius.Digest_HA1", STRING, NULL) \
	A(122, "SIP-AOR", "radius.SIP_AOR", STRING, NULL) \
	A(123, "Delegated-IPv6-Prefix", "radius.Delegated_IPv6_Prefix", PREFIX6, NULL) \
	A(124, "MIP6-Feature-Vector", "radius.MIP6_Feature_Vector", FEATURES, NULL) \
	A(125, "MIP6-Home-Link-Prefix", "radius.MIP6_Home_Link_Prefix", PREFIX6_17, NULL) \
	A(126, "Operator-Name", "radius.Operator_Name", OPERATOR, NULL) \
	A(127, "Location-Information", "radius.Location_Information", LOCATION, NULL) \
	A(128, "Location-Data", "radius.Location_Data", LOCATION_DATA, NULL) \
	A(129, "Basic-Location-Policy-Rules", "radius.Basic_Location_Policy_Rules", POLICY, NULL)

enum {
	CODE, ID, LENGTH, AUTHENTICATOR, AVP_TYPE, AVP_LENGTH, VENDOR_ID, VENDOR_TYPE, VENDOR_LEN,
#define A(n, name, field, how, names) ATTRIBUTE_##n,
	ATTRIBUTES(A)
#undef A
};
static const struct field F[] = {
	[CODE] = { "radius.code", U8, .names = codes, .help = "Kind of packet" },
	[ID] = { "radius.id", U8, .help = "Identifier" },
	[LENGTH] = { "radius.length", U16, .help = "Length" },
	[AUTHENTICATOR] = { "radius.authenticator", BYTES, .help = "Authenticator" },
	[AVP_TYPE] = { "radius.avp.type", U8, .help = "Type of an attribute" },
	[AVP_LENGTH] = { "radius.avp.length", U8, .help = "Length of an attribute" },
	[VENDOR_ID] = { "radius.avp.vendor_id", U32, .names = vendor_names, .help = "Vendor of a specific attribute" },
	[VENDOR_TYPE] = { "radius.avp.vendor_type", U8, .help = "Type of a vendor's attribute" },
	[VENDOR_LEN] = { "radius.avp.vendor_len", U8, .help = "Length of a vendor's attribute" },
#define A(n, name, field, how, values) [ATTRIBUTE_##n] = { field, (enum field_type)T_##how, .names = values, .help = name },
	ATTRIBUTES(A)
#undef A
};

static const struct attribute {
	const char *name;
	enum how how;
	const struct name *names;
	unsigned field;		/* CODE: none */
} attributes[] = {
#define A(n, name, field, how, names) [n] = { name, how, names, ATTRIBUTE_##n },
	ATTRIBUTES(A)
#undef A
	[17] = { "Unassigned", OPAQUE, NULL, CODE },
	[21] = { "Unassigned", OPAQUE, NULL, CODE },
	[54] = { "Unassigned", OPAQUE, NULL, CODE },
	[93] = { "Unassigned", OPAQUE, NULL, CODE },
};

static const struct attribute *
attribute_of(unsigned type)
{
	return type && type < sizeof attributes / sizeof *attributes ? &attributes[type] : NULL;
}

extern const struct proto proto_radius;

/* --- values -------------------------------------------------------------------------------------------------------- */

/* The length that a value of this kind has to have; 0: any. */
static unsigned
fixed_length(enum how how)
{
	switch (how) {
	case NUMBER:
	case PERIOD:
	case TIME:
	case ADDRESS:
	case CHOICE:
	case IPX_NET:
	case ATALK_LINK:
	case ATALK_NET:
	case VLAN:
	case TAGGED:
	case CAUSE:
		return 4;
	case FEATURES:
		return 8;
	case ARAP_FEATURES:
		return 14;
	case ADDRESS6:
	case ARAP_PASSWORD:
		return 16;
	case PREFIX6_17:
		return 17;
	default:
		return 0;
	}
}

/* The least that a value of this kind has to have, where a shorter one is an error. */
static unsigned
least_length(enum how how)
{
	switch (how) {
	case OPERATOR:
		return 2;
	case LOCATION_DATA:
		return 3;
	case POLICY:
		return 10;
	case LOCATION:
		return 21;
	default:
		return 0;
	}
}

/* Printable characters up to a NUL, dots for others. */
static void
text_dotted(struct dis *d, const uint8_t *p, uint32_t n, bool past_nul)
{
	for (; n && (past_nul || *p); n--, p++)
		text_char(d, *p >= ' ' && *p <= '~' ? (char)*p : '.');
}

static void
text_tag(struct dis *d, uint8_t tag)
{
	if (tag)
		text_fmt(d, "Tag[%u] ", tag);
	else
		text(d, "Tag[Unused] ");
}

static void
text_vlan_tag(struct dis *d, uint8_t tag)
{
	text_name(d, vlan_tags, tag, "Unknown tag");
	text_fmt(d, " (0x%02x) ", tag);
}

static void
text_upper_hex(struct dis *d, const uint8_t *p, uint32_t n)
{
	for (; n; n--, p++)
		text_fmt(d, "%02X", u8(d, p));
}

static void
text_period(struct dis *d, uint32_t s)
{
	if (s < 60)
		text_fmt(d, "%02u secs", s);
	else if (s < 3600)
		text_fmt(d, "%02u:%02u min", s / 60, s % 60);
	else
		text_fmt(d, "%02u:%02u:%02u hours", s / 3600, s % 3600 / 60, s % 60);
}

/* A number, under a name when all ones or zero mean something. */
static void
text_special(struct dis *d, uint32_t v, uint32_t special, const char *meaning)
{
	if (v == special)
		text(d, meaning);
	else
		text_u(d, v);
}

/* The n bytes at p of an address, the rest zero. */
static void
text_prefix(struct dis *d, const uint8_t *p, unsigned n, unsigned bits)
{
	uint8_t addr[16] = { 0 };

	memcpy(addr, p, n);
	text_ip6_plain(d, addr);
	text_fmt(d, "/%u", bits);
}

static void
text_features(struct dis *d, uint64_t v)
{
	const char *sep = "";

	for (const struct name *f = mobility_features; f->name; f++) {
		if (!(v >> f->value & 1))
			continue;
		text(d, sep), text(d, f->name);
		sep = ", ";
	}
}

static void
vendor(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t id;

	if (len < 4) {
		text_trunc(d);
		return;
	}
	id = be32(d, p);
	text(d, "Vendor: ");
	text_name(d, vendor_names, id, "Unknown");
	text_fmt(d, " (%u)", id);
	for (p += 4, len -= 4; len >= 2;) {
		unsigned type = u8(d, p), n = u8(d, p + 1);

		if (n < 2 || n > len) {
			text_fmt(d, "\n\t    Vendor Attribute: %u, Length: %u (bogus, %s)", type, n,
			    n < 2 ? "must be >= 2" : "goes past end of vendor-specific attribute");
			return;
		}
		if (!have(d, p, n)) {
			text_trunc(d);
			return;
		}
		text_fmt(d, "\n\t    Vendor Attribute: %u, Length: %u, Value: ", type, n - 2);
		text_dotted(d, p + 2, n - 2, true);
		p += n;
		len -= n;
	}
}

/* Values that are read piece by piece. */
static void
walk_value(struct dis *d, const struct attribute *a, const uint8_t *p)
{
	uint32_t v;

	switch (a->how) {
	case NUMBER:
		v = be32(d, p);
		if (a->names)
			text_name(d, a->names, v, "#%u");
		else
			text_u(d, v);
		break;
	case TAGGED:
		text_tag(d, u8(d, p));
		v = be24(d, p + 1);
		if (a->names)
			text_name(d, a->names, v, "#%u");
		else
			text_u(d, v);
		break;
	case VLAN:
		text_vlan_tag(d, u8(d, p));
		text_u(d, be24(d, p + 1));
		break;
	case PERIOD:
		text_period(d, be32(d, p));
		break;
	case TIME:
		text_time(d, "%a %b %e %H:%M:%S %Y", be32(d, p), false);
		break;
	case IPX_NET:
		text_special(d, be32(d, p), 0xfffffffe, "NAS Select");
		break;
	case ATALK_LINK:
		text_special(d, be32(d, p), 0, "Unnumbered");
		break;
	case ATALK_NET:
		text_special(d, be32(d, p), 0, "NAS assigned");
		break;
	case CHOICE:
		if (be32(d, p) >= 0xfffffffe) {
			text(d, raw32(p) == 0xffffffff ? "User Selected" : "NAS Select");
			break;
		}
		__attribute__((fallthrough));
	case ADDRESS:
		text_ip4(d, p);
		break;
	case ADDRESS6:
		text_ip6(d, p);
		break;
	case CAUSE:
		text_fmt(d, "Error cause %u: ", be32(d, p));
		text_name(d, a->names, be32(d, p), "Error-Cause %u not known");
		break;
	case FEATURES:
		text_char(d, '[');
		text_features(d, be64(d, p));
		text_char(d, ']');
		break;
	/* Apple Remote Access, RFC 2869 sections 5.4 to 5.8. */
	case ARAP_PASSWORD:
		text(d, "User_challenge (");
		text_upper_hex(d, p, 8);
		text(d, ") User_resp(");
		text_upper_hex(d, p + 8, 8);
		text_char(d, ')');
		break;
	case ARAP_FEATURES:
		text(d, u8(d, p) ? "User can change password" : "User cannot change password");
		text_fmt(d, ", Min password length: %u", u8(d, p + 1));
		text(d, ", created at: ");
		text_upper_hex(d, p + 2, 4);
		text(d, ", expires in: ");
		text_upper_hex(d, p + 6, 4);
		text(d, ", Current Time: ");
		text_upper_hex(d, p + 10, 4);
		break;
	case ARAP_RESPONSE:
		text_upper_hex(d, p, 8);
		break;
	default:
		break;
	}
}

/* Values that are said when they are captured as a whole, as they are. False: this one makes no sense. */
static bool
whole_value(struct dis *d, enum how how, const uint8_t *p, uint32_t n)
{
	switch (how) {
	case OCTETS:
	case STRING:
		text_dotted(d, p, n, false);
		break;
	case TAG_STRING:
		if (*p <= 0x1f) {
			text_tag(d, *p++);
			n--;
		}
		text_dotted(d, p, n, false);
		break;
	case PASSWORD:
		if (n < 3)
			return false;
		text_tag(d, *p <= 0x1f ? *p : 0);
		text_fmt(d, "Salt %u ", raw16(p + 1));
		text_dotted(d, p + 3, n - 3, false);
		break;
	case VLAN_NAME:
		text_vlan_tag(d, *p);
		text_dotted(d, p + 1, n - 1, false);
		break;
	case PREFIX6:
		if (p[1] > 128) {
			text_fmt(d, "ERROR: netmask %u not in range (0..128)", p[1]);
			break;
		}
		text_prefix(d, p + 2, n - 2, p[1]);
		if (p[1] > 8 * (n - 2))
			text(d, " (inconsistent prefix length)");
		break;
	case PREFIX6_17:
		if (p[0] > 128)
			text_fmt(d, "ERROR: netmask %u not in range (0..128)", p[0]);
		else
			text_prefix(d, p + 1, 16, p[0]);
		break;
	case EAP:
		next(d, D_INTERNAL, IN_EAP, p, n);
		break;
	case OPERATOR:
		text_char(d, '[');
		text_name(d, namespaces, *p, "unknown namespace %u");
		text(d, "] ");
		text_str(d, p + 1, n - 1);
		break;
	case LOCATION:
		text_fmt(d, "index %u, code ", raw16(p));
		text_name(d, location_codes, p[2], "Unknown (%u)");
		text(d, ", entity ");
		text_name(d, location_entities, p[3], "Unknown (%u)");
		text(d, ", sighting time ");
		text_ntp_time(d, p + 4);
		text(d, ", time to live ");
		text_ntp_time(d, p + 12);
		text(d, ", method \"");
		text_str(d, p + 20, n - 20);
		text_char(d, '"');
		break;
	case LOCATION_DATA:
		text_fmt(d, "index %u, location", raw16(p));
		text_dump_hex_ascii(d, "\n\t    ", p + 2, n - 2, 0);
		break;
	case POLICY:
		text(d, "flags [");
		text_bits(d, policy_flags, raw16(p), ", ", "none");
		text(d, "], retention expires ");
		text_ntp_time(d, p + 2);
		if (n > 10) {
			text(d, ", note well \"");
			text_str(d, p + 10, n - 10);
			text_char(d, '"');
		}
		break;
	default:
		break;
	}
	return true;
}

/* n bytes, at least one, of an attribute that is known. */
static void
value(struct dis *d, const struct attribute *a, const uint8_t *p, uint32_t n)
{
	unsigned want = fixed_length(a->how), least = least_length(a->how);
	bool whole = false;

	if (want && n != want) {
		text_fmt(d, "%s: length %u != %u", a->how == CAUSE ? "Error" : "ERROR", n, want);
		return;
	}
	switch (a->how) {
	case OPAQUE:
		break;
	case VENDOR:
		vendor(d, p, n);
		break;
	case ARAP_RESPONSE:
		if (n < 8)
			text_fmt(d, "ERROR: length %u != 8", n);
		else
			walk_value(d, a, p);
		break;
	case PREFIX6:
		if (n < 2 || n > 18)
			text_fmt(d, "ERROR: length %u not in range (2..18)", n);
		else
			whole = true;
		break;
	case OCTETS:
	case STRING:
	case TAG_STRING:
	case PASSWORD:
	case VLAN_NAME:
	case PREFIX6_17:
	case EAP:
	case OPERATOR:
	case LOCATION:
	case LOCATION_DATA:
	case POLICY:
		whole = true;
		break;
	default:
		walk_value(d, a, p);
		break;
	}
	if (!whole)
		return;
	if (!have(d, p, n))
		text_trunc(d);
	else if (n < least)
		text_fmt(d, "ERROR: length %u < %u", n, least);
	else if (!whole_value(d, a->how, p, n))
		text_trunc(d);
}

static void
put_vendor(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (len < 4)
		return;
	put_field(d, &F[VENDOR_ID], p, 4);
	for (p += 4, len -= 4; len >= 2 && have(d, p, 2) && p[1] >= 2 && p[1] <= len;) {
		unsigned n = p[1];

		put_field(d, &F[VENDOR_TYPE], p, 1);
		put_field(d, &F[VENDOR_LEN], p + 1, 1);
		p += n;
		len -= n;
	}
}

/* All attributes as fields: also those that are not said, which is all of them without -v. */
static void
put_attributes(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len >= 2 && have(d, p, 2) && p[1] >= 2 && p[1] <= len) {
		const struct attribute *a = attribute_of(p[0]);
		const uint8_t *v = p + 2;
		unsigned n = p[1] - 2u;

		put_field(d, &F[AVP_TYPE], p, 1);
		put_field(d, &F[AVP_LENGTH], p + 1, 1);
		p += n + 2;
		len -= n + 2;
		if (a == NULL || a->field == CODE || n == 0 || !have(d, v, n))
			continue;
		if (a->how == VENDOR)
			put_vendor(d, v, n);
		/* The tag in front of a tunnel's value is not part of it. */
		if ((a->how == TAGGED && n == 4) || (a->how == TAG_STRING && *v <= 0x1f))
			v++, n--;
		put_field(d, &F[a->field], v, n);
	}
}

static void
walk_attributes(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		const struct attribute *a;
		unsigned type, n;

		if (len < 2 || !have(d, p, 2)) {
			text_trunc(d);
			return;
		}
		type = p[0];
		n = p[1];
		a = attribute_of(type);
		text_fmt(d, "\n\t  %s Attribute (%u), length: %u", a ? a->name : "Unknown", type, n);
		if (n < 2 || n > len) {
			text(d, n < 2 ? " (bogus, must be >= 2)" : " (bogus, goes past end of packet)");
			return;
		}
		text(d, ", Value: ");
		if (a && n > 2)
			value(d, a, p + 2, n - 2);
		if (d->v > 1)
			text_unknown(d, p + 2, "\n\t    ", n - 2);
		p += n;
		len -= n;
	}
}

static void
radius(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n;

	enter(d, &proto_radius);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	n = raw16(p + 2);
	put_field(d, &F[CODE], p, 1);
	put_field(d, &F[ID], p + 1, 1);
	put_field(d, &F[LENGTH], p + 2, 2);
	put_field(d, &F[AUTHENTICATOR], p + 4, 16);
	if (n < HEADER) {
		text_trunc(d);
		return;
	}
	if (n > len)
		n = len;
	if (d->sink)
		put_attributes(d, p + HEADER, n - HEADER);
	text(d, "RADIUS, ");
	if (d->v)
		text(d, "length: "), text_u(d, n), text(d, "\n\t");
	text_name(d, codes, p[0], "Unknown Command");
	text_fmt(d, " (%u), id: 0x%02x", p[0], p[1]);
	if (!d->v) {
		text(d, " length: "), text_u(d, n);
		return;
	}
	text(d, ", Authenticator: ");
	text_hex(d, p + 4, 16);
	if (n > HEADER)
		walk_attributes(d, p + HEADER, n - HEADER);
}

const struct proto proto_radius = PROTO("radius", "radius", "RADIUS", radius, F);
