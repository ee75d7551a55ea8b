#include <stdio.h>

int main(void) { return puts("the tool chain works") < 0; }
