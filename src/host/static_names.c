#include "host/static_names.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More lines of /etc/ethers than any sane one has. */
enum { ETHERS_MAX = 65536 };

struct ether {
	uint8_t mac[6];
	char *name;
};

struct static_names {
	char *services[2][65536];	/* by tcp, then port */
	struct ether *ethers;		/* sorted by address */
	size_t n_ethers;
};

static int
compare(const void *a, const void *b)
{
	return memcmp(((const struct ether *)a)->mac, ((const struct ether *)b)->mac, 6);
}

/* The first line for a port names it, as getservbyport(3) would. */
static void
read_services(struct static_names *s)
{
	const struct servent *v;

	setservent(1);
	while ((v = getservent()) != NULL) {
		char **at = &s->services[strcmp(v->s_proto, "tcp") == 0][ntohs((uint16_t)v->s_port)];

		if ((strcmp(v->s_proto, "tcp") == 0 || strcmp(v->s_proto, "udp") == 0) && !*at)
			*at = strdup(v->s_name);
	}
	endservent();
}

/* What a terminal does not act upon. */
static bool
is_plain(const char *name)
{
	for (; *name; name++)
		if ((unsigned char)*name <= ' ' || (unsigned char)*name >= 0x7f)
			return false;
	return true;
}

static void
read_ethers(struct static_names *s, const char *path)
{
	FILE *in = fopen(path, "re");
	char line[512], name[512];
	struct ether_addr mac;
	struct ether *more;

	if (!in)
		return;
	while (fgets(line, sizeof line, in) && s->n_ethers < ETHERS_MAX) {
		if (ether_line(line, &mac, name) != 0 || !is_plain(name))
			continue;
		more = realloc(s->ethers, (s->n_ethers + 1) * sizeof *more);
		if (!more)
			break;
		s->ethers = more;
		memcpy(more[s->n_ethers].mac, &mac, 6);
		more[s->n_ethers].name = strdup(name);
		if (more[s->n_ethers].name)
			s->n_ethers++;
	}
	fclose(in);
	if (s->n_ethers > 0)
		qsort(s->ethers, s->n_ethers, sizeof *s->ethers, compare);
}

struct static_names *
static_names_read(const char *ethers)
{
	struct static_names *s = calloc(1, sizeof *s);

	if (s)
		read_ethers(s, ethers);
	return s;
}

struct static_names *
static_names_new(void)
{
	struct static_names *s = static_names_read("/etc/ethers");

	if (s)
		read_services(s);
	return s;
}

void
static_names_free(struct static_names *s)
{
	if (!s)
		return;
	for (unsigned p = 0; p < 65536; p++) {
		free(s->services[0][p]);
		free(s->services[1][p]);
	}
	for (size_t i = 0; i < s->n_ethers; i++)
		free(s->ethers[i].name);
	free(s->ethers);
	free(s);
}

const char *
static_names_service(const struct static_names *s, bool tcp, uint16_t port)
{
	return s->services[tcp][port];
}

const char *
static_names_ether(const struct static_names *s, const uint8_t mac[6])
{
	struct ether key;
	const struct ether *found;

	memcpy(key.mac, mac, 6);
	key.name = NULL;
	found = s->n_ethers ? bsearch(&key, s->ethers, s->n_ethers, sizeof key, compare) : NULL;
	return found ? found->name : NULL;
}
