/* Picks the command; a plain invocation is tcpdump. */
int
main(void)
{
	return 0;
}
