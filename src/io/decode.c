#include "io/decode.h"
enum decode_kind
decoder_detect(const uint8_t *magic)
{
	(void)magic;
	return DECODE_NONE;
}
struct decoder *
decoder_new(enum decode_kind kind, struct err *e)
{
	(void)kind;
	err_set(e, "compressed captures cannot be read yet");
	return NULL;
}
bool
decoder_run(struct decoder *d, const uint8_t **in, const uint8_t *in_end, uint8_t **out, uint8_t *out_end, struct err *e)
{
	(void)d, (void)in, (void)in_end, (void)out, (void)out_end;
	return err_set(e, "compressed captures cannot be read yet");
}
bool
decoder_finish(struct decoder *d, struct err *e)
{
	(void)d, (void)e;
	return true;
}
void
decoder_free(struct decoder *d)
{
	(void)d;
}
