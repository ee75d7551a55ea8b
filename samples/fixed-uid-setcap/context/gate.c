/* Listens on a privileged port as an ordinary user and tells its uid. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop(int signal_number) { (void)signal_number; _exit(0); }

int main(int argc, char **argv) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = INADDR_ANY };
	int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	address.sin_port = htons(argc > 1 ? atoi(argv[1]) : 81);
	signal(SIGTERM, stop);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 8)) {
		perror("gate");
		return 1;
	}
	for (;;) {
		int peer = accept(listener, NULL, NULL);
		if (peer < 0) continue;
		dprintf(peer, "uid %d\n", getuid());
		close(peer);
	}
}
