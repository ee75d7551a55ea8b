#include "store.h"

#include <sqlite3.h>

static sqlite3 *database;

int store_open(const char *path) {
	if (sqlite3_open(path, &database) != SQLITE_OK) return -1;
	return sqlite3_exec(database, "CREATE TABLE IF NOT EXISTS notes (text TEXT)", 0, 0, 0) == SQLITE_OK ? 0 : -1;
}

int store_add(const char *text) {
	sqlite3_stmt *statement;
	if (sqlite3_prepare_v2(database, "INSERT INTO notes VALUES (?)", -1, &statement, 0) != SQLITE_OK) return -1;
	sqlite3_bind_text(statement, 1, text, -1, SQLITE_TRANSIENT);
	int done = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return done == SQLITE_DONE ? 0 : -1;
}

int store_count(void) {
	sqlite3_stmt *statement;
	int count = -1;
	if (sqlite3_prepare_v2(database, "SELECT count(*) FROM notes", -1, &statement, 0) != SQLITE_OK) return -1;
	if (sqlite3_step(statement) == SQLITE_ROW) count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return count;
}
