#include "geo.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>

bool find_place(const std::string &name, Place &place) {
    const char *path = std::getenv("GEO_DATA");
    std::ifstream file(path ? path : "cities.txt");
    std::string city;
    while (file >> city >> place.latitude >> place.longitude)
        if (city == name) return true;
    return false;
}

double kilometres(const Place &from, const Place &to) {
    const double radians = std::acos(-1.0) / 180;
    const double a = from.latitude * radians, b = to.latitude * radians;
    const double turn = (to.longitude - from.longitude) * radians;
    return 6371 * std::acos(std::sin(a) * std::sin(b) + std::cos(a) * std::cos(b) * std::cos(turn));
}
