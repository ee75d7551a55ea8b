/* A key-value store that speaks lines: "set KEY VALUE", "get KEY", "quit". */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOTS 256

static struct { char key[64]; char value[256]; } table[SLOTS];

static void stop(int signal_number) { (void)signal_number; _exit(0); }

static int slot(const char *key) {
	int i;
	for (i = 0; i < SLOTS - 1 && table[i].key[0] && strcmp(table[i].key, key); i++);
	return i;
}

static void append(const char *key, const char *value) {
	FILE *log = fopen("linekv.log", "a");
	if (!log) return;
	fprintf(log, "%s %s\n", key, value);
	fclose(log);
}

static void serve(FILE *peer) {
	char line[400], key[64], value[256];
	while (fgets(line, sizeof line, peer)) {
		if (sscanf(line, "set %63s %255s", key, value) == 2) {
			int i = slot(key);
			strcpy(table[i].key, key);
			strcpy(table[i].value, value);
			append(key, value);
			fputs("stored\n", peer);
		} else if (sscanf(line, "get %63s", key) == 1) {
			int i = slot(key);
			fprintf(peer, "%s\n", table[i].key[0] ? table[i].value : "(none)");
		} else if (!strncmp(line, "quit", 4)) {
			return;
		} else {
			fputs("what?\n", peer);
		}
		fflush(peer);
	}
}

int main(int argc, char **argv) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = INADDR_ANY };
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	address.sin_port = htons(argc > 1 ? atoi(argv[1]) : 7001);
	signal(SIGTERM, stop);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8)) {
		perror("linekv");
		return 1;
	}
	printf("linekv is listening\n");
	fflush(stdout);
	for (;;) {
		int peer = accept(listener, NULL, NULL);
		FILE *stream = peer < 0 ? NULL : fdopen(peer, "r+");
		if (!stream) continue;
		setvbuf(stream, NULL, _IONBF, 0);
		serve(stream);
		fclose(stream);
	}
}
