/* Lets names pass that match the pattern of the configuration file. */
#include <pcre.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

int main(int argc, char **argv) {
	char pattern[200], name[200];
	const char *error;
	int offset;
	FILE *file = fopen(argc == 3 ? argv[2] : "gatekeeper.conf", "r");
	if (!file || !fgets(pattern, sizeof pattern, file)) return 1;
	pattern[strcspn(pattern, "\n")] = 0;
	pcre *gate = pcre_compile(pattern, 0, &error, &offset, NULL);
	if (!gate) return 1;
	while (fgets(name, sizeof name, stdin)) {
		name[strcspn(name, "\n")] = 0;
		puts(pcre_exec(gate, NULL, name, strlen(name), 0, 0, NULL, 0) < 0 ? "stop" : "pass");
	}
	return crc32(0, NULL, 0) != 0;
}
