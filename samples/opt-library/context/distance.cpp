#include <geo.hpp>

#include <cmath>
#include <iostream>

int main(int argc, char **argv) {
    Place from, to;
    if (argc != 3 || !find_place(argv[1], from) || !find_place(argv[2], to)) {
        std::cerr << "usage: distance CITY CITY\n";
        return 2;
    }
    std::cout << std::lround(kilometres(from, to)) << " km\n";
}
