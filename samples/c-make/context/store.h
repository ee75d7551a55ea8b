/* Notes in a SQLite file. */
int store_open(const char *path);
int store_add(const char *text);
int store_count(void);
