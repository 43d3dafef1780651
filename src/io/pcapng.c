#include "io/file.h"

enum file_probe
pcapng_probe(struct file *f, struct err *e)
{
	(void)f;
	(void)e;
	return FILE_OTHER;
}
