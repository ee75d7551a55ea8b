/* Answers each connection with one line and closes it. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop(int signal_number) { (void)signal_number; _exit(0); }

int main(int argc, char **argv) {
	static const char answer[] = "up\n";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = INADDR_ANY };
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	if (argc > 1 && !strcmp(argv[1], "--version")) return puts("uptimed 1.0") < 0;
	address.sin_port = htons(argc > 1 ? atoi(argv[1]) : 7010);
	signal(SIGTERM, stop);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8)) {
		perror("uptimed");
		return 1;
	}
	for (;;) {
		int peer = accept(listener, NULL, NULL);
		if (peer < 0) continue;
		if (write(peer, answer, sizeof answer - 1) < 0) perror("write");
		close(peer);
	}
}
