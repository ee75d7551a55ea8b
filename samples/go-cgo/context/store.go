package main

/*
#cgo LDFLAGS: -lsqlite3
#include <sqlite3.h>
#include <stdlib.h>

static sqlite3 *db;

static int open_store(const char *path) {
	if (sqlite3_open(path, &db)) return 1;
	return sqlite3_exec(db, "CREATE TABLE IF NOT EXISTS hits (at TEXT)", 0, 0, 0);
}

static int hit(void) {
	sqlite3_stmt *statement;
	int count = -1;
	if (sqlite3_exec(db, "INSERT INTO hits VALUES (datetime('now'))", 0, 0, 0)) return -1;
	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM hits", -1, &statement, 0)) return -1;
	if (sqlite3_step(statement) == SQLITE_ROW) count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return count;
}
*/
import "C"

import (
	"errors"
	"unsafe"
)

func openStore(path string) error {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	if C.open_store(name) != 0 {
		return errors.New("cannot open " + path)
	}
	return nil
}

func hit() int { return int(C.hit()) }
