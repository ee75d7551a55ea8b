// Answers each line with its CRC-32.
#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "checksum.hpp"

static void serve(int peer) {
    std::string line;
    char byte;
    while (read(peer, &byte, 1) == 1) {
        if (byte != '\n') {
            line += byte;
            continue;
        }
        const std::string answer = fmt::format("{:08x} {}\n", checksum(line), line);
        if (write(peer, answer.data(), answer.size()) < 0) return;
        line.clear();
    }
}

int main(int argc, char **argv) {
    if (argc == 3 && !std::strcmp(argv[1], "--sum")) {
        fmt::print("{:08x}\n", checksum(argv[2]));
        return 0;
    }
    const int port = argc == 3 ? std::atoi(argv[2]) : 7020;
    std::signal(SIGINT, [](int) { _exit(0); });
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    const int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) || listen(listener, 8)) return 1;
    for (;;) {
        const int peer = accept(listener, nullptr, nullptr);
        if (peer < 0) continue;
        serve(peer);
        close(peer);
    }
}
