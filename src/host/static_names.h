/* Names that files of the system know: /etc/services and /etc/ethers. Read once; nothing is asked of the network. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct static_names;

/* Reads the files; missing ones are empty. NULL without memory. */
struct static_names *static_names_new(void);
/* No services, and the link addresses of a file like /etc/ethers. */
struct static_names *static_names_read(const char *ethers);
void static_names_free(struct static_names *s);

/* The service at this port, or NULL. Lent. */
const char *static_names_service(const struct static_names *s, bool tcp, uint16_t port);

/* The name of a link address, or NULL. Lent. */
const char *static_names_ether(const struct static_names *s, const uint8_t mac[6]);
