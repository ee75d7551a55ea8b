/* Sends each line back behind a prefix; the configuration names port and prefix. */
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char prefix[64] = "";

static void on_read(struct bufferevent *peer, void *data) {
	char *line;
	(void)data;
	while ((line = evbuffer_readln(bufferevent_get_input(peer), NULL, EVBUFFER_EOL_LF))) {
		evbuffer_add_printf(bufferevent_get_output(peer), "%s%s\n", prefix, line);
		free(line);
	}
}

static void on_event(struct bufferevent *peer, short what, void *data) {
	(void)data;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) bufferevent_free(peer);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket, struct sockaddr *address, int size, void *base) {
	struct bufferevent *peer = bufferevent_socket_new(base, socket, BEV_OPT_CLOSE_ON_FREE);
	(void)listener; (void)address; (void)size;
	bufferevent_setcb(peer, on_read, NULL, on_event, NULL);
	bufferevent_enable(peer, EV_READ | EV_WRITE);
}

static void on_signal(evutil_socket_t signal_number, short what, void *base) {
	(void)signal_number; (void)what;
	event_base_loopbreak(base);
}

static int ping(const char *where) {
	char host[64];
	int port, peer = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = { .sin_family = AF_INET };
	if (sscanf(where, "%63[^:]:%d", host, &port) != 2) return 2;
	address.sin_port = htons(port);
	inet_pton(AF_INET, host, &address.sin_addr);
	return connect(peer, (struct sockaddr *)&address, sizeof address) != 0;
}

int main(int argc, char **argv) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = INADDR_ANY };
	int port = 7007;
	if (argc == 3 && !strcmp(argv[1], "--ping")) return ping(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "--config")) {
		FILE *file = fopen(argv[2], "r");
		if (!file) { perror(argv[2]); return 1; }
		if (fscanf(file, "port %d prefix %63s", &port, prefix) != 2) return 1;
		fclose(file);
	}
	address.sin_port = htons(port);
	struct event_base *base = event_base_new();
	event_add(evsignal_new(base, SIGTERM, on_signal, base), NULL);
	if (!evconnlistener_new_bind(base, on_accept, base, LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE, -1,
	                             (struct sockaddr *)&address, sizeof address)) {
		perror("echod");
		return 1;
	}
	return event_base_dispatch(base) < 0;
}
