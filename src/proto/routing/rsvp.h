/*
 * Resource Reservation Protocol: what the walk of a message (rsvp.c), the objects (rsvp_objects.c, rsvp_flow.c) and
 * their fields (rsvp_fields.c) share.
 */
#pragma once

#include "dissect/dissect.h"

enum rsvp_class {
	RSVP_SESSION = 1, RSVP_HOP = 3, RSVP_INTEGRITY = 4, RSVP_TIME = 5, RSVP_ERROR = 6, RSVP_SCOPE = 7, RSVP_STYLE = 8,
	RSVP_FLOWSPEC = 9, RSVP_FILTER = 10, RSVP_SENDER = 11, RSVP_TSPEC = 12, RSVP_ADSPEC = 13, RSVP_POLICY = 14,
	RSVP_CONFIRM = 15, RSVP_LABEL = 16, RSVP_LABEL_REQUEST = 19, RSVP_ERO = 20, RSVP_RRO = 21, RSVP_HELLO = 22,
	RSVP_MESSAGE_ID = 23, RSVP_MESSAGE_ID_ACK = 24, RSVP_MESSAGE_ID_LIST = 25, RSVP_RECOVERY_LABEL = 34,
	RSVP_UPSTREAM_LABEL = 35, RSVP_LABEL_SET = 36, RSVP_PROTECTION = 37, RSVP_S2L = 50, RSVP_DETOUR = 63,
	RSVP_CLASS_TYPE = 66, RSVP_CLASS_TYPE_OLD = 125, RSVP_SUGGESTED_LABEL = 129, RSVP_ACCEPT_LABEL_SET = 130,
	RSVP_RESTART = 131, RSVP_CAPABILITY = 134, RSVP_NOTIFY = 195, RSVP_ADMIN_STATUS = 196, RSVP_PROPERTIES = 204,
	RSVP_FAST_REROUTE = 205, RSVP_SESSION_ATTRIBUTE = 207, RSVP_UNI = 229, RSVP_CALL_ID = 230, RSVP_CALL_OPS = 236,
};

/* How an object ended: anything but RSVP_GOOD ends the message. */
enum rsvp_end {
	RSVP_GOOD,
	RSVP_DUMP,		/* fine, but there is more in it than was said: show its bytes */
	RSVP_SHORT, RSVP_SUB_SHORT, RSVP_TLV_SHORT, RSVP_INVALID,
};

struct rsvp_form;

/* An object's value, all of it captured, and what is around it. */
struct rsvp_object {
	const uint8_t *p;
	unsigned n;
	const char *indent;		/* in front of each line */
	const struct rsvp_form *form;
	const uint8_t *msg;		/* the message it is in, of msg_len bytes by its header */
	unsigned msg_len;
};

typedef enum rsvp_end rsvp_body(struct dis *d, const struct rsvp_object *o);

/* A class and type of object: what it is called and how it is read. */
struct rsvp_form {
	uint8_t class, type;
	uint8_t size;			/* of the addresses in it: 4, 16, or 0 */
	uint8_t least;			/* bytes that its value has to have */
	const char *name;		/* of the type, or NULL */
	rsvp_body *body;		/* NULL: only its bytes are shown */
	const char *label;		/* what its address is, for bodies that several forms share */
};

/* The row for a class and type, or NULL (rsvp_objects.c). */
const struct rsvp_form *rsvp_form_of(unsigned class, unsigned type);

/* Begins a line of an object (rsvp_objects.c). */
void rsvp_line(struct dis *d, const struct rsvp_object *o, const char *s);

/* Objects that have much inside (rsvp_flow.c). */
rsvp_body rsvp_intserv, rsvp_route, rsvp_uni, rsvp_properties, rsvp_integrity;

enum rsvp_field {
	RF_VERSION, RF_FLAGS, RF_MSG, RF_SUM, RF_TTL, RF_MSG_LEN, RF_CLASS, RF_CTYPE, RF_LENGTH,
	RF_SESSION_IP, RF_SESSION_IP6, RF_SESSION_PROTO, RF_SESSION_FLAGS, RF_SESSION_PORT,
	RF_TUNNEL, RF_EXT_TUNNEL, RF_EXT_TUNNEL6, RF_P2MP, RF_HOP_IP, RF_HOP_IP6, RF_HOP_IF,
	RF_REFRESH, RF_ERROR_IP, RF_ERROR_IP6, RF_ERROR_FLAGS, RF_ERROR_CODE, RF_ERROR_VALUE,
	RF_STYLE, RF_STYLE_FLAGS, RF_SENDER_IP, RF_SENDER_IP6, RF_SENDER_PORT, RF_SENDER_LSP,
	RF_TUNNEL_IP, RF_TUNNEL_IP6, RF_SUBGROUP, RF_SUBGROUP_FROM, RF_CONFIRM_IP,
	RF_CONFIRM_IP6, RF_LABEL, RF_GENERAL_LABEL, RF_L3PID, RF_LSP_ENCODING, RF_SWITCHING,
	RF_GPID, RF_HOPS_LOOSE, RF_HOPS_LEN, RF_HOPS_IP, RF_HOPS_PREFIX, RF_HOPS_FLAGS,
	RF_HOPS_LABEL, RF_HELLO_SOURCE, RF_HELLO_DEST, RF_ID_FLAGS, RF_ID_EPOCH, RF_ID_ID,
	RF_S2L_IP, RF_S2L_IP6, RF_PLR, RF_AVOID, RF_CLASS_TYPE, RF_RESTART, RF_RECOVERY,
	RF_REFLECT, RF_TESTING, RF_DOWN, RF_DELETE, RF_FRR_SETUP, RF_FRR_HOLD, RF_FRR_HOPS,
	RF_FRR_ANY, RF_FRR_NOT, RF_FRR_ALL, RF_SETUP, RF_HOLD, RF_ATTR_FLAGS, RF_NAME_LEN,
	RF_NAME, RF_UNI_FROM, RF_UNI_FROM6, RF_UNI_TO, RF_UNI_TO6, RF_UNI_PORT, RF_UNI_LABEL,
	RF_UNI_LEVEL, RF_KEY, RF_SEQUENCE, RF_HASH, RF_SET_ACTION, RF_SUBCHANNEL, RF_SERVICE,
	RF_PARAM, RF_PARAM_FLAGS, RF_PARAM_LEN, RF_MIN_UNIT, RF_MAX_SIZE, RF_JUNIPER_TYPE,
	RF_JUNIPER_LEN,
	RF_COUNT
};
extern const struct field rsvp_fields[RF_COUNT];
extern const struct name rsvp_class_names[], rsvp_message_names[];

/* The field `four` is an address of 4 bytes, or `six` one of 16. */
static inline void
rsvp_put_address(struct dis *d, enum rsvp_field four, enum rsvp_field six, const uint8_t *p, unsigned size)
{
	put_field(d, &rsvp_fields[size == 16 ? six : four], p, size);
}

static inline void
rsvp_text_address(struct dis *d, const uint8_t *p, unsigned size)
{
	if (size == 16)
		text_ip6(d, p);
	else
		text_ip4(d, p);
}
