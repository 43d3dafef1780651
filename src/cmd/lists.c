#include <pcap/pcap.h>
#include <stdio.h>

#include "cmd/lists.h"
/* The words in brackets behind an interface; the connection of a wireless one has other names. */
static void
print_flags(uint32_t flags)
{
	static const struct name states[] = {
		{ PCAP_IF_UP, "Up" }, { PCAP_IF_RUNNING, "Running" }, { PCAP_IF_LOOPBACK, "Loopback" },
		{ PCAP_IF_WIRELESS, "Wireless" },
	};
	static const struct {
		uint32_t status;
		const char *wired, *wireless;
	} connections[] = {
		{ PCAP_IF_CONNECTION_STATUS_UNKNOWN, "Connection status unknown", "Association status unknown" },
		{ PCAP_IF_CONNECTION_STATUS_CONNECTED, "Connected", "Associated" },
		{ PCAP_IF_CONNECTION_STATUS_DISCONNECTED, "Disconnected", "Not associated" },
	};
	const char *sep = "";

	for (unsigned i = 0; i < sizeof states / sizeof *states; i++)
		if (flags & states[i].value) {
			printf("%s%s", sep, states[i].name);
			sep = ", ";
		}
	if (*sep == '\0')
		printf("none");
	for (unsigned i = 0; i < sizeof connections / sizeof *connections; i++)
		if ((flags & PCAP_IF_CONNECTION_STATUS) == connections[i].status)
			printf(", %s", flags & PCAP_IF_WIRELESS ? connections[i].wireless : connections[i].wired);
}

bool
list_devices(struct err *e)
{
	char text[PCAP_ERRBUF_SIZE];
	pcap_if_t *list;
	unsigned number = 0;

	if (pcap_findalldevs(&list, text) < 0)
		return err_set(e, "%s", text);
	for (const pcap_if_t *d = list; d; d = d->next) {
		printf("%u.%s", ++number, d->name);
		if (d->description)
			printf(" (%s)", d->description);
		if (d->flags) {
			printf(" [");
			print_flags(d->flags);
			printf("]");
		}
		printf("\n");
	}
	pcap_freealldevs(list);
	return true;
}

bool
list_stamp_types(const char *device, struct err *e)
{
	char text[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_create(device, text);
	int *types = NULL, n;

	if (!p)
		return err_set(e, "%s", text);
	n = pcap_list_tstamp_types(p, &types);
	if (n < 0)
		err_set(e, "%s", pcap_geterr(p));
	else if (n == 0)
		fprintf(stderr, "Time stamp type cannot be set for %s\n", device);
	else
		printf("Time stamp types for %s (use option -j to set):\n", device);
	for (int i = 0; i < n; i++) {
		const char *name = pcap_tstamp_type_val_to_name(types[i]);

		if (name)
			printf("  %s (%s)\n", name, pcap_tstamp_type_val_to_description(types[i]));
		else
			printf("  %d\n", types[i]);
	}
	pcap_free_tstamp_types(types);
	pcap_close(p);
	return n >= 0;
}

bool
list_link_types(struct source *live, bool monitor, const struct demux *demux, struct err *e)
{
	pcap_t *p = live_handle(live);
	int *types = NULL, n = pcap_list_datalinks(p, &types);

	if (n < 0)
		return err_set(e, "%s", pcap_geterr(p));
	if (n == 0)
		return err_set(e, "No data link types.");
	printf("Data link types for %s%s (use option -y to set):\n", live->name, !live_has_monitor_mode(live) ? "" :
	    monitor ? " when in monitor mode" : " when not in monitor mode");
	for (int i = 0; i < n; i++) {
		const char *name = pcap_datalink_val_to_name(types[i]);
		bool known = name && demux_find(demux, D_LINK, (uint32_t)types[i]);

		if (name)
			printf("  %s (%s)", name, pcap_datalink_val_to_description(types[i]));
		else
			printf("  DLT %d", types[i]);
		printf("%s\n", known ? "" : " (printing not supported)");
	}
	pcap_free_datalinks(types);
	return true;
}
