/* GET / shows the page with the number of notes; GET /add?text=... adds one. */
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store.h"

static char page[4096];

static enum MHD_Result answer(void *data, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *upload, size_t *size, void **state) {
	char body[4200];
	const char *text = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "text");
	unsigned status = MHD_HTTP_OK;
	(void)data; (void)method; (void)version; (void)upload; (void)size; (void)state;
	if (!strcmp(url, "/")) {
		snprintf(body, sizeof body, page, store_count());
	} else if (!strcmp(url, "/add") && text) {
		snprintf(body, sizeof body, store_add(text) ? "failed\n" : "added\n");
	} else {
		snprintf(body, sizeof body, "not here\n");
		status = MHD_HTTP_NOT_FOUND;
	}
	struct MHD_Response *response = MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

int main(int argc, char **argv) {
	const char *database = "notes.db", *page_path = "/usr/local/share/noted/page.html";
	int port = 8080, i, signal_number;
	sigset_t signals;
	for (i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--port")) port = atoi(argv[i + 1]);
		if (!strcmp(argv[i], "--database")) database = argv[i + 1];
	}
	FILE *file = fopen(page_path, "r");
	if (!file || !fread(page, 1, sizeof page - 1, file)) { perror(page_path); return 1; }
	fclose(file);
	if (store_open(database)) { fprintf(stderr, "cannot open %s\n", database); return 1; }
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (!MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, port, 0, 0, answer, 0, MHD_OPTION_END)) return 1;
	sigwait(&signals, &signal_number);
	return 0;
}
