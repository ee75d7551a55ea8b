// Counts the words of its input that are no stop words, on two threads.
#include <atomic>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

int main(int argc, char **argv) {
    std::set<std::string> stop;
    std::ifstream file(argc > 1 ? argv[1] : "stopwords.txt");
    for (std::string word; file >> word;) stop.insert(word);
    if (stop.empty()) {
        std::cerr << "no stop words\n";
        return 1;
    }
    const std::vector<std::string> words{"the", "quick", "brown", "fox", "and", "the", "lazy", "dog"};
    std::atomic<int> count{0};
    auto half = [&](size_t from, size_t to) {
        for (size_t i = from; i < to; i++) count += !stop.count(words[i]);
    };
    std::thread first(half, 0, words.size() / 2), second(half, words.size() / 2, words.size());
    first.join();
    second.join();
    std::cout << count << " words\n";
}
