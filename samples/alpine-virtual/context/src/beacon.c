/* Prints a random token every second. */
#include <openssl/rand.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
	unsigned char token[8];
	for (;; sleep(1)) {
		if (RAND_bytes(token, sizeof token) != 1) return 1;
		for (size_t i = 0; i < sizeof token; i++) printf("%02x", token[i]);
		putchar('\n');
		fflush(stdout);
	}
}
