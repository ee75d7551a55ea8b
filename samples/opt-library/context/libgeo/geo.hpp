#pragma once
#include <string>

struct Place {
    double latitude, longitude;
};

bool find_place(const std::string &name, Place &place);  // reads the file that GEO_DATA names
double kilometres(const Place &from, const Place &to);
